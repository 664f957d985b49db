"""Whether what models hold is declared matters for all of Odoo, not contacts alone."""

from odoo.addons.privacy_guard.tests.erasure.test_data_map import (
    TestErasureHoldings,  # noqa: F401
)
