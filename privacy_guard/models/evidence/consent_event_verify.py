from odoo import api, models
from odoo.tools import SQL

from ...tools import ledger
from ..consent.consent_record_derived import ENDS_AT, IMPLIED_UNTIL

# the event's columns, as the ledger names them
COLUMNS = {
    "version": "event.version",
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
    "address_hash": "event.address_hash",
    "answered_at": "event.answered_at",
}

# of the row, "event"
OWN = {"related_at": "event.related_at", "related_by": "event.related_by"}
# column of a consent -> SQL of whether the row, "event", differs from what follows from
# its events, "chain"
COMPARED = {
    name: f"event.{name} IS DISTINCT FROM chain.{name}"
    for name in (
        *("value", "answer", "since", "requested_at", "notice_id"),
        *("related_by", "related_at"),
    )
} | {
    "answered_at": "chain.is_dated IS NOT FALSE"
    " AND event.answered_at IS DISTINCT FROM chain.answered_at",
    "to_review": "COALESCE(event.to_review, FALSE) <> COALESCE(chain.to_review, FALSE)",
    "review_told_at": "event.review_told_at IS DISTINCT FROM chain.review_told_at",
    "peace_since": "chain.is_dated IS NOT FALSE"
    " AND event.peace_since IS DISTINCT FROM chain.peace_since",
    "reminded_at": "event.reminded_at IS DISTINCT FROM chain.reminded_at",
    "end_told_at": "event.end_told_at IS DISTINCT FROM chain.end_told_at",
    "ends_at": "event.ends_at IS DISTINCT FROM CASE WHEN chain.value = 'granted' THEN "
    f"{ENDS_AT % {'answered_at': 'event.answered_at'}}"
    " WHEN chain.value IN ('applicable', 'waiting') THEN "
    f"{IMPLIED_UNTIL % OWN} END",
}


