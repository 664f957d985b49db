from odoo import api, models
from odoo.tools import consteq

from ..consent.consent_preference import CHANNELS

ANSWERS = {"yes": "granted", "no": "refused"}
# what is posted for a question; of preferences, where the question has some
POSTED = ("answer", "shown")
PREFERRED = ("pause", "most", *(f"by{channel}" for channel in CHANNELS), "topic")
# what is posted of a choice that the page had made itself, and nobody has changed
LEFT = "left"
# sources of answers that persons give themselves, having proved who they are
OWN_SOURCES = ("preferences", "portal", "one_click", "complaint")


class PrivacyPreferencesPage(models.AbstractModel):
    """What the page takes: reading what was posted, and recording it."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _parse(self, form, questions, session):
        """Read a posted form; all of it or nothing.

        :param form: the posted pairs, a multi-dictionary
        :param list questions: what applies to the person now
        :param str session: as of :meth:`_form`
        :return: ({purpose id: "granted" or "refused"}, whether a text shown was
            revised meanwhile); what was left as the page showed it is no answer
        :raise ValueError: when anything is in it that the page did not put there
        """
        by_id = {str(question["id"]): question for question in questions}
        answers, shown = self._read(form, by_id)
        if not set(answers.values()) <= {*ANSWERS, LEFT}:
            raise ValueError("neither yes nor no")
        shown_ids = {n: self._shown_id(session, shown.get(n, "")) for n in answers}
        stale = any(
            by_id[number]["notice_id"] != id_ for number, id_ in shown_ids.items()
        )
        parsed = {
            by_id[number]["id"]: ANSWERS[value]
            for number, value in answers.items()
            if value != LEFT
        }
        return parsed, stale

    @api.model
    def _shown_id(self, session, text):
        """:return: id of a text that the form showed
        :raise ValueError: no form of ours did, to this visitor"""
        number = text.partition("-")[0]
        if not number.isdecimal() or not consteq(
            text.encode(), self._shown(session, int(number)).encode()
        ):
            raise ValueError("no text")
        return int(number)

    @api.model
    def _read(self, form, known):
        """:return: ({number: answer}, {number: id of the text shown}), as posted
        :raise ValueError: when there are other fields, or one twice"""
        posted = {prefix: {} for prefix in (*POSTED, *PREFERRED)}
        for name, values in form.lists():
            prefix, _separator, number = name.partition("_")
            # which of several it is, the module knows that offers them
            prefix = prefix.partition("-")[0]
            if name in ("csrf_token", "lang"):
                continue
            if prefix not in posted or number not in known:
                raise ValueError("unknown field")
            if prefix in PREFERRED and "less" not in known[number]:
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
        answer, by the person, to the same text; what they prefer besides is none"""
        notices = records.purpose_id._current_notices()
        last = records._last_events()
        return records.filtered(
            lambda record: (
                record.value == answers[record.purpose_id.id]
                and record.notice_id == notices[record.purpose_id.id]
                and last[record].kind == "answer"
                and last[record].source in OWN_SOURCES
                and not record.to_review
                # said again, a yes that ends goes on (TIM-4)
                and not record._is_ending()
            )
        )

    @api.model
    def _refuse_email(
        self, subjects, *, evidence, purpose_ids=None, source="one_click"
    ):
        """One-click unsubscription, or what comes to the same: refuse what is about
        e-mail and not refused yet.

        :param list subjects: recordsets
        :param dict evidence: ip and user_agent, or a note
        :param purpose_ids: these instead, whatever they are about
        :param str source: of ``consent.event``; a click proves the address
        """
        for persons in subjects:
            left = self._not_refused(persons, purpose_ids)
            for ids, people in self._by_purposes(persons, left):
                self._save(
                    [people],
                    dict.fromkeys(ids, "refused"),
                    source=source,
                    evidence=evidence,
                    by_address=source == "one_click",
                )

    @api.model
    def _not_refused(self, persons, purpose_ids=None):
        """:return: consents of people that are not refused yet: to these purposes;
        without them, what is about e-mail"""
        records = persons._consent_applying().filtered(lambda r: r.value != "refused")
        if purpose_ids is None:
            return records.filtered("purpose_id.covers_email")
        return records.filtered(lambda record: record.purpose_id.id in purpose_ids)
