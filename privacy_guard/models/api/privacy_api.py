from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...access import check_officer
from ...attempts import attempt_promptly
from ..consent.consent_record_end import ALLOWING, IMPLIED

# What a person can say.
ANSWERS = ("granted", "refused")
# What stands for a person whose records differ, the strictest first.
STRICTNESS = (
    *("refused", "waiting", "applicable", IMPLIED),
    *("granted", "not_applicable"),
)


class PrivacyApi(models.AbstractModel):
    """Consents for other programs, over /json/2, XML-RPC or in Python.

    A **person** is the id of a contact, an e-mail address, or ``"model,id"`` for
    another kind of subject. An address stands for every record with it that is not a
    duplicate, as on the preferences page. A **purpose** is the id of a consent, its
    external id, or its name if no other has it.

    Callers see what their user may read: a person whom they may not read is unknown.
    What there is none of is False, as in all that Odoo answers: XML-RPC has no null.
    """

    _name = "privacy.api"
    _description = "Consents, for other programs"

    @api.model
    def check(self, purpose, people):
        """May we do this with these people? Any number of them in a constant number of
        queries.

        :param purpose: see above
        :param list people: see above
        :return: one dict per person, in their order: ``person`` as given; ``value``,
            one of the five, False for an unknown person; ``allowed``, True only if the
            person granted it, or a default of yes was not refused, and no record of
            theirs is stopped or erased; ``reason`` why nobody was found, else False
        :raise UserError: there is no such purpose, or the people are no list
        """
        purpose = self._purpose(purpose)
        found = self._find_each(people)
        values = self._values(purpose, [records for _, records, _ in found])
        answers = []
        for person, records, reason in found:
            value = self._strictest([values.get(record) for record in records])
            answers.append(
                {
                    "person": person,
                    "value": value if records else False,
                    "allowed": self._allows(purpose, records, value),
                    "reason": reason or False,
                }
            )
        return answers

    @api.model
    def consents(self, person):
        """All consents of one person.

        :return: one dict per consent that applies or was answered: ``purpose`` (id),
            ``name``, ``kind``, ``person`` (as ``"model,id"``), ``value``,
            ``requested_at`` and ``answered_at`` (UTC, False if never)
        :raise UserError: the person is unknown
        """
        rows = []
        for records in self._known(person):
            consents = self.env["consent.record"].search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )
            rows += [self._describe(consent) for consent in consents]
        return rows

    @api.model
    def record_answer(
        self, purpose, person, answer, source, note, document=None, document_name=None
    ):
        """Record an answer that a person gave elsewhere, with its evidence (T4).

        :param str answer: ``"granted"`` or ``"refused"``
        :param str source: how it was given: letter, phone, mail, in_person or other
        :param str note: what proves it
        :param str document: content of a file, in base64
        :return: number of records it was recorded for
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: the answer or the source is none of these, the document is no
            base64, the purpose does not apply to the person, who may be unknown, it is
            a yes of who has stopped processing, or another transaction holds the
            person: try again later; nothing is recorded then
        """
        refusal = self.env._("Only privacy officers record answers given elsewhere.")
        check_officer(self.env, refusal)
        self._check_answer(answer)
        self._check_document(document, document_name)
        purpose = self._purpose(purpose)
        evidence = self.env["consent.answer"]._prepare_evidence(
            source, note, document, document_name
        )
        concerned = self._concerned(purpose, self._known(person))
        record = partial(self._record, concerned, purpose, answer, evidence)
        attempt_promptly(self, record)
        return len(concerned)

    @api.model
    def _record(self, concerned, purpose, answer, evidence):
        for subject in concerned:
            # superuser: whose language the company's is, is no secret
            own = subject.sudo()
            lang = own._privacy_lang(own._privacy_company())
            # The text that people see is the one in their own language.
            subject.with_context(lang=lang)._consent_record_answers(
                {purpose.id: answer},
                source="api",
                user_id=self.env.uid,
                evidence=evidence,
            )

    @api.model
    def send_request(self, people):
        """Send these people a consent request now (T3), as the button does. Who is held
        by another transaction is left out, with the reason, and the others are asked.

        :return: one dict per person, in their order: ``person``, ``asked``, and
            ``reason`` why not, else False
        :raise AccessError: for anybody but a privacy user
        :raise UserError: the people are no list
        """
        if not self.env.user.has_group("privacy_guard.group_privacy_user"):
            raise AccessError(
                self.env._("Only privacy users may send consent requests.")
            )
        found = self._find_each(people)
        reasons = {}
        for records in self._by_model([records for _, records, _ in found]):
            asked = records._consent_ask()
            left = records - asked
            reasons.update(dict.fromkeys(asked))
            because = left._consent_ineligibility_reasons()
            reasons.update({record: because[record.id] for record in left})
        answers = []
        for person, records, unknown in found:
            why = [reasons[record] for record in records] or [unknown]
            asked = None in why
            answers.append(
                {"person": person, "asked": asked, "reason": not asked and why[0]}
            )
        return answers

    @api.model
    def _check_answer(self, answer):
        if answer not in ANSWERS:
            raise UserError(
                self.env._(
                    "“%(given)s” is no answer: give one of %(possible)s.",
                    given=answer,
                    possible=", ".join(ANSWERS),
                )
            )

    # ------------------------------------------------------------------
    # What holds
    # ------------------------------------------------------------------

    @api.model
    def _values(self, purpose, found):
        """:param found: iterable of iterables of records
        :return: {record: value of the purpose}"""
        values = {}
        for records in self._by_model(found):
            consents = self.env["consent.record"].search_fetch(
                [
                    ("purpose_id", "=", purpose.id),
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                ],
                ["res_id", "value", "ends_at"],
            )
            values.update(
                {records.browse(row.res_id): row._value_now() for row in consents}
            )
        return values

    @api.model
    def _strictest(self, values):
        """:param values: None for a record that the purpose never applied to"""
        return next((v for v in STRICTNESS if v in values), "not_applicable")

    @api.model
    def _allows(self, purpose, records, value):
        if not records or any(r.privacy_status != "active" for r in records):
            return False
        if value in ALLOWING:
            return True
        return purpose.default_selection == "yes" and value in ("applicable", "waiting")

    @api.model
    def _concerned(self, purpose, people):
        """:return: list of the records to which the purpose applies
        :raise UserError: there is none"""
        values = self._values(purpose, people)
        concerned = [
            record for record, value in values.items() if value != "not_applicable"
        ]
        if not concerned:
            raise UserError(self.env._("A consent does not apply to this contact."))
        return concerned

    @api.model
    def _describe(self, consent):
        return {
            "purpose": consent.purpose_id.id,
            "name": consent.purpose_id.name,
            "kind": consent.kind,
            "person": f"{consent.res_model},{consent.res_id}",
            "value": consent._value_now(),
            "requested_at": consent.requested_at,
            "answered_at": consent.answered_at,
        }
