from odoo import api, models
from odoo.tools import SQL

from ..tools import ledger
from .consent_event_verify import COLUMNS

BATCH_SIZE = 10_000


class ConsentEvent(models.Model):
    """Handing the evidence out, for verification without Odoo."""

    _inherit = "consent.event"

    @api.model
    def _export(self):
        """Yield all events, chain by chain, in the order of their numbers.

        :return: iterator of dicts: what the hash covers, ``id`` and ``hash``
        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        last = ("", 0, 0, 0)
        while True:
            rows = self.env.execute_query_dict(self._export_sql(last))
            yield from rows
            if len(rows) < BATCH_SIZE:
                return
            names = ("res_model", "res_id", "purpose_id", "sequence")
            last = tuple(rows[-1][name] for name in names)

    @api.model
    def _export_sql(self, last):
        date = f"to_char({COLUMNS['date']}, '{ledger.SQL_DATE_FORMAT}')"
        columns = dict(COLUMNS, date=date, id="event.id", hash="event.hash")
        return SQL(
            """
            SELECT %s
              FROM consent_event event
         LEFT JOIN consent_notice notice ON notice.id = event.notice_id
             WHERE (event.res_model, event.res_id, event.purpose_id, event.sequence)
                   > %s
          ORDER BY event.res_model, event.res_id, event.purpose_id, event.sequence
             LIMIT %s
            """,
            SQL(", ").join(
                SQL("%s AS %s", SQL(expression), SQL.identifier(name))
                for name, expression in columns.items()
            ),
            last,
            BATCH_SIZE,
        )
