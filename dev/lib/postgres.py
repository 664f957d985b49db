"""Which database server: the one that PG* or ODOO_RC names, else the clone's own."""

from __future__ import annotations

import configparser
import os

from .cluster import Cluster
from .messages import SetupError, step
from .paths import locked, state

# Enough to say "there is a server"; PGPASSWORD or PGDATABASE alone say nothing.
SERVER_VARIABLES = ("PGHOST", "PGPORT", "PGUSER")
ODOO_OPTIONS = {
    "db_host": "PGHOST",
    "db_port": "PGPORT",
    "db_user": "PGUSER",
    "db_password": "PGPASSWORD",
    "db_sslmode": "PGSSLMODE",
}


def connection() -> dict[str, str]:
    """The PG* variables that reach the server, which runs when this returns."""
    if any(os.environ.get(name) for name in SERVER_VARIABLES):
        return {
            name: value for name, value in os.environ.items() if name.startswith("PG")
        }
    configured = _from_odoo_config()
    return configured or _own_server()


def stop() -> None:
    """Stop and remove the clone's own server with all its databases."""
    Cluster.of_clone().remove()


def _from_odoo_config() -> dict[str, str]:
    path = os.environ.get("ODOO_RC")
    if not path:
        return {}
    parser = configparser.RawConfigParser()
    if not parser.read(path):
        raise SetupError(f"ODOO_RC names {path}, which cannot be read")
    options = parser["options"] if parser.has_section("options") else {}
    found = {variable: options.get(name) for name, variable in ODOO_OPTIONS.items()}
    return {
        name: value for name, value in found.items() if value not in (None, "", "False")
    }


def _own_server() -> dict[str, str]:
    cluster = Cluster.of_clone()
    with locked(state(), "postgres"):
        if not cluster.socket_folder():
            with step("PostgreSQL: starting (it stays up; `make clean` removes it)"):
                cluster.start()
        folder = str(cluster.socket_folder())
    return {"PGHOST": folder, "PGPORT": "5432", "PGUSER": "odoo"}
