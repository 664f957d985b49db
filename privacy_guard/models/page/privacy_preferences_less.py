from datetime import timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_date

from ..consent.consent_preference import LIMITS, NONE
from .privacy_preferences_save import LEFT

# for how many months people may pause
PAUSES = (1, 3, 6)
# what is posted to end a pause, or a limit
NOTHING = "none"


class PrivacyPreferencesPage(models.AbstractModel):
    """Less instead of none (PRF-1): below a question about messages, how much of them
    the person wants. A preference narrows a yes, and is none."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _offer_less(self, questions, subjects):
        """Add to the questions about messages what can be chosen besides, as "less".

        :param list questions: of :meth:`_questions`
        """
        # superuser: what a question is about is no secret of who is asked
        purposes = self.env["consent.purpose"].sudo()
        purposes = purposes.browse([question["id"] for question in questions])
        offered = purposes._privacy_about_messages()
        present = self._present_preferences(subjects) if offered else {}
        for question in questions:
            if question["id"] in offered.ids:
                preference = present.get(question["id"], NONE)
                question["less"] = self._less(question["id"], preference, subjects)

    @api.model
    def _less_question(self):
        """:return: what who has left is asked"""
        return self.env._("Rather less instead?")

    @api.model
    def _present_preferences(self, subjects):
        """:return: {purpose id: ``Preference``}: of several records of a person the
        strictest holds"""
        now, found = fields.Datetime.now(), {}
        for persons in subjects:
            for (_id, purpose), own in persons._consent_preferences().items():
                found[purpose] = found.get(purpose, NONE).strictest(own.at(now))
        return found

    @api.model
    def _less(self, number, preference, subjects):
        """:return: list of what can be chosen; what holds comes first, and is no choice
        when it is posted"""
        return [
            {
                "name": f"{name}_{number}",
                "label": label,
                "options": [{"value": LEFT, "label": self._less_label(name, holds)}]
                + [
                    {"value": value, "label": text}
                    for value, text in options.items()
                    if not holds or value != holds
                ],
            }
            for name, label, holds, options in self._less_options(preference, subjects)
        ]

    @api.model
    def _less_options(self, preference, subjects):
        """:return: list of (name, label, what holds, {value: text})"""
        today, pause = fields.Datetime.now(), preference.paused_until
        pauses = {
            str(months): self._until(today + relativedelta(months=months), subjects)
            for months in PAUSES
        }
        ends = {NOTHING: self._less_label("pause", None)} if pause else {}
        limits = {name: self._less_label("most", name) for name in LIMITS}
        lifted = {NOTHING: self._less_label("most", None)} if preference.most else {}
        until = self._until(pause, subjects) if pause else None
        return [
            ("pause", self.env._("Pause"), until, {**ends, **pauses}),
            ("most", self.env._("At most"), preference.most, {**lifted, **limits}),
        ]

    @api.model
    def _until(self, moment, subjects):
        zone = ZoneInfo(self._company(subjects)._privacy_tz())
        day = moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
        return self.env._("Until %s", format_date(self.env, day, date_format="long"))

    @api.model
    def _less_label(self, name, value):
        """:param str name: "pause" or "most"
        :param value: what holds of it, None for nothing"""
        if name == "pause":
            return value or self.env._("No pause")
        labels = {
            "once_month": self.env._("Once a month"),
            "once_week": self.env._("Once a week"),
            "twice_week": self.env._("Twice a week"),
        }
        return labels.get(value) or self.env._("No limit")

    # ------------------------------------------------------------------
    # Saving
    # ------------------------------------------------------------------

    @api.model
    def _parse_less(self, form, questions):
        """:param form: posted pairs, of which :meth:`_parse` says that all are known
        :return: {purpose id: what changes of a ``Preference``}
        :raise ValueError: what was posted is none of what was offered
        """
        wishes = {}
        for question in questions:
            for choice in question.get("less", ()):
                value = form.get(choice["name"], LEFT)
                offered = {option["value"] for option in choice["options"]}
                # what holds may have changed in another window meanwhile
                if value not in {*offered, *LIMITS, NOTHING}:
                    raise ValueError("nothing that was offered")
                if value != LEFT:
                    name, _separator, _number = choice["name"].partition("_")
                    wish = self._wish(name, value)
                    wishes.setdefault(question["id"], {}).update(wish)
        return wishes

    @api.model
    def _wish(self, name, value):
        if name == "most":
            if value not in {*LIMITS, NOTHING}:
                raise ValueError("no limit")
            return {"most": None if value == NOTHING else value}
        if value == NOTHING:
            return {"paused_until": None}
        if not value.isdecimal():
            raise ValueError("no pause")
        until = fields.Datetime.now() + relativedelta(months=int(value))
        return {"paused_until": until}

    @api.model
    def _widens(self, subjects, wishes):
        """:return: whether saving these wishes would let more come than now: a pause
        ends before its time, a limit is raised"""
        if not wishes:
            return False
        present = self._present_preferences(subjects)
        for number, wish in wishes.items():
            before = present.get(number, NONE)
            after = before._replace(**wish)
            if after != after.strictest(before):
                return True
        return False

    @api.model
    def _save_less(self, subjects, wishes, *, may_widen=True, **how):
        """As :meth:`_save`. Where the address is unproven (IDN-3), only what narrows
        counts.

        :param dict wishes: of :meth:`_parse_less`
        :param bool may_widen: as of ``_consent_prefer``
        :return: number of preferences recorded
        """
        recorded = 0
        for persons in subjects if wishes else ():
            proven = persons._privacy_proven()
            recorded += proven._consent_prefer(wishes, may_widen=may_widen, **how)
            others = persons - proven
            recorded += others._consent_prefer(wishes, may_widen=False, **how)
        return recorded

    # ------------------------------------------------------------------
    # What was recorded
    # ------------------------------------------------------------------

    @api.model
    def _add_less(self, lines, subjects):
        """:param list lines: of :meth:`_recorded`; changed
        :return: them, each with the preference in words, named "less"
        """
        present = self._present_preferences(subjects) if lines else {}
        for line in lines:
            preference = present.get(line["id"], NONE)
            line["less"] = self._less_in_words(preference, subjects)
        return lines

    @api.model
    def _less_in_words(self, preference, subjects):
        """:return: the preference in one line, "" if there is none"""
        options = self._less_options(preference, subjects)
        return " · ".join(
            f"{label}: {self._less_label(name, holds)}"
            for name, label, holds, _options in options
            if holds
        )
