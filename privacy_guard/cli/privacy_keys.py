"""``odoo privacy_keys``: make, list, rotate and check the keys of protected values, and
those that sign checkpoints."""

# pylint: disable=print-used
# It is a command: what it finds goes to the terminal.

import argparse
import importlib
import importlib.util
import os
import sys
from pathlib import Path

import psycopg2
from odoo.cli import Command
from odoo.sql_db import db_connect
from odoo.tools import config

TOOLS = Path(__file__).resolve().parents[1] / "tools"
# statuses
IN_ORDER, UNREADABLE, UNUSABLE = range(3)
CREATED = """\
Made the key file {path} with the key {key}.
Only the user who made it can read it: Odoo must run as that user.

What to do next:
1. {begin}
2. Back the file up, apart from the backups of the database: without it, what it
   encrypts is lost; whoever has both can read it."""
SET = """\
Set {variable}={path}
   in the environment of every Odoo process, on every server, and restart Odoo."""
FOUND = "Odoo finds it there. Copy it to every other server."
ROTATED = """\
Added the key {key}: new values use it from now on.

What to do next:
1. Copy the file to every other server that works on the same databases, now: until
   then these cannot read the new values. Back it up.
2. Old values are encrypted anew in the background. The old keys must stay until
   {check} says that nothing needs them."""
REMOVED = """\
Removed the key {key}. Backups of the database made while it was in use need it: keep
a copy of the former key file as long as you keep them."""

SIGNS = """\
Added the key {key}, which signs the checkpoints of the evidence from now on{besides}.

What to do next:
1. Copy the file to every other server that works on the same databases. Back it up.
2. {verifier} shows its verifier key, which outsiders need; the origin
   is in the settings. Publish it, and give it to whoever keeps your checkpoints."""


def _tool(name):
    """Load a module of `tools` alone: importing the add-on would load all models."""
    package = "privacy_guard_tools"
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(package, TOOLS / "__init__.py")
        sys.modules[package] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{package}.{name}")


installation = _tool("installation")
keyring = _tool("keyring")
key_usage = _tool("key_usage")
note = _tool("tlog.note")


def _file_options():
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--keyring",
        metavar="PATH",
        help=f"the key file, if not the one that {keyring.VARIABLE} names",
    )
    options.add_argument(
        "-c",
        "--config",
        help="Odoo's configuration file: the key file is beside it, or among its data",
    )
    return options


def _database_options():
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "-d",
        "--database",
        action="append",
        help="a database that uses the keys; may be repeated",
    )
    return options


class UnusableDatabase(Exception):
    """Which database, and why nothing can be said about it."""


