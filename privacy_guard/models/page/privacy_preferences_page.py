from odoo import api, models
from odoo.tools import format_datetime

from ...tools import contrast

FALLBACK_COLOR = "#1f4e79"
SELECTED = {"granted": "yes", "refused": "no"}


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
        own = self._own_answers(records)
        questions = [
            self._question(
                purpose, notices[purpose.id], records[purpose], subjects, own
            )
            for purpose in records
            if notices[purpose.id]
        ]
        self._offer_less(questions, subjects)
        return sorted(questions, key=lambda q: (q["sequence"], q["id"]))

    @api.model
    def _own_answers(self, records):
        """:param dict records: {purpose: list of consents}
        :return: set of ids of those of the consents on which the person has answered,
            themself, what they are asked now"""
        ids = [record.id for some in records.values() for record in some]
        # superuser: as where they come from, _consent_applying()
        everything = self.env["consent.record"].sudo().browse(ids)
        answers = {p.id: self._common_answer(some) for p, some in records.items()}
        return set(self._repeated(everything, answers).ids)

    @api.model
    def _question(self, purpose, notice, records, subjects, own):
        answer = self._common_answer(records)
        opt_out = notice.default_selection == "yes"
        answered = [record.answered_at for record in records if record.answered_at]
        ends = [r.ends_at for r in records if r.value == "granted" and r.ends_at]
        return {
            "id": purpose.id,
            "sequence": purpose.sequence,
            "kind": purpose.kind,
            "name": notice.name,
            "text": notice.text,
            "lang": self._html_lang(notice.lang),
            "direction": self._direction(notice.lang),
            "notice_id": notice.id,
            "company": (purpose.company_id or self._company(subjects)).name,
            "opt_out": opt_out,
            "legal_basis": self._legal_basis(notice),
            "implied": self._implied(records, subjects),
            "selected": self._selected(records, own, opt_out),
            "answer": answer,
            "answered_on": self._moment(max(answered), subjects) if answered else "",
            "ends_on": self._moment(min(ends), subjects) if ends else "",
            "to_review": any(record.to_review for record in records),
        }

    @api.model
    def _selected(self, records, own, opt_out):
        """GDPR Art. 7: nothing is ticked for the person, except what they have said
        themself of this very text, and what holds unless they object. Posted as it was,
        it is no answer (T4).

        :param list records: consents to one purpose
        :param own: of :meth:`_own_answers`
        :return: "yes", "no" or None
        """
        if all(record.id in own for record in records):
            return SELECTED[records[0].value]
        refused = any(record.value == "refused" for record in records)
        return "yes" if opt_out and not refused else None

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
    def _accents(self, company):
        """:return: style with the company's colour: dark enough to be read on white,
        and light enough on the dark page"""
        color = company.primary_color
        light = contrast.readable(color, FALLBACK_COLOR)
        dark = contrast.readable(color, FALLBACK_COLOR, contrast.DARK)
        return f"--pg-accent-light: {light}; --pg-accent-dark: {dark}"

    @api.model
    def _html_lang(self, code):
        """:return: BCP 47 tag of an Odoo language code"""
        return (code or "en").split("@", 1)[0].replace("_", "-")

    @api.model
    def _direction(self, code):
        """:return: ltr or rtl, of an Odoo language code"""
        return self.env["res.lang"]._get_data(code=code).direction or "ltr"

    @api.model
    def _moment(self, moment, subjects):
        """:return: date and time in words, with the time zone"""
        tz = self._company(subjects)._privacy_tz()
        return format_datetime(self.env, moment, tz=tz, dt_format="long")
