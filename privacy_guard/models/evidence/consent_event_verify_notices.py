from odoo import api, models
from odoo.tools import SQL

from ...tools import ledger

TEXTS = 1000  # looked at at a time


class ConsentEvent(models.Model):
    """Verifying what people read: texts as they were published, each version with its
    texts, and no "yes" to nothing (EVI-1)."""

    _inherit = "consent.event"

    @api.model
    def _notice_problems(self):
        # superuser: the evidence is checked as a whole, whoever may read which part
        notices, last = self.env["consent.notice"].sudo(), 0
        while batch := notices.search([("id", ">", last)], order="id", limit=TEXTS):
            for notice in batch:
                if notice.sha256 != notice._digest():
                    chain = ("consent.notice", notice.id, notice.purpose_id.id)
                    yield self._problem("text", chain, notice.version)
            last = batch[-1].id
        yield from self._version_problems()

    @api.model
    def _version_problems(self):
        """Versions that were never published."""
        self.env["consent.purpose"].flush_model(["version"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT purpose.id, purpose.version
                  FROM consent_purpose purpose
                 WHERE purpose.version > 0
                   AND NOT EXISTS (SELECT FROM consent_notice notice
                                    WHERE notice.purpose_id = purpose.id
                                      AND notice.version = purpose.version)
              ORDER BY purpose.id
                """
            )
        )
        detail = self.env._("this version has no published text")
        for id_, version in rows:
            yield ledger.Problem("text", "consent.purpose", id_, id_, version, detail)

    @api.model
    def _unread_problems(self, window):
        """A "yes" of somebody who was shown no text."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.res_model, event.res_id, event.purpose_id,
                       event.sequence
                  FROM consent_event event
                 WHERE %s
                   AND event.kind = 'answer'
                   AND event.value_to = 'granted'
                   AND event.notice_id IS NULL
                """,
                self._within(window),
            )
        )
        detail = self.env._("it is a yes to no published text")
        for id_, *chain, sequence in rows:
            yield ledger.Problem("unread", *chain, sequence, detail, id_)
