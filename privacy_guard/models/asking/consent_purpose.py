from odoo import models
from odoo.tools import SQL


class ConsentPurpose(models.Model):
    """Asking again, and whom not yet (TIM-1)."""

    _inherit = "consent.purpose"

    def _peace_count(self):
        """:return: how many people are left in peace, for the publishing dialogue"""
        in_peace = self.env["consent.record"]._in_peace_sql("record")
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM consent_record record"
                " WHERE record.purpose_id = ANY(%s) AND %s",
                self.ids,
                in_peace,
            )
        )[0][0]
