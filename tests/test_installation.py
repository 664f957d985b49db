"""Installing the add-ons leaves nothing to complain about in Odoo's log."""

import pytest

from dev.lib import odoo_process, template


@pytest.mark.parametrize("everything", [False, True], ids=["contacts", "everything"])
def test_installing_logs_no_warning(everything):
    template.ensure(everything)
    problems = odoo_process.problems(template.install_log(everything))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
