"""``odoo privacy_erasures``: export the journal of erasures, and replay it."""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import json
import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class UnusableJournal(Exception):
    """Which line of the journal cannot be used, and why."""


class PrivacyErasures(Command):
    """Export the journal of erasures, or erase again what a backup brought back"""

    name = "privacy_erasures"
    epilog = """
        The journal names people by ids and keyed hashes, one JSON object a line. Odoo
        appends to the file that the environment variable PRIVACY_GUARD_ERASURES names.
        Replaying it after restoring a backup may be repeated.
    """

    def __init__(self):
        super().__init__()
        database = argparse.ArgumentParser(add_help=False)
        database.add_argument("-c", "--config", help="Odoo's configuration file")
        database.add_argument("-d", "--database", required=True)
        commands = self.parser.add_subparsers(dest="subcommand", required=True)
        for method, text in (
            (self._export, "write the journal to a file"),
            (self._replay, "erase again who is in the journal"),
        ):
            name = method.__name__.removeprefix("_")
            command = commands.add_parser(name, parents=[database], help=text)
            command.add_argument("journal", metavar="FILE", help="- for the terminal")
            command.set_defaults(method=method)

    def run(self, cmdargs):
        args = self.parser.parse_args(cmdargs)
        options = ["-c", args.config] if args.config else []
        config.parse_config([*options, "-d", args.database], setup_logging=True)
        with Registry(args.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "privacy.erasure" not in env:
                sys.exit(f"Privacy Guard is not installed on {args.database}.")
            try:
                args.method(env["privacy.erasure"], args.journal)
            except (OSError, UnusableJournal) as error:
                sys.exit(str(error))

    def _export(self, erasures, path):
        entries = erasures._journal()
        with _opened(path, "w") as file:
            file.writelines(json.dumps(entry) + "\n" for entry in entries)
        print(f"{len(entries)} erased people.", file=sys.stderr)

    def _replay(self, erasures, path):
        with _opened(path, "r") as file:
            entries = [_entry(number, line) for number, line in enumerate(file, 1)]
        erased, others = erasures._replay(entries)
        print(f"{erased} people erased again, {others} entries with nothing to do.")


def _opened(path, mode):
    if path == "-":
        return open(sys.stdout.fileno() if mode == "w" else sys.stdin.fileno(), mode)
    return open(path, mode)


def _entry(number, line):
    try:
        entry = json.loads(line)
        if entry["version"] == 1:
            entry["res_model"], entry["res_id"], entry["digests"]
            return entry
    except (ValueError, TypeError, KeyError):
        pass
    raise UnusableJournal(f"Line {number} is no entry of a journal of version 1.")
