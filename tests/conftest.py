"""Fixtures for tests of the whole system, with real server processes.

def test_restart(fresh_database, odoo_server, smtp_sink):
    database = fresh_database()
    server = odoo_server(database, workers=2, smtp_port=smtp_sink.port)
    server.kill()  # as a crash would
    server.start()
"""

import pytest

from dev.lib import databases, forked, odoo_process, prepared, template
from dev.lib.odoo_process import OdooServer


@pytest.fixture(scope="session", autouse=True)
def forked_processes():
    """They only begin sooner: see `dev.lib.forked`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(odoo_process, "begin", forked.Process)
        yield


@pytest.fixture(scope="session")
def template_database():
    """The name of a database with the add-ons installed. To be copied, not opened."""
    return template.ensure()


@pytest.fixture
def fresh_database():
    """A function that makes a database with the add-ons installed, in under 1 s.

    With `everything=True` it holds those that join the rest of Odoo, too; with a
    `source` it is a copy of that database.
    """
    made = []

    def make(everything=False, source=None):
        made.append(databases.copy(source or template.ensure(everything)))
        return made[-1]

    yield make
    for name in made:
        databases.drop(name)


@pytest.fixture
def prepared_database(fresh_database):
    """A function that makes a database on which scripts for Odoo's shell have run."""

    def make(*scripts):
        return fresh_database(source=prepared.ensure(*scripts))

    return make


@pytest.fixture
def odoo_server(fresh_database, tmp_path):
    """A function that starts a server on a database and waits until it answers.

    Depends on `fresh_database` so that servers are gone before databases are dropped.
    """
    servers = []

    def start(database, *arguments, **options):
        log = tmp_path / f"odoo-{len(servers)}.log"
        servers.append(OdooServer(database, log, *arguments, **options))
        return servers[-1].start()

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def smtp_sink(tmp_path):
    """A running mail server that keeps what it gets: `port`, `wait_for(count)`."""
    # Here, because the checks that need no database run without aiosmtpd too.
    from dev.lib.smtp_sink import SmtpSink

    with SmtpSink(tmp_path / "mails") as sink:
        yield sink


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """A company with everything installed, at work for all tests that ask for it.

    Each test brings its own people: see `company.py`.
    """
    # Here for the same reason as above.
    from company import company

    with company(tmp_path_factory.mktemp("company")) as running:
        yield running
