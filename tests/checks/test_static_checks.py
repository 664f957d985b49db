"""The repository's own rules: style and Odoo's conventions."""

import pytest

from dev.lib import checks


@pytest.mark.parametrize("name", checks.commands())
def test_static_check(name):
    complaints = checks.complaints(checks.commands()[name])
    if complaints:
        pytest.fail(complaints, pytrace=False)
