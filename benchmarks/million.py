"""A million contacts, and then the add-on. Made once, copied by who works on them."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg2

from dev.lib import odoo_process
from dev.lib.messages import step
from dev.lib.paths import state

from . import people

PEOPLE = 1_000_000


@dataclass(frozen=True)
class Million:
    database: str  # with the add-on; to be copied
    low: int  # id of the first contact
    install_seconds: float
    table_growth: float  # of the table of contacts while installing


@contextmanager
def million(lab):
    """Shared, see :meth:`Lab.shared`."""
    with lab.database(addon=False) as name:
        count = lab.size(PEOPLE, 2_000)
        with step(f"{count:,} contacts"), lab.worker(name) as worker:
            low, _high = worker.call(people.add_people, count)
        before = _table_size(name)
        with step("Installing the add-on where they are"):
            seconds = install(name)
        yield Million(name, low, seconds, _table_size(name) / before)


def install(database):
    """:return: seconds that it took, with what Odoo installs along with it"""
    log = state("logs") / "bench-install.log"
    started = time.perf_counter()
    options = ["-d", database, "-i", "privacy_guard", "--stop-after-init"]
    odoo_process.run(log, *options)
    return time.perf_counter() - started


def _table_size(database):
    """:return: bytes of the table of contacts, its indexes left out"""
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_table_size('res_partner')")
            return cursor.fetchone()[0]
