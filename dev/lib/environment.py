"""What a process needs to be Odoo: interpreter, source, add-ons, database, keys."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import odoo_source, postgres, venv
from .messages import SetupError
from .paths import ODOO, REPO, STATE, locked, state

KEYRING = "PRIVACY_GUARD_KEYRING"


@dataclass(frozen=True)
class Environment:
    python: Path
    odoo: odoo_source.OdooSource
    variables: dict[str, str]

    def odoo_command(self, *arguments: str) -> list[str]:
        return [str(self.python), str(ODOO), *arguments]


def prepare() -> Environment:
    """Get what is missing, start what must run, and say how to reach it."""
    source = odoo_source.find()
    python = venv.python()
    database = postgres.connection()
    configuration = STATE / "odoo.conf"
    _write(configuration, source)
    path = [str(python.parent), os.environ.get("PATH", os.defpath)]
    variables = {
        # Whoever has set one keeps it.
        KEYRING: str(_own_keyring()),
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PG")
        },
        **database,
        # Whatever the machine says: a test run starts Python some hundred times.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(state("pycache")),
        "ODOO_RC": str(configuration),
        "PYTHONPATH": os.pathsep.join([str(source.root), str(REPO)]),
        "PATH": os.pathsep.join(path),
    }
    environment = Environment(python, source, variables)
    if variables[KEYRING] == str(_own_keyring()):
        _ensure_keys(environment)
    return environment


def _own_keyring() -> Path:
    return STATE / "keyring.json"


def _ensure_keys(environment: Environment) -> None:
    """Make the clone's own key file, as anybody makes theirs."""
    with locked(STATE, "keyring"):
        if _own_keyring().exists():
            return
        create = ["privacy_keys", "create", "--keyring", str(_own_keyring())]
        done = subprocess.run(
            environment.odoo_command(*create),
            env=environment.variables,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        said = " ".join(done.stderr.strip().splitlines()[-1:])
        raise SetupError(f"no key file could be made: {said}")


def with_addons(folder: Path) -> dict[str, str]:
    """
    :param folder: of packages that have add-ons of others, as pip installs them
    :return: the variables by which Odoo finds these add-ons as well, to be set below
        ``./dev/python``
    """
    configuration = STATE / f"odoo-{folder.name}.conf"
    _write(configuration, odoo_source.find(), folder / "odoo" / "addons")
    path = [os.environ["PYTHONPATH"], str(folder)]
    return {"ODOO_RC": str(configuration), "PYTHONPATH": os.pathsep.join(path)}


def _write(configuration: Path, source: odoo_source.OdooSource, *further: Path) -> None:
    addons = ",".join(map(str, [*source.addons, REPO, *further]))
    lines = [
        "[options]",
        f"addons_path = {addons}",
        f"data_dir = {state('odoo-data')}",
        # Neither the demo nor a test has anything to say to the network.
        "http_interface = 127.0.0.1",
    ]
    text = "\n".join(lines) + "\n"
    # Several commands run at once: do not let one read what another has half written.
    if not configuration.exists() or configuration.read_text() != text:
        unfinished = configuration.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text)
        unfinished.rename(configuration)
