from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import ledger
from .consent_effect import EFFECTS

# of "step": what the event has to say of it, if it was not now
ANSWERED_AT = """CASE WHEN kind = 'peace' THEN peace_since
                      WHEN kind IN ('purchase', 'inquiry') THEN related_at
                      WHEN kind IN ('answer', 'merge')
                       AND value IN ('granted', 'refused') AND answered_at <> date
                      THEN answered_at END"""


class ConsentRecord(models.Model):
    """Changing consents: the value and its event in one SQL statement."""

    _inherit = "consent.record"

    @api.model
    def _apply_changes(
        self,
        changes,
        *,
        source,
        user_id=None,
        evidence_hash=None,
        address_hash=None,
        answered_at=None,
    ):
        """Set values and append one chained event each, in one statement.

        The caller's transaction holds the whole effect, erasures included: a kill
        at any line leaves all of it or nothing.

        :param SQL changes: SELECT of purpose_id, res_model, res_id, kind, value,
            notice_id, merged_res_id (the last two may be NULL), at most one row per
            consent; kinds are those of ``consent.event``
        :param str source: where the changes come from, of ``consent.event``
        :param int user_id: the user who made them; None for the person themself
        :param evidence_hash: digest of the ``consent.evidence`` that goes along, or SQL
            of it on "change"
        :param SQL address_hash: of the address that the person has proven, on "change"
        :param SQL answered_at: when the person answered, here or where the answer comes
            from, on "change"; now by default
        :return: number of events appended
        """
        self.env["consent.purpose"].flush_model()
        steps = self._steps_sql(
            source, user_id, evidence_hash, address_hash, answered_at
        )
        rows = self.env.execute_query(self._change_sql(changes, steps))
        self._invalidate_after_changes({model_name for _id, model_name, *_rest in rows})
        for purpose_id, model_name, _count, *affected in rows:
            # superuser: the definition of a consent is no secret of a contact
            purpose = self.env["consent.purpose"].browse(purpose_id).sudo()
            for effect, ids in zip(self._effects(), affected, strict=True):
                if ids:
                    effect.apply(self.env[model_name].browse(ids), purpose)
        return sum(count for _id, _model_name, count, *_rest in rows)

    @api.model
    def _effects(self):
        """The hook for modules where more follows from a change.

        :return: tuple of ``Effect``
        """
        return EFFECTS

    def _change_sql(self, changes, steps):
        """The one statement; it returns for each consent and model how many changed,
        and the ids that each of :meth:`_effects` is for."""
        return SQL(
            """
            WITH change AS MATERIALIZED (%(changes)s),
                 step AS MATERIALIZED (%(steps)s),
                 record AS (%(upsert)s),
                 event AS (%(append)s)
          SELECT step.purpose_id, step.res_model, count(*), %(affected)s
            FROM step
            JOIN consent_purpose purpose ON purpose.id = step.purpose_id
        GROUP BY step.purpose_id, step.res_model
            """,
            changes=changes,
            steps=steps,
            upsert=self._upsert_sql(),
            append=self._append_sql(),
            affected=SQL(", ").join(
                SQL("array_agg(step.res_id) FILTER (WHERE %s)", SQL(effect.condition))
                for effect in self._effects()
            ),
        )

    def _steps_sql(self, source, user_id, evidence_hash, address_hash, answered_at):
        """Each change with what the consent was, what its row becomes, and what its
        event says."""
        now = fields.Datetime.now()
        return SQL(
            """
            SELECT change.purpose_id, change.res_model, change.res_id,
                   change.kind, change.value, change.merged_res_id,
                   COALESCE(change.notice_id, old.notice_id) AS notice_id,
                   change.notice_id AS event_notice_id,
                   notice.sha256 AS notice_sha256,
                   head.value_to AS value_from,
                   %(becomes)s,
                   %(now)s::timestamp AS date,
                   %(source)s AS source,
                   %(user_id)s::int AS user_id,
                   %(evidence_hash)s::varchar AS evidence_hash,
                   %(address_hash)s::varchar AS address_hash,
                   COALESCE(head.sequence, 0) + 1 AS sequence,
                   COALESCE(head.hash, '') AS previous_hash,
                   nextval('consent_event_id_seq') AS event_id
              FROM change
              JOIN consent_purpose purpose ON purpose.id = change.purpose_id
         LEFT JOIN consent_record old USING (res_model, res_id, purpose_id)
         LEFT JOIN consent_event head ON head.id = old.last_event_id
         LEFT JOIN consent_notice notice ON notice.id = change.notice_id
         -- what is asked or applied anew has no answer; OFFSET: none is looked up
         LEFT JOIN LATERAL (SELECT * FROM (%(said)s) AS said
                             WHERE change.kind NOT IN ('apply', 'request')
                            OFFSET 0) AS said
                ON TRUE
            """,
            said=self._said_sql("change"),
            becomes=self._becomes_sql(now, answered_at),
            now=now,
            source=source,
            user_id=user_id,
            evidence_hash=evidence_hash,
            address_hash=address_hash,
        )

    def _upsert_sql(self):
        """A row changed by another transaction meanwhile makes this one retry.

        Events are appended to rows that this one holds only, in an order that two
        transactions over the same people share: a conflict shows here, where it is
        one that the caller retries, and neither waits for the other in a circle.
        """
        columns = [
            "value",
            "answer",
            "since",
            "requested_at",
            "answered_at",
            "notice_id",
            "to_review",
            "review_told_at",
            "peace_since",
            "related_by",
            "related_at",
            "ends_at",
            "end_told_at",
            "reminded_at",
        ]
        identifiers = SQL(", ").join(map(SQL.identifier, columns))
        return SQL(
            """
            INSERT INTO consent_record
                        (purpose_id, res_model, res_id, %(columns)s, last_event_id)
                 SELECT purpose_id, res_model, res_id, %(columns)s, event_id
                   FROM step
               ORDER BY res_model, res_id, purpose_id
            ON CONFLICT (res_model, res_id, purpose_id) DO UPDATE
                    SET (%(columns)s, last_event_id) =
                        ROW(%(excluded)s, EXCLUDED.last_event_id)
              RETURNING last_event_id
            """,
            columns=identifiers,
            excluded=SQL(", ").join(SQL.identifier("excluded", c) for c in columns),
        )

    def _append_sql(self):
        digest = ledger.sql_digest(
            {
                "version": str(ledger.EVENT_VERSION),
                "previous_hash": "previous_hash",
                "sequence": "sequence",
                "date": "date",
                "res_model": "res_model",
                "res_id": "res_id",
                "purpose_id": "purpose_id",
                "kind": "kind",
                "value_from": "value_from",
                "value_to": "value",
                "source": "source",
                "user_id": "user_id",
                "notice_sha256": "notice_sha256",
                "evidence_hash": "evidence_hash",
                "merged_res_id": "merged_res_id",
                "address_hash": "address_hash",
                "answered_at": ANSWERED_AT,
            }
        )
        return SQL(
            """
            INSERT INTO consent_event
                        (id, purpose_id, res_model, res_id, sequence, date, kind,
                         value_from, value_to, source, user_id, notice_id,
                         evidence_hash, merged_res_id, address_hash, answered_at,
                         version, previous_hash, hash)
                 SELECT event_id, purpose_id, res_model, res_id, sequence, date, kind,
                        value_from, value, source, user_id, event_notice_id,
                        evidence_hash, merged_res_id, address_hash, %s, %s,
                        previous_hash, %s
                   FROM step
                   JOIN record ON record.last_event_id = step.event_id
            """,
            SQL(ANSWERED_AT),
            ledger.EVENT_VERSION,
            SQL(digest.replace("%", "%%")),
        )

    def _invalidate_after_changes(self, model_names):
        """What the statement wrote by SQL may not be read from the cache."""
        self.invalidate_model(flush=False)
        for model_name in model_names:
            self.env[model_name].invalidate_model(
                ["consent_ids", "privacy_locked_fields", "privacy_lock_hint"],
                flush=False,
            )
