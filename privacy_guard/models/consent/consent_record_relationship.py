from odoo import api, fields, models
from odoo.tools import SQL

from ...constants import IS_REFERENCE
from .consent_record_derived import FORGOTTEN, IMPLIED_UNTIL, RELATES, SAID

BATCH = 1000  # events of relationships written by one statement
# whether what was before such an event counts no more
SETTLES = f"({SAID} OR event.kind IN ('reset', 'expire', 'unrelate'))"


class ConsentRecord(models.Model):
    """Implied consent (TIM-3, CASL s. 10(9) and (10), UWG § 7(3)): a purchase or an
    inquiry allows messages for a time, to who has not said no. The value stays what it
    is: nobody has agreed to anything."""

    _inherit = "consent.record"

    @api.model
    def _relate(self, model_name, purposes, within, **how):
        """Start or prolong what the purchases and inquiries of people allow.

        :param str model_name: model of the subjects
        :param purposes: active ones
        :param SQL within: what the ids of the subjects must meet
        :param how: source and user of the events
        :return: number of consents that changed
        """
        if not (purposes := purposes._implied()):
            return 0
        selects = self.env[model_name]._privacy_relationships_sql(within)
        return self._relate_by(model_name, purposes, selects, **how) if selects else 0

    @api.model
    def _relate_by(self, model_name, purposes, selects, withdrawn=(), merged=(), **how):
        """As :meth:`_relate`, by the relationships of SQL selects.

        :param list selects: as of ``_privacy_relationships_sql()`` of the subject
        :param withdrawn: ids of consents that rest on what is withdrawn: of these the
            rest counts, and if there is none, the relationship ends
        :param merged: ids of subjects that are the same people
        """
        relating = (model_name, purposes, selects, list(withdrawn), list(merged))
        found = self._relationships(*relating)
        if found:
            # who was left in peace before they were imported anew, say
            self._inherit_peace(model_name, sorted({row[2] for row in found}))
            found = self._relationships(*relating)
        changed = sum(
            self._apply_relationships(model_name, found[start : start + BATCH], **how)
            for start in range(0, len(found), BATCH)
        )
        if ended := set(withdrawn) - {row[0] for row in found}:
            changed += self._unrelate(SQL("id = ANY(%s)", list(ended)), **how)
        return changed

    @api.model
    def _relationships(self, model_name, purposes, selects, withdrawn, merged):
        """:return: list of (id of the consent, purpose, subject, relationship, value,
        since when, reference): of each consent what allows messages longest, if
        that is longer than what is known"""
        model = self.env[model_name]
        model.flush_model()
        purposes.flush_recordset()
        since, kind = SQL("begun.since"), SQL("relation.kind")
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (record.id) record.id, record.purpose_id,
                       record.res_id, relation.kind, record.value, holds.since,
                       relation.reference
                  FROM (%(selects)s) AS relation
                       (res_id, kind, since, company_id, reference)
                  JOIN consent_record record
                    ON record.res_model = %(model)s AND record.res_id = relation.res_id
                  JOIN consent_purpose purpose ON purpose.id = record.purpose_id
                  JOIN %(table)s subject ON subject.id = record.res_id
            CROSS JOIN LATERAL (%(told)s) AS told
            CROSS JOIN LATERAL (SELECT LEAST(
                       date_trunc('second', relation.since), told.at) AS since) AS begun
            CROSS JOIN LATERAL (SELECT begun.since, %(until)s AS until) AS holds
            CROSS JOIN LATERAL (%(settled)s) AS settled
                 WHERE purpose.id = ANY(%(purposes)s) AND %(counts)s
                   AND subject.privacy_status = 'active'
                   AND subject.%(address)s IS NOT NULL
              ORDER BY record.id, holds.until DESC, relation.reference
                """,
                selects=SQL(" UNION ALL ").join(selects),
                model=model_name,
                table=SQL.identifier(model._table),
                until=SQL(IMPLIED_UNTIL, related_at=since, related_by=kind),
                told=self._told_sql(model, merged),
                settled=self._settled_sql(),
                purposes=purposes.ids,
                counts=self._counting_sql(withdrawn),
                address=SQL.identifier(model._consent_email_field),
            )
        )

    @api.model
    def _counting_sql(self, withdrawn):
        """:return: SQL of whether a relationship, "relation", counts for "record" of
        "purpose", and for longer than what is known"""
        return SQL(
            """record.value IN ('applicable', 'waiting')
               AND told.elsewhere IS NOT TRUE
               AND COALESCE(purpose.company_id, %(only)s)
                   = COALESCE(relation.company_id, %(only)s)
               AND holds.since <= %(now)s AND holds.until > %(now)s
               AND (holds.until > COALESCE(record.ends_at, '-infinity')
                    OR record.id = ANY(%(withdrawn)s))
               AND holds.since >= COALESCE(settled.at, '-infinity')
               AND settled.answer IS DISTINCT FROM 'refused'
               AND (settled.in_peace AND %(in_peace)s) IS NOT TRUE""",
            only=self.env["consent.purpose"]._only_company(),
            now=fields.Datetime.now(),
            withdrawn=withdrawn,
            in_peace=self._in_peace_sql("record"),
        )

    @api.model
    def _told_sql(self, model, merged):
        """A purchase or inquiry is one person's, and of one moment, whoever is written
        on the order later, and whatever date.

        :param merged: ids of subjects that are the same person
        :return: SQL select, of "record" and "relation": when it was as it was told of
            first, and whether it was told of somebody else who is still there
        """
        return SQL(
            """
            SELECT min(event.answered_at)
                   FILTER (WHERE evidence.res_id = record.res_id) AS at,
                   bool_or(evidence.res_id <> record.res_id
                           AND evidence.res_id <> ALL(%(merged)s)
                           AND other.id IS NOT NULL) AS elsewhere
              FROM consent_evidence evidence
              JOIN consent_event event
                ON event.evidence_hash = evidence.digest
               AND event.res_model = evidence.res_model
               AND event.res_id = evidence.res_id AND %(relates)s
         LEFT JOIN %(table)s other ON other.id = evidence.res_id
             WHERE evidence.%(is_reference)s AND evidence.note = relation.reference
               AND evidence.res_model = record.res_model
            """,
            merged=merged,
            relates=SQL(RELATES),
            table=SQL.identifier(model._table),
            is_reference=SQL(IS_REFERENCE),
        )

    @api.model
    def _settled_sql(self):
        """:return: SQL select, of "record": since when relationships count, the last
        answer, which outlives being asked again, and whether the person is left in
        peace for what they said, or did not say, on another record, and has not been
        heard here since"""
        return SQL(
            """
            SELECT max(event.date) FILTER (WHERE %(settles)s) AS at,
                   (array_agg(event.value_to ORDER BY event.sequence DESC)
                    FILTER (WHERE %(said)s))[1] AS answer,
                   max(event.sequence) FILTER (WHERE event.kind = 'peace')
                   > COALESCE(max(event.sequence) FILTER (WHERE %(heard)s), 0)
                   AS in_peace
              FROM consent_event event
             WHERE event.res_model = record.res_model
               AND event.res_id = record.res_id
               AND event.purpose_id = record.purpose_id
            """,
            settles=SQL(SETTLES),
            said=SQL(SAID),
            heard=SQL(f"{SAID} OR {FORGOTTEN}"),
        )

    @api.model
    def _apply_relationships(self, model_name, found, source="system", user_id=None):
        """:param list found: some of :meth:`_relationships`; each becomes an event that
        names the purchase or inquiry, and has the digest of the address"""
        if not found:
            return 0
        people = self.env[model_name].browse({row[2] for row in found})
        addresses = people._consent_address_hashes()
        notes = [(model_name, row[2], {"note": row[6]}) for row in found]
        digests = self.env["consent.evidence"]._store_all(notes)
        rows = []
        for row, digest in zip(found, digests, strict=True):
            _id, purpose_id, res_id, kind, value, since, _reference = row
            change = (purpose_id, model_name, res_id, kind, value, None, None)
            rows.append((*change, digest, addresses.get(res_id), since))
        return self._apply_changes(
            people._consent_rows_sql(rows),
            source=source,
            user_id=user_id,
            evidence_hash=SQL("change.digest"),
            address_hash=SQL("change.address_hash"),
            answered_at=SQL("change.answered_at"),
        )

    @api.model
    def _unrelate(self, condition, source="system", user_id=None):
        """What allowed messages does not any more.

        :param SQL condition: which consents
        :return: number of consents that changed
        """
        return self._apply_changes(
            SQL(
                """
                SELECT purpose_id, res_model, res_id, 'unrelate' AS kind, value,
                       NULL::int AS notice_id, NULL::int AS merged_res_id
                  FROM consent_record
                 WHERE %s AND related_by IS NOT NULL
                """,
                condition,
            ),
            source=source,
            user_id=user_id,
        )

    @api.model
    def _resting_sql(self, condition):
        """:param SQL condition: on "event", with which the relationship of "record"
            came about, and "evidence" of it
        :return: SQL select of the ids of such consents"""
        return SQL(
            """
            SELECT record.id
              FROM consent_record record
              JOIN consent_event event ON event.res_model = record.res_model
               AND event.res_id = record.res_id
               AND event.purpose_id = record.purpose_id
               AND event.answered_at = record.related_at AND %s
         LEFT JOIN consent_evidence evidence ON evidence.digest = event.evidence_hash
             WHERE record.related_by IS NOT NULL AND %s
            """,
            SQL(RELATES),
            condition,
        )
