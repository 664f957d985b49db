from odoo import models
from odoo.tools import SQL

LEFT = "other_company"


class PrivacyErasureSubject(models.Model):
    """What is found about people whom companies share, and is another company's: it is
    left to its officers, and the dry run says no more than how many rows (ROL-2)."""

    _inherit = "privacy.erasure.subject"

    def _leave_to_other_companies(self):
        for name, ids in self._rows_of_others().items():
            self.env.execute_query(
                SQL(
                    """
                    UPDATE privacy_erasure_line
                       SET treatment = 'keep', reason = %s, columns = NULL
                     WHERE subject_id = ANY(%s) AND res_model = %s
                       AND res_id = ANY(%s) RETURNING id
                    """,
                    LEFT,
                    self.ids,
                    name,
                    list(ids),
                )
            )

    def _rows_of_others(self):
        """:return: {name of a model: {id of a row: id of the company that keeps it}} of
        what was found and is not reached"""
        data_map = self.env["privacy.data.map"]
        companies = self.erasure_id._officer()._privacy_reached_companies()
        if companies is None:
            return {}
        found = self.env.execute_query(
            SQL(
                "SELECT res_model, array_agg(DISTINCT res_id) FROM privacy_erasure_line"
                " WHERE subject_id = ANY(%s) GROUP BY res_model",
                self.ids,
            )
        )
        return {
            name: data_map._out_of_reach(name, ids, companies)
            for name, ids in found
            if name in self.env
        }
