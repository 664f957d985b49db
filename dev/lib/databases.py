"""Databases on the prepared server: made, copied, marked and dropped in well under 1 s.

A database is what PostgreSQL holds and its folder in Odoo's filestore: both come and go
together.

Needs the virtual environment and the PG* variables, as everything below `./dev/python`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import psycopg2.errors
import psycopg2.extensions
from psycopg2 import sql

from .messages import SetupError
from .paths import REPO, state

# Of the databases that tests of the system make for themselves.
COPY = "copy"
# Two clones may share one server: what is theirs alone carries a mark of the clone.
CLONE = hashlib.sha256(str(REPO).encode()).hexdigest()[:6]


@contextmanager
def server() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor outside of any database of ours, in autocommit."""
    try:
        connection = psycopg2.connect(dbname="postgres")
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        raise SetupError(
            f"the database server is unreachable, see PG*: {said}"
        ) from None
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def own_name(purpose: str) -> str:
    return f"privacy_guard_{CLONE}_{purpose}"


def own(purpose: str) -> list[str]:
    """:return: the names of this clone's databases for a purpose that begins like this,
    also of those that somebody was killed while dropping"""
    with server() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        names = {name for (name,) in cursor.fetchall()}
    names |= {path.name for path in filestore("").iterdir()}
    return sorted(name for name in names if name.startswith(own_name(purpose)))


def copy(template: str, purpose: str = COPY) -> str:
    """:return: the name of a new database that is equal to the template"""
    name = own_name(f"{purpose}_{uuid.uuid4().hex[:8]}")
    # Copying files is faster than logging each page, as long as nothing is synced.
    _run("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
    if filestore(template).exists():
        # Odoo writes a file once and under its hash: copies can share it.
        shutil.copytree(filestore(template), filestore(name), copy_function=os.link)
    else:
        filestore(name).mkdir()
    return name


def filestore(name: str) -> Path:
    """Where Odoo keeps the attachments of a database."""
    return state("odoo-data", "filestore") / name


def drop(name: str) -> None:
    try:
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except psycopg2.errors.InsufficientPrivilege:
        # Only a superuser may end the database's autovacuum by force; without force
        # PostgreSQL asks it to leave and waits.
        _run("DROP DATABASE IF EXISTS {}", name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(name: str, new_name: str) -> None:
    drop(new_name)
    _run("ALTER DATABASE {} RENAME TO {}", name, new_name)
    filestore(name).rename(filestore(new_name))


def analyze(name: str) -> None:
    """Have PostgreSQL know of its rows what it finds out by itself within a minute: how
    fast a copy is must not depend on when it was made."""
    with closing(psycopg2.connect(dbname=name)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_stat_user_tables WHERE n_mod_since_analyze > 50"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


def mark(name: str, text: str) -> None:
    """Note on the database what it was made from."""
    with server() as cursor:
        query = sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name))
        cursor.execute(query, [text])


def marked(name: str) -> str | None:
    """:return: what `mark` noted, nothing if the database is missing or unfinished"""
    if not filestore(name).exists():
        return None
    with server() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = %s",
            [name],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _run(statement: str, *names: str) -> None:
    with server() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
