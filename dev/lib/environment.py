"""What a process needs to be Odoo: interpreter, source, add-ons path, database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import odoo_source, postgres, venv
from .paths import ODOO, REPO, STATE, state


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
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PG")
        },
        **database,
        "ODOO_RC": str(configuration),
        "PYTHONPATH": os.pathsep.join([str(source.root), str(REPO)]),
        "PATH": os.pathsep.join(path),
    }
    return Environment(python, source, variables)


def _write(configuration: Path, source: odoo_source.OdooSource) -> None:
    addons = ",".join(map(str, [*source.addons, REPO]))
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
