"""Whether what models hold is declared matters for all of Odoo, not contacts alone."""

from odoo.addons.privacy_guard.tests.test_erasure_holdings import (
    TestErasureHoldings,  # noqa: F401
)
