"""Where this installation keeps its key file when the environment names none, and how
its command line is called. Odoo says so when it begins; until then nothing is known."""

import os
import shlex
from dataclasses import dataclass

VARIABLE = "PRIVACY_GUARD_KEYRING"
FILE_NAME = "privacy-keys.json"
COMMAND = ("odoo", "privacy_keys")


@dataclass
class Installation:
    # the file is the first of these that is there; a new one goes to the first that
    # may be written
    places: tuple[str, ...] = ()
    command: tuple[str, ...] = COMMAND
    options: tuple[str, ...] = ()


here = Installation()


def settle(config: str, data: str, addons: str) -> None:
    """
    :param config: path of Odoo's configuration file, whether it is there or not
    :param data: the folder that Odoo keeps its files in
    :param addons: the folder that the add-on is in: a command of an add-on is found
        when the command line names it
    """
    folders = (os.path.dirname(config), data)
    here.places = tuple(os.path.join(folder, FILE_NAME) for folder in folders)
    here.command = ("odoo", f"--addons-path={addons}", "privacy_keys")
    here.options = ("-c", config) if os.path.isfile(config) else ()


def hint(*arguments: str) -> str:
    """:return: the command line as it works in this installation, between backticks"""
    options = here.options
    if path := os.environ.get(VARIABLE):
        options = (*options, "--keyring", path) if here.places else options
    return f"`{shlex.join((*here.command, *arguments, *options))}`"
