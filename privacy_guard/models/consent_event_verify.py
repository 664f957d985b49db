from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools import ledger

# the event's columns, as the ledger names them
COLUMNS = {
    "previous_hash": "COALESCE(event.previous_hash, '')",
    "sequence": "event.sequence",
    "date": "event.date",
    "res_model": "event.res_model",
    "res_id": "event.res_id",
    "purpose_id": "event.purpose_id",
    "kind": "event.kind",
    "value_from": "event.value_from",
    "value_to": "event.value_to",
    "source": "event.source",
    "user_id": "event.user_id",
    "notice_sha256": "notice.sha256",
    "evidence_hash": "event.evidence_hash",
    "merged_res_id": "event.merged_res_id",
}


class ConsentEvent(models.Model):
    """Verifying the evidence where it is stored: one pass, only defects come back."""

    _inherit = "consent.event"

    @api.model
    def _verify(self, res_model=None, res_id=None):
        """Recompute every hash and check every link.

        :param str res_model: only the events of one subject, of this model
        :param int res_id: its id
        :return: list of ``ledger.Problem``, empty when the evidence is sound
        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        within = SQL("TRUE")
        if res_model:
            within = SQL(
                "event.res_model = %s AND event.res_id = %s", res_model, res_id
            )
        return [
            *self._chain_problems(within),
            *self._head_problems(within),
            *self._notice_problems(),
            *self._evidence_problems(res_model, res_id),
        ]

    @api.model
    def _check_officer(self):
        officer = "privacy_guard.group_privacy_officer"
        if not (self.env.su or self.env.user.has_group(officer)):
            raise AccessError(self.env._("Only a privacy officer can do this."))

    @api.model
    def _chain_problems(self, within):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_model, res_id, purpose_id, sequence, expected,
                       hash IS DISTINCT FROM computed, previous_hash <> last_hash
                  FROM (SELECT event.res_model, event.res_id, event.purpose_id,
                               event.sequence, event.hash,
                               COALESCE(event.previous_hash, '') AS previous_hash,
                               COALESCE(lag(event.sequence) OVER chain, 0) + 1
                                   AS expected,
                               COALESCE(lag(event.hash) OVER chain, '') AS last_hash,
                               %(digest)s AS computed
                          FROM consent_event event
                     LEFT JOIN consent_notice notice ON notice.id = event.notice_id
                         WHERE %(within)s
                        WINDOW chain AS (
                               PARTITION BY event.res_model, event.res_id,
                                            event.purpose_id
                                   ORDER BY event.sequence)
                       ) AS checked
                 WHERE hash IS DISTINCT FROM computed
                    OR previous_hash <> last_hash
                    OR sequence <> expected
                """,
                digest=SQL(ledger.sql_digest(COLUMNS).replace("%", "%%")),
                within=within,
            )
        )
        for model, id_, purpose_id, sequence, expected, altered, unlinked in rows:
            chain = (model, id_, purpose_id)
            for absent in range(expected, sequence):
                yield self._problem("missing", chain, absent)
            if unlinked and sequence == expected:
                yield self._problem("unlinked", chain, sequence)
            if altered:
                yield self._problem("altered", chain, sequence)

    @api.model
    def _head_problems(self, within):
        """A removed tail, and consents whose value is not the last event's."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.res_model, event.res_id, event.purpose_id,
                       COALESCE(head.sequence, 0), head.id IS NULL
                  FROM consent_record event
             LEFT JOIN consent_event head
                    ON head.id = event.last_event_id
                   AND head.res_model = event.res_model
                   AND head.res_id = event.res_id
                   AND head.purpose_id = event.purpose_id
                 WHERE %s
                   AND (head.id IS NULL
                        OR head.value_to <> event.value
                        OR EXISTS (SELECT FROM consent_event later
                                    WHERE later.res_model = event.res_model
                                      AND later.res_id = event.res_id
                                      AND later.purpose_id = event.purpose_id
                                      AND later.sequence > head.sequence))
                """,
                within,
            )
        )
        for model, id_, purpose_id, sequence, lost in rows:
            kind = "tail" if lost else "value"
            yield self._problem(kind, (model, id_, purpose_id), sequence)

    @api.model
    def _notice_problems(self):
        for notice in self.env["consent.notice"].sudo().search([]):
            if notice.sha256 != notice._digest():
                chain = ("consent.notice", notice.id, notice.purpose_id.id)
                yield self._problem("text", chain, notice.version)

    @api.model
    def _evidence_problems(self, res_model, res_id):
        domain = [("res_model", "=", res_model), ("res_id", "=", res_id)]
        # superuser: the salt is nobody's to read
        evidences = self.env["consent.evidence"].sudo()
        for evidence in evidences.search(domain if res_model else []):
            if evidence.digest != evidence._digest():
                chain = (evidence.res_model, evidence.res_id, 0)
                yield self._problem("evidence", chain, evidence.id)

    @api.model
    def _problem(self, kind, chain, sequence):
        details = {
            "missing": self.env._("this event was removed"),
            "unlinked": self.env._("it does not follow the one before"),
            "altered": self.env._("its content does not match its hash"),
            "tail": self.env._("the last events were removed"),
            "value": self.env._("the consent is not what its last event says"),
            "text": self.env._("a published text was altered"),
            "evidence": self.env._("the personal evidence was altered"),
        }
        return ledger.Problem(kind, *chain, sequence, details[kind])
