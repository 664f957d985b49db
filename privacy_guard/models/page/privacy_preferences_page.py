from odoo import api, models
from odoo.tools import format_datetime

from ...tools import contrast

FALLBACK_COLOR = "#1f4e79"
SELECTED = {"granted": "yes", "refused": "no"}
ANSWERS = {"yes": "granted", "no": "refused"}
# sources of answers that persons give themselves, having proved who they are
OWN_SOURCES = ("preferences", "portal", "one_click")


class PrivacyPreferencesPage(models.AbstractModel):
    """What the preferences page shows and takes, without any HTTP.

    ``subjects`` is throughout a list of recordsets, one per model: the link proves
    control of an address, and several records may have it. A purpose that applies
    to several of them is asked once.
    """

    _name = "privacy.preferences.page"
    _description = "Preferences page"

    @api.model
    def _questions(self, subjects):
        """:param list subjects: recordsets
        :return: list of what to show, in order; texts in the context's language
        """
        records = {}
        for persons in subjects:
            for record in persons._consent_applying():
                records.setdefault(record.purpose_id, []).append(record)
        purposes = self.env["consent.purpose"].browse([p.id for p in records])
        notices = purposes._current_notices()
        questions = [
            self._question(purpose, notices[purpose.id], records[purpose], subjects)
            for purpose in records
            if notices[purpose.id]
        ]
        return sorted(questions, key=lambda q: (q["sequence"], q["id"]))

    @api.model
    def _question(self, purpose, notice, records, subjects):
        answer = self._common_answer(records)
        opt_out = notice.default_selection == "yes"
        answered = [record.answered_at for record in records if record.answered_at]
        return {
            "id": purpose.id,
            "sequence": purpose.sequence,
            "kind": purpose.kind,
            "name": notice.name,
            "text": notice.text,
            "lang": self._html_lang(notice.lang),
            "notice_id": notice.id,
            "company": (purpose.company_id or self._company(subjects)).name,
            "opt_out": opt_out,
            "legal_basis": self._legal_basis(notice),
            # GDPR Art. 7: nothing is ticked for the person, except what they said
            # before and what holds unless they object
            "selected": SELECTED.get(answer) or ("yes" if opt_out else None),
            "answer": answer,
            "answered_on": self._moment(max(answered), subjects) if answered else "",
            "to_review": any(record.to_review for record in records),
        }

    @api.model
    def _common_answer(self, records):
        """:return: what was answered on all of these, None when it is not the same"""
        answers = {r.value if r.value in SELECTED else None for r in records}
        return answers.pop() if len(answers) == 1 else None

    @api.model
    def _legal_basis(self, notice):
        field = self.env["consent.purpose"]._fields["legal_basis"]
        labels = dict(field._description_selection(self.env))
        return labels.get(notice.legal_basis, notice.legal_basis)

    @api.model
    def _company(self, subjects):
        """:return: the company that the person deals with"""
        for persons in subjects:
            if "company_id" in persons._fields and persons[:1].company_id:
                return persons[:1].company_id
        return self.env["res.company"].sudo()._privacy_main()

    @api.model
    def _accent(self, company):
        """:return: the company's colour, dark enough to be read"""
        return contrast.readable(company.primary_color, FALLBACK_COLOR)

    @api.model
    def _html_lang(self, code):
        """:return: BCP 47 tag of an Odoo language code"""
        return (code or "en").split("@", 1)[0].replace("_", "-")

    @api.model
    def _moment(self, moment, subjects):
        """:return: date and time in words, with the time zone"""
        tz = self._company(subjects)._privacy_tz()
        return format_datetime(self.env, moment, tz=tz, dt_format="long")

    # ------------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------------

    @api.model
    def _parse(self, form, questions):
        """Read a posted form; all of it or nothing.

        :param form: the posted pairs, a multi-dictionary
        :param list questions: what applies to the person now
        :return: ({purpose id: "granted" or "refused"}, whether a text shown was
            revised meanwhile)
        :raise ValueError: when anything is in it that the page did not put there
        """
        by_id = {str(question["id"]): question for question in questions}
        answers, shown = self._read(form, by_id)
        if not set(answers.values()) <= set(ANSWERS):
            raise ValueError("neither yes nor no")
        if not all(shown.get(number, "").isdecimal() for number in answers):
            raise ValueError("no text")
        stale = any(
            shown[number] != str(by_id[number]["notice_id"]) for number in answers
        )
        parsed = {by_id[n]["id"]: ANSWERS[value] for n, value in answers.items()}
        return parsed, stale

    @api.model
    def _read(self, form, known):
        """:return: ({number: answer}, {number: id of the text shown}), as posted
        :raise ValueError: when there are other fields, or one twice"""
        posted = {"answer": {}, "shown": {}}
        for name, values in form.lists():
            prefix, _separator, number = name.partition("_")
            if name in ("csrf_token", "lang"):
                continue
            if prefix not in posted or number not in known:
                raise ValueError("unknown field")
            if len(values) != 1:
                raise ValueError("repeated field")
            posted[prefix][number] = values[0]
        return posted["answer"], posted["shown"]

    @api.model
    def _save(self, subjects, answers, *, by_address=False, **how):
        """Record the answers for every record that they apply to, save those that
        stand recorded as the person's own already. Where the address is unproven
        (IDN-3), only what is refused counts.

        :param list subjects: recordsets
        :param dict answers: {purpose id: "granted" or "refused"}
        :param bool by_address: whether a link proved the address
        :param how: source, user and evidence, as of ``_consent_record_answers``
        :return: number of answers recorded
        """
        recorded = 0
        refused = {id_: value for id_, value in answers.items() if value == "refused"}
        for persons in subjects:
            proven = persons._privacy_proven()
            for ids, people in [
                *self._by_new_answers(proven, answers),
                *self._by_new_answers(persons - proven, refused),
            ]:
                recorded += people._consent_record_answers(
                    {id_: answers[id_] for id_ in sorted(ids)},
                    by_address=by_address,
                    **how,
                )
        return recorded

    @api.model
    def _grants(self, subjects, answers):
        """:return: whether saving these answers would record a yes"""
        granted = {p: answer for p, answer in answers.items() if answer == "granted"}
        return any(self._by_new_answers(persons, granted) for persons in subjects)

    @api.model
    def _by_new_answers(self, persons, answers):
        """:return: list of (ids of purposes that are answered anew, whose people)"""
        records = persons._consent_applying().filtered(
            lambda record: record.purpose_id.id in answers
        )
        return self._by_purposes(persons, records - self._repeated(records, answers))

    @api.model
    def _by_purposes(self, persons, records):
        """:return: list of (ids of purposes of these consents, whose people)"""
        by_person = records.grouped("res_id")
        people = persons.filtered(lambda person: person.id in by_person)
        grouped = people.grouped(lambda p: frozenset(by_person[p.id].purpose_id.ids))
        return list(grouped.items())

    @api.model
    def _repeated(self, records, answers):
        """:return: those of these consents whose last event says the same: the same
        answer, by the person, to the same text"""
        notices = records.purpose_id._current_notices()
        # superuser: evidence about oneself
        events = self.env["consent.event"].sudo()
        last = events.browse(records.mapped("last_event_id"))
        own = set(
            last.filtered(
                lambda event: event.kind == "answer" and event.source in OWN_SOURCES
            ).ids
        )
        return records.filtered(
            lambda record: (
                record.value == answers[record.purpose_id.id]
                and record.notice_id == notices[record.purpose_id.id]
                and record.last_event_id in own
                and not record.to_review
            )
        )

    @api.model
    def _refuse_email(self, subjects, *, evidence, purpose_ids=None):
        """One-click unsubscription: refuse what is about e-mail and not refused yet.

        :param list subjects: recordsets
        :param dict evidence: ip and user_agent
        :param purpose_ids: these instead, whatever they are about
        """
        for persons in subjects:
            records = persons._consent_applying().filtered(
                lambda r: r.value != "refused"
            )
            left = self._about(records, purpose_ids)
            for ids, people in self._by_purposes(persons, left):
                self._save(
                    [people],
                    dict.fromkeys(ids, "refused"),
                    source="one_click",
                    evidence=evidence,
                    by_address=True,
                )

    @api.model
    def _about(self, records, purpose_ids):
        """:return: those of these consents that are to these purposes; without them,
        what is about e-mail"""
        if purpose_ids is None:
            return records.filtered("purpose_id.covers_email")
        return records.filtered(lambda record: record.purpose_id.id in purpose_ids)
