"""The repository's own rules: style, Odoo's conventions, a quiet installation."""

import pytest

from dev.lib import checks, odoo_process, template


@pytest.mark.parametrize("name", checks.commands())
def test_static_check(name):
    complaints = checks.complaints(checks.commands()[name])
    if complaints:
        pytest.fail(complaints, pytrace=False)


def test_add_ons_install_without_warnings():
    problems = odoo_process.problems(template.install_log())
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
