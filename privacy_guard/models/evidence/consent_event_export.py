from odoo import api, models
from odoo.tools import SQL

from ...tools import ledger
from .consent_event_verify import COLUMNS

BATCH_SIZE = 10_000


class ConsentEvent(models.Model):
    """Handing the evidence out, for verification without Odoo."""

    _inherit = "consent.event"

    @api.model
    def _export(self, res_model=None, res_id=None):
        """Yield events, chain by chain, in the order of their numbers.

        All batches see the database as it was when the transaction began, which is
        what makes them one export. Chains that the officer may not read are left out,
        whole.

        :param str res_model: only the events of one subject, of this model
        :param int res_id: its id
        :return: iterator of dicts: what the hash covers, ``id`` and ``hash``
        :raise AccessError: for anybody but a privacy officer who may read the subject
        """
        self._check_subject(res_model, res_id)
        for window in self._windows(res_model, res_id):
            yield from self._export_window(window)

    def _hashed(self):
        """:return: {id: the text that the event's hash is taken of}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, %s
                  FROM consent_event event
             LEFT JOIN consent_notice notice ON notice.id = event.notice_id
                 WHERE event.id = ANY(%s)
                """,
                SQL(ledger.sql_canonical(COLUMNS).replace("%", "%%")),
                self.ids,
            )
        )
        return dict(rows)

    @api.model
    def _export_window(self, window):
        model, low, high = window
        last, hidden = (low, 0, 0), self._hidden_subjects(window)
        while True:
            rows = self.env.execute_query_dict(
                self._export_sql((model, last[0], high), last)
            )
            yield from (row for row in rows if row["res_id"] not in hidden)
            if len(rows) < BATCH_SIZE:
                return
            names = ("res_id", "purpose_id", "sequence")
            last = tuple(rows[-1][name] for name in names)

    @api.model
    def _hidden_subjects(self, window):
        """:return: ids of the people of a window whose evidence the user may not read:
        as its rows, it stays readable when the person is deleted"""
        if self.env.su or window[0] not in self._subject_models():
            return frozenset()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT res_id FROM consent_event event WHERE %s",
                self._within(window),
            )
        )
        ids = [id_ for (id_,) in rows]
        model = self.env[window[0]].with_context(active_test=False)
        if not model.has_access("read"):
            return frozenset(ids)
        readable = model.search([("id", "in", ids)])
        return frozenset((model.browse(ids).exists() - readable).ids)

    @api.model
    def _export_sql(self, window, last):
        purposes = self.env["consent.purpose"].with_context(active_test=False)
        dates = {
            name: f"to_char({COLUMNS[name]}, '{ledger.SQL_DATE_FORMAT}')"
            for name in ledger.DATES
        }
        columns = {"id": "event.id", **COLUMNS, **dates, "hash": "event.hash"}
        return SQL(
            """
            SELECT %(columns)s
              FROM consent_event event
         LEFT JOIN consent_notice notice ON notice.id = event.notice_id
             WHERE %(within)s
               AND event.purpose_id IN (%(purposes)s)
               AND (event.res_id, event.purpose_id, event.sequence) > %(last)s
          ORDER BY event.res_id, event.purpose_id, event.sequence
             LIMIT %(limit)s
            """,
            columns=SQL(", ").join(
                SQL("%s AS %s", SQL(expression), SQL.identifier(name))
                for name, expression in columns.items()
            ),
            within=self._within(window),
            purposes=purposes._search([]).select(),
            last=last,
            limit=BATCH_SIZE,
        )
