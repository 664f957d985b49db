from odoo import models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    """The books go on when somebody has stopped processing (STP-1)."""

    _inherit = "account.bank.statement.line"

    def _find_or_create_bank_account(self):
        """Who is locked gets no new bank account, which the books do not need: the
        number is on the statement."""
        gate = self.env["privacy.gate"]
        if not gate._lock_reasons(self.partner_id, {"bank_ids"}):
            return super()._find_or_create_bank_account()
        try:
            with self.env.cr.savepoint():
                return super()._find_or_create_bank_account()
        except UserError:
            return self.env["res.partner.bank"]
