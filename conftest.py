"""Rules for every test, those of the add-ons included."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from dev.lib import databases, kept_caches, odoo_tests, template
from dev.lib.distribution import (
    EVERYTHING,
    kind,
    pytest_xdist_make_scheduler,  # noqa: F401 - a hook of pytest
)

# Of every property test: what it finds must not depend on how busy the machine is, and
# where nobody looks again it must find the same each time.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("any machine")
# What opens a database in this process.
OPENING = ("load_registry", "load_http")
OPENED = pytest.StashKey[str]()


def pytest_itemcollected(item):
    """Open no database for tests that use none."""
    if not kind(item.nodeid.partition("::")[0]):
        for name in set(OPENING) & set(item.fixturenames):
            item.fixturenames.remove(name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    needed = kind(item.nodeid.partition("::")[0])
    if needed and item.config.stash.setdefault(OPENED, needed) != needed:
        pytest.fail("one process cannot open databases of both kinds: leave out -n0")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """Odoo takes a third of a second to hash or check a password, which tests do often,
    here and in the processes that they start (`dev/bin/odoo`)."""
    os.environ["PRIVACY_GUARD_CHEAP_PASSWORDS"] = "1"


@pytest.fixture(scope="session")
def load_registry(request, tmp_path_factory):
    """In place of pytest-odoo's: a copy of the database for this process alone, and
    Odoo's test classes wait for what is slow, as everything here does."""
    import threading

    import odoo
    from odoo.addons.base.models import res_users

    opened = request.config.stash[OPENED]
    database = databases.copy(template.ensure(opened == EVERYTHING), opened)
    odoo.tools.config["db_name"] = [database]
    res_users.MIN_ROUNDS = 1
    odoo_tests.be_patient(odoo.tests.common)
    odoo_tests.share_cache(odoo.tests.common, tmp_path_factory.mktemp("browser"))
    odoo_tests.spare_browsers(odoo.tests.common)
    kept_caches.keep_caches(odoo.tests.common)
    threading.current_thread().testing = True
    odoo.modules.registry.Registry(database)
    # What is here stays: a tenth of the tests' time went to looking for garbage in it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)
    yield
    odoo.sql_db.close_all()
    databases.drop(database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test fails: Odoo skips tours silently where a browser is missing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {call.excinfo.value}"
    return report
