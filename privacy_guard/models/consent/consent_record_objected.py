from odoo import fields, models
from odoo.tools import SQL

from ...constants import PENDING_REQUEST


class ConsentRecord(models.Model):
    """While an officer has not looked at what may be an objection, nothing rests on a
    relationship: nobody has agreed to anything (GDPR Art. 21(2)). It refuses nothing by
    itself, as anybody may have sent it."""

    _inherit = "consent.record"

    is_objected = fields.Boolean("Objection", compute="_compute_is_objected")

    def _compute_is_objected(self):
        row = SQL.identifier(self._table)
        found = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) AND %s",
                row,
                self.ids,
                self._objected_sql(row),
            )
        )
        objected = {id_ for (id_,) in found}
        for consent in self:
            consent.is_objected = consent.id in objected

    def _objected_sql(self, row):
        """:param SQL row: alias of the table of consents
        :return: SQL of whether an objection of the person waits"""
        for name in ("privacy.request", "privacy.request.subject"):
            self.env[name].flush_model()
        return SQL(
            """EXISTS (
                SELECT FROM privacy_request_subject asked
                  JOIN privacy_request request ON request.id = asked.request_id
                 WHERE asked.res_model = %(row)s.res_model
                   AND asked.res_id = %(row)s.res_id
                   AND request.kind = 'objection'
                   AND request.state = ANY(%(pending)s))""",
            row=row,
            pending=list(PENDING_REQUEST),
        )