class ConsentEvent(models.Model):
    """Verifying the evidence where it is stored: only defects leave the database."""

    _inherit = "consent.event"

    @api.model
    def _verify(self, res_model=None, res_id=None):
        """Recompute every hash and check every link.

        :param str res_model: only the events of one subject, of this model
        :param int res_id: its id
        :return: list of ``ledger.Problem``, empty when the evidence is sound
        :raise AccessError: for anybody but a privacy officer who may read the subject
        """
        return list(self._problems(res_model, res_id))

    @api.model
    def _problems(self, res_model=None, res_id=None):
        """As :meth:`_verify`, one problem after the other, in constant memory.

        That the evidence is sound is a statement about all of it: whoever verifies all
        is told of defects of whomever, by numbers alone.
        """
        self._check_subject(res_model, res_id)
        for window in self._windows(res_model, res_id):
            yield from self._window_problems(window)
        yield from self._notice_problems()
        yield from self._evidence_problems(res_model, res_id)
        if not res_model:
            yield from self._log_problems()

    @api.model
    def _window_problems(self, window):
        """As :meth:`_problems`, of one of :meth:`_windows`."""
        yield from self._chain_problems(window)
        yield from self._row_problems(window)
        yield from self._lost_problems(window)
        yield from self._unread_problems(window)
        yield from self._vanished_problems(window)

    @api.model
    def _broken_chains_sql(self, window):
        """:return: SQL select of the events that are not what the one before and their
        own content say, with the number that is expected"""
        return SQL(
            """
            SELECT id, res_model, res_id, purpose_id, sequence, expected,
                   altered, previous_hash <> last_hash
              FROM (SELECT event.id, event.res_model, event.res_id,
                           event.purpose_id, event.sequence,
                           COALESCE(event.previous_hash, '') AS previous_hash,
                           COALESCE(lag(event.sequence) OVER chain, 0) + 1
                               AS expected,
                           COALESCE(lag(event.hash) OVER chain, '') AS last_hash,
                           event.hash <> %(digest)s
                               -- the hash covers whole seconds
                               OR event.date <> date_trunc('second', event.date)
                               AS altered
                      FROM consent_event event
                 LEFT JOIN consent_notice notice ON notice.id = event.notice_id
                     WHERE %(within)s
                    WINDOW chain AS (
                           PARTITION BY event.res_model, event.res_id,
                                        event.purpose_id
                               ORDER BY event.sequence)
                   ) AS checked
             WHERE altered
                OR previous_hash <> last_hash
                OR sequence <> expected
            """,
            digest=SQL(ledger.sql_digest(COLUMNS).replace("%", "%%")),
            within=self._within(window),
        )

    @api.model
    def _chain_problems(self, window):
        """Events that are altered, missing, or do not follow the one before."""
        rows = self.env.execute_query(self._broken_chains_sql(window))
        for id_, *chain, sequence, expected, altered, unlinked in rows:
            if sequence > expected:
                yield self._problem("missing", chain, expected, following=sequence)
            elif sequence < expected:
                yield self._problem("repeated", chain, sequence, id_)
            elif unlinked:
                yield self._problem("unlinked", chain, sequence, id_)
            if altered:
                yield self._problem("altered", chain, sequence, id_)

    @api.model
    def _row_problems(self, window):
        """A removed tail, and consents that are not what their events say."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT chain.last_event_id, event.res_model, event.res_id,
                       event.purpose_id, COALESCE(chain.sequence, 0),
                       chain.last_event_id IS DISTINCT FROM event.last_event_id,
                       array_remove(ARRAY[%(differing)s], NULL)
                  FROM consent_record event
                  JOIN consent_purpose purpose ON purpose.id = event.purpose_id
             LEFT JOIN (SELECT event.res_model, event.res_id, event.purpose_id,
                               max(event.sequence) AS sequence, %(follows)s
                          FROM consent_event event
                         WHERE %(within)s
                      GROUP BY event.res_model, event.res_id, event.purpose_id
                       ) AS chain USING (res_model, res_id, purpose_id)
                 WHERE %(within)s
                   AND (chain.last_event_id IS DISTINCT FROM event.last_event_id
                        OR ARRAY[%(differing)s] && %(names)s)
                """,
                differing=SQL(", ").join(self._differing_sql()),
                follows=self.env["consent.record"]._follows_sql(),
                names=list(COMPARED),
                within=self._within(window),
            )
        )
        for id_, *chain, sequence, is_cut, names in rows:
            if is_cut:
                yield self._problem("tail", chain, sequence)
            else:
                yield self._problem("value", chain, sequence, id_, fields=names)

    @api.model
    def _differing_sql(self):
        """:return: iterator of SQL, each the name of a column of the row, "event", that
        is not what the events, "chain", say; else NULL"""
        for name, differs in COMPARED.items():
            yield SQL("CASE WHEN %s THEN %s END", SQL(differs), name)

    @api.model
    def _lost_problems(self, window):
        """Consents that were removed though their person is still there."""
        model = self.env.get(window[0])
        if model is None or not model._auto:
            return
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.res_model, event.res_id, event.purpose_id,
                       event.sequence
                  FROM consent_event event
                 WHERE %(within)s
                   AND event.sequence = 1
                   AND EXISTS (SELECT FROM %(subjects)s subject
                                WHERE subject.id = event.res_id)
                   AND NOT EXISTS (SELECT FROM consent_record kept
                                    WHERE kept.res_model = event.res_model
                                      AND kept.res_id = event.res_id
                                      AND kept.purpose_id = event.purpose_id)
                """,
                within=self._within(window),
                subjects=SQL.identifier(model._table),
            )
        )
        for id_, *chain, sequence in rows:
            yield self._problem("lost", chain, sequence, id_)

    @api.model
    def _problem(
        self, kind, chain, sequence, event_id=None, following=None, fields=None
    ):
        if fields:
            described = self.env["consent.record"].fields_get(fields, ["string"])
            detail = self.env._(
                "the consent is not what its events say: %(fields)s",
                fields=", ".join(described[name]["string"] for name in fields),
            )
        elif following and following - sequence > 1:
            detail = self.env._(
                "events %(first)s to %(last)s were removed",
                first=sequence,
                last=following - 1,
            )
        else:
            detail = {
                "missing": self.env._("this event was removed"),
                "repeated": self.env._("its number is taken"),
                "unlinked": self.env._("it does not follow the one before"),
                "altered": self.env._("its content does not match its hash"),
                "tail": self.env._("the last events were removed"),
                "lost": self.env._("the consent was removed, its events were not"),
                "text": self.env._("a published text was altered"),
                "evidence": self.env._("the personal evidence was altered"),
                "vanished": self.env._(
                    "its personal evidence was removed, though nobody erased it"
                ),
                "sealed": self.env._("it was altered or removed after it was sealed"),
                "log": self.env._("the log is not what was signed"),
                # of a removed event, or exchanged together with its hash
                "unreferenced": self.env._("no event refers to it"),
            }[kind]
        return ledger.Problem(kind, *chain, sequence, detail, event_id)
