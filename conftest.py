"""Rules for every test, those of the add-ons included."""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from dev.lib import odoo_tests

# Of every property test: what it finds must not depend on how busy the machine is, and
# where nobody looks again it must find the same each time.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """Odoo takes a third of a second to hash or check a password, which tests do often,
    here and in the processes that they start (`dev/bin/odoo`)."""
    os.environ["PRIVACY_GUARD_CHEAP_PASSWORDS"] = "1"
    users = sys.modules.get("odoo.addons.base.models.res_users")
    if users:
        users.MIN_ROUNDS = 1


@pytest.fixture(scope="session", autouse=True)
def patience():
    """Odoo's test classes wait for what is slow, as everything here does."""
    common = sys.modules.get("odoo.tests.common")
    if common:
        odoo_tests.be_patient(common)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A skipped test fails: Odoo skips tours silently where a browser is missing."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {call.excinfo.value}"
    return report
