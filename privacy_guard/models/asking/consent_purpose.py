from odoo import api, models
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

    @api.model
    def _end_peace(self):
        """Who said no before a text was published of which all were to be asked again,
        and was left in peace, is asked now."""
        # superuser: whom to ask does not depend on who runs the job
        purposes = self.sudo().search([("ask_again_at", "!=", False)])
        if not purposes:
            return
        records = self.env["consent.record"].sudo()
        records._apply_changes(
            SQL(
                """
                SELECT record.purpose_id, record.res_model, record.res_id,
                       'reset' AS kind, 'applicable' AS value, NULL::int AS notice_id,
                       NULL::int AS merged_res_id
                  FROM consent_record record
                  JOIN consent_purpose purpose ON purpose.id = record.purpose_id
                 WHERE purpose.id = ANY(%s) AND %s AND NOT %s
                """,
                purposes.ids,
                records._kept_no_sql(),
                records._in_peace_sql("record"),
            ),
            source="system",
        )
