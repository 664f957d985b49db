from odoo import api, models
from odoo.tools import SQL


class ConsentEvent(models.Model):
    """Verifying the personal evidence beside the events: whether it is what they vouch
    for, and whether it is there unless somebody has erased it."""

    _inherit = "consent.event"

    @api.model
    def _evidence_problems(self, res_model=None, res_id=None, ids=None):
        evidence = self.env["consent.evidence"]
        if ids is None:
            forged = evidence._forged(res_model, res_id)
        else:
            forged = evidence.browse(ids)._forged_rows()
        for row, has_event in forged:
            chain = (row.res_model, row.res_id, 0)
            kind = "evidence" if has_event else "unreferenced"
            yield self._problem(kind, chain, row.id)

    @api.model
    def _vanished_problems(self, window):
        """Personal evidence that is gone though its person was not erased; where it was
        erased by itself, the row says so."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.res_model, event.res_id, event.purpose_id,
                       event.sequence
                  FROM consent_event event
                 WHERE %(within)s
                   AND event.evidence_hash IS NOT NULL
                   AND NOT EXISTS (SELECT FROM consent_evidence evidence
                                    WHERE evidence.digest = event.evidence_hash)
                   AND NOT (%(erased)s)
              ORDER BY event.id
                """,
                within=self._within(window),
                erased=self._erased_sql(window[0]),
            )
        )
        for id_, *chain, sequence in rows:
            yield self._problem("vanished", chain, sequence, id_)

    @api.model
    def _erased_sql(self, model_name):
        """:return: SQL of whether the person of "event" was erased: as the journal of
        erasures says, or, where that is lost, their record"""
        journal = SQL(
            """EXISTS (SELECT FROM privacy_erasure_subject erased
                        WHERE erased.res_model = event.res_model
                          AND erased.res_id = event.res_id
                          AND erased.state = 'erased')"""
        )
        if model_name not in self._subject_models():
            return journal
        return SQL(
            """%s OR EXISTS (SELECT FROM %s subject
                              WHERE subject.id = event.res_id
                                AND subject.privacy_status = 'erased')""",
            journal,
            SQL.identifier(self.env[model_name]._table),
        )