class PrivacyKeys(Command):
    """Make, list, rotate and check the keys of encrypted and withheld values"""

    name = "privacy_keys"
    epilog = f"""
        The keys are in a file outside the database, which the environment variable
        {keyring.VARIABLE} names, or which is where Odoo's configuration is. Status: 0
        all is in order, 1 values cannot be read or a key is still needed, 2 the key
        file or a database is not usable.
    """

    def __init__(self):
        super().__init__()
        commands = self.parser.add_subparsers(dest="subcommand", required=True)
        file, databases = _file_options(), _database_options()
        for method, text, *options in (
            (self._create, "make a key file with a first key", file),
            (self._list, "list the keys, without what is secret", file),
            (self._rotate, "add a key for all new values", file),
            (self._check, "say what needs which key, and try it", file, databases),
            (self._remove, "remove a key that nothing needs", file, databases),
            (self._sign, "add a key that signs checkpoints", file),
            (self._verifier, "show the verifier keys of a log", file),
        ):
            name = method.__name__.removeprefix("_")
            command = commands.add_parser(name, parents=options, help=text)
            command.set_defaults(method=method)
            if method == self._remove:
                command.add_argument("key_id", metavar="KEY_ID")
            if method == self._verifier:
                command.add_argument("origin", metavar="ORIGIN")

    def run(self, cmdargs):
        args = self.parser.parse_args(cmdargs)
        try:
            self._settle(args)
            new = args.method == self._create
            find = keyring.path_for_new if new else keyring.path_in_use
            args.path = args.keyring or find()
            sys.exit(args.method(args))
        except (keyring.KeyringError, note.ProofError, UnusableDatabase) as error:
            print(error, file=sys.stderr)
            sys.exit(UNUSABLE)

    def _settle(self, args):
        """Have the installation known whose configuration is named."""
        if args.config:
            self._parse(args)
            addons = str(TOOLS.parents[1])
            installation.settle(config["config"], config["data_dir"], addons)

    def _create(self, args):
        ring = keyring.create(args.path)
        path = os.path.abspath(args.path)
        is_found = path in installation.here.places
        begin = SET.format(variable=keyring.VARIABLE, path=path)
        begin = FOUND if is_found else begin
        print(CREATED.format(path=path, key=ring.active_id, begin=begin))
        return IN_ORDER

    def _list(self, args):
        ring = keyring.load(args.path)
        for key in ring.keys:
            state = "active" if key.id == ring.active_id else "for older values"
            print(f"{key.id:16}  {key.created}  {state}")
        for key in ring.signing_keys:
            print(f"{key.id:16}  {key.created}  signs checkpoints")
        return IN_ORDER

    def _rotate(self, args):
        ring = keyring.rotate(args.path)
        check = installation.hint("check")
        print(ROTATED.format(key=ring.active_id, check=check))
        return IN_ORDER

    def _sign(self, args):
        ring = keyring.rotate(args.path, keyring.SIGNING)
        *former, key = ring.signing_keys
        besides = f", as {', '.join(old.id for old in former)} do" if former else ""
        verifier = installation.hint("verifier", "ORIGIN")
        print(SIGNS.format(key=key.id, besides=besides, verifier=verifier))
        return IN_ORDER

    def _verifier(self, args):
        keys = keyring.load(args.path).signing_keys
        for key in keys:
            print(note.Signer(args.origin, key.secret).verifier)
        if not keys:
            sign = installation.hint("sign")
            print(f"No key signs: {sign} adds one.", file=sys.stderr)
        return IN_ORDER if keys else UNUSABLE

    def _check(self, args):
        ring = keyring.load(args.path)
        print(f"The key file can be used. Active key: {ring.active_id}")
        needed, problems = set(), False
        databases = self._databases(args)
        if not databases:
            print("No database was checked: name them, -d DATABASE.")
            return IN_ORDER
        for name in databases:
            print(f"Database {name}:")
            uses = list(self._uses(name, ring))
            for use in uses or ["nothing is encrypted"]:
                print(f"  {use}")
            needed.update(use.key_id for use in uses)
            problems = problems or any(use.problem for use in uses)
        if idle := [key_id for key_id in ring.ids[:-1] if key_id not in needed]:
            print(f"Not needed by these databases: {', '.join(idle)}")
        return UNREADABLE if problems else IN_ORDER

    def _remove(self, args):
        ring = keyring.load(args.path)
        keyring.check_removable(ring, args.key_id)
        databases = self._databases(args)
        if not databases:
            raise UnusableDatabase("Name the databases that use the keys: -d DATABASE.")
        for name in databases:
            for use in self._uses(name, ring):
                if use.may_need(args.key_id):
                    print(f"{name}: {use}", file=sys.stderr)
                    print(f"Key {args.key_id} stays: it is needed.", file=sys.stderr)
                    return UNREADABLE
        keyring.remove(args.key_id, args.path)
        print(REMOVED.format(key=args.key_id))
        return IN_ORDER

    def _databases(self, args):
        """Have Odoo read its configuration: how to connect, and perhaps to what."""
        self._parse(args, args.database)
        return config["db_name"]

    def _parse(self, args, databases=()):
        options = ["-c", args.config] if args.config else []
        options += ["-d", ",".join(databases)] if databases else []
        config.parse_config(options, setup_logging=True)

    def _uses(self, name, ring):
        try:
            with db_connect(name).cursor() as cursor:
                if not key_usage.is_odoo(cursor):
                    raise UnusableDatabase(f"{name} is not a database of Odoo.")
                yield from key_usage.find(cursor, ring)
        except psycopg2.Error as error:
            said = str(error).strip().splitlines()[0]
            raise UnusableDatabase(f"{name} cannot be read: {said}") from None
