from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import emptying


class ConsentSubjectMixin(models.AbstractModel):
    """Recording what a person answered (T4, T5), and erasing what they refused."""

    _inherit = "consent.subject.mixin"

    def _consent_record_answers(
        self, answers, *, source, user_id=None, evidence=None, by_address=False
    ):
        """Record what the persons answered (T4, T5), each answer as an event.

        :param dict answers: {purpose id: "granted" or "refused"}
        :param str source: source of the events, of ``consent.event``
        :param int user_id: the user who records it; None for the person themself
        :param dict evidence: personal evidence: ip, user_agent, note, document,
            document_name
        :param bool by_address: whether a link sent to their addresses proved who they
            are, which the events keep
        :return: number of answers recorded
        :raise UserError: when a purpose does not apply to a person, a value is no
            answer, or somebody else records a yes of who has stopped processing;
            nothing is recorded then
        """
        self._consent_check_answers(answers)
        if user_id and "granted" in answers.values():
            self._consent_check_not_stopped()
        notices = self.env["consent.purpose"].browse(answers)._current_notices()
        digests = self._consent_store_evidence(evidence) if evidence else {}
        addresses = self._consent_address_hashes() if by_address else {}
        rows = [
            (
                purpose_id,
                self._name,
                subject.id,
                "answer",
                value,
                notices[purpose_id].id or None,
                None,
                digests.get(subject.id),
                addresses.get(subject.id),
            )
            for subject in self
            for purpose_id, value in answers.items()
        ]
        if not rows:
            return 0
        return self.env["consent.record"]._apply_changes(
            self._consent_rows_sql(rows),
            source=source,
            user_id=user_id,
            evidence_hash=SQL("change.digest"),
            address_hash=SQL("change.address_hash"),
        )

    def _consent_address_hashes(self):
        """:return: {id: keyed hash of the address}"""
        events = self.env["consent.event"]
        return {
            id_: events._address_hash(address)
            for id_, address in self._privacy_emails().items()
            if address
        }

    def _consent_store_evidence(self, evidence):
        """:return: {id: digest of a row of evidence of its own}"""
        rows = [(self._name, subject.id, evidence) for subject in self]
        digests = self.env["consent.evidence"]._store_all(rows)
        return dict(zip(self.ids, digests, strict=True))

    def _consent_check_answers(self, answers):
        if not set(answers.values()) <= {"granted", "refused"}:
            raise UserError(self.env._("An answer is either yes or no."))
        # superuser: callers check who may answer; here only whether it applies
        applying = (
            self.env["consent.record"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("purpose_id", "in", list(answers)),
                    ("purpose_id.active", "=", True),
                    ("value", "!=", "not_applicable"),
                ]
            )
        )
        if len(applying) != len(answers) * len(self):
            raise UserError(self.env._("A consent does not apply to this contact."))

    def _consent_check_not_stopped(self):
        """A stop binds (STP-1): only the person themself says yes until it ends."""
        gate = self.env["privacy.gate"]
        if stopped := gate._stopped(self)[:1]:
            raise UserError(
                self.env._(
                    "%(contact)s: no yes is recorded for them: %(reason)s",
                    **gate._refusal_values(stopped),
                )
            )

    @api.model
    def _consent_rows_sql(self, rows):
        """:param rows: tuples in the order of ``consent.record._apply_changes``, and
            perhaps the digests of the evidence and of the address, and the moment
        :return: them as the SQL select that it takes"""
        values = SQL(", ").join(
            SQL(
                "(%s::int, %s, %s::int, %s, %s, %s::int, %s::int, %s::varchar,"
                " %s::varchar, %s::timestamp)",
                *(*row, None, None, None)[:10],
            )
            for row in rows
        )
        return SQL(
            "SELECT * FROM (VALUES %s) AS given (purpose_id, res_model, res_id, kind,"
            " value, notice_id, merged_res_id, digest, address_hash, answered_at)",
            values,
        )

    def _privacy_erase_field(self, name):
        """Remove a field's value for good: from the subjects, from what is withheld of
        them, and its old values from the message history.

        :param str name: name of the field
        """
        self._privacy_clear_field(name)
        # superuser: nobody has a right on these rows
        self.env["consent.sealed.value"].sudo()._destroy(self._name, self.ids, name)

    def _privacy_clear_field(self, name):
        """Empty a field, and remove its old values from the message history.

        It writes below the ORM on purpose: the gate would refuse, tracking would keep
        the value, a company's address would be propagated, and being erased makes no
        contact the last modified one. What is computed from the field follows.

        :param str name: name of the field
        """
        # superuser: the person's answer binds whoever happens to record it
        subjects = self.sudo().with_context(active_test=False)
        holders = subjects.search([("id", "in", self.ids), (name, "!=", False)])
        with (
            holders._privacy_keeping_write_date(),
            emptying.leaving_no_copy(holders, [name]),
        ):
            emptying.set_null(subjects, name)
        emptying.erase_tracked(self, name)
        self._privacy_remember_emptied([name])

    def _privacy_forget_engagement(self, scope):
        """The hook for modules that record what people do with mail and documents:
        untie from these people what is recorded, since they have said no.

        :param str scope: tracking scope of ``consent.purpose``
        """

    def _privacy_leave_mailing_lists(self, purpose):
        """The hook for modules that keep lists of who gets mail: take these people off,
        since they have said no.

        :param purpose: a ``consent.purpose`` that is about e-mail
        """

    @contextmanager
    def _privacy_keeping_write_date(self):
        """Being computed anew is no modification either, though Odoo dates it."""
        self.env.flush_all()
        former = self.env.execute_query(
            SQL(
                "SELECT id, write_date, write_uid FROM %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        yield
        self.env.flush_all()
        if former:
            self._privacy_restore_write_date(*map(list, zip(*former, strict=True)))

    def _privacy_restore_write_date(self, ids, dates, user_ids):
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s subject
                   SET write_date = former.date, write_uid = former.user_id
                  FROM unnest(%(ids)s::int[], %(dates)s::timestamp[],
                              %(user_ids)s::int[]) AS former (id, date, user_id)
                 WHERE former.id = subject.id AND former.date <> subject.write_date
             RETURNING former.id
                """,
                table=SQL.identifier(self._table),
                ids=ids,
                dates=dates,
                user_ids=user_ids,
            )
        )
        self.invalidate_recordset(["write_date", "write_uid"], flush=False)
