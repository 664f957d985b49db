from datetime import timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_date

from ..consent.consent_preference import CHANNELS, LIMITS, NONE
from .privacy_preferences_save import LEFT, PREFERRED

# for how many months people may pause
PAUSES = (1, 3, 6)
# what is posted to end a pause, or a limit
NOTHING = "none"
# in the context of the page: the visitor has come by a login, and by no link
BY_LOGIN = "privacy_by_login"
# what is posted of a channel: whether it is wanted
WANTED = {"yes": True, "no": False}


class PrivacyPreferencesPage(models.AbstractModel):
    """Less instead of none (PRF-1, PRF-2): below a question about messages, how much of
    them the person wants, and by what. A preference narrows a yes, and is none."""

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
        channels = {purpose.id: purpose._privacy_own_channels() for purpose in purposes}
        any_offered = offered or any(channels.values())
        present = self._present_preferences(subjects) if any_offered else {}
        for question in questions:
            number, about = question["id"], channels[question["id"]]
            if number in offered.ids or about:
                preference = present.get(number, NONE)
                how_much = number in offered.ids
                options = self._less_options(preference, subjects) if how_much else []
                options += self._channel_options(preference, about)
                question["less"] = self._less(number, options)

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
    def _less(self, number, options):
        """:param list options: of :meth:`_less_options` and :meth:`_channel_options`
        :return: list of what can be chosen; what holds comes first, and is no choice
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
            for name, label, holds, options in options
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
    def _channel_options(self, preference, channels):
        """:return: as of :meth:`_less_options`"""
        words = self._channels_in_words()
        yes, no = {"yes": self.env._("Yes")}, {"no": self.env._("No")}
        return [
            (f"by{channel}", words[channel], "no", yes)
            if channel in preference.without
            else (f"by{channel}", words[channel], None, no)
            for channel in channels
        ]

    @api.model
    def _channels_in_words(self):
        return {
            "mail": self.env._("By e-mail"),
            "sms": self.env._("By text message"),
            "phone": self.env._("By phone"),
            "post": self.env._("By post"),
        }

    @api.model
    def _until(self, moment, subjects):
        zone = ZoneInfo(self._company(subjects)._privacy_tz())
        day = moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
        return self.env._("Until %s", format_date(self.env, day, date_format="long"))

    @api.model
    def _less_label(self, name, value):
        """:param str name: of ``PREFERRED``
        :param value: what holds of it, None for nothing"""
        if name == "pause":
            return value or self.env._("No pause")
        if name != "most":
            return self.env._("No") if value else self.env._("Yes")
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
        :return: {purpose id: what changes, as of ``Preference.changed``}
        :raise ValueError: what was posted is none of what was offered
        """
        wishes, left = {}, {n: v for n, v in form.items() if _is_choice(n)}
        for question in questions:
            for choice in question.get("less", ()):
                left.pop(choice["name"], None)
                value = form.get(choice["name"], LEFT)
                offered = {option["value"] for option in choice["options"]}
                # what holds may have changed in another window meanwhile
                if value not in {*offered, *LIMITS, *WANTED, NOTHING}:
                    raise ValueError("nothing that was offered")
                if value != LEFT:
                    name, _separator, _number = choice["name"].partition("_")
                    wish = self._wish(name, value)
                    wishes.setdefault(question["id"], {}).update(wish)
        # what is offered may have changed meanwhile as well: no asks for nothing
        if not set(left.values()) <= {LEFT, "no"}:
            raise ValueError("nothing that was offered")
        return wishes

    @api.model
    def _wish(self, name, value):
        if name.startswith("by"):
            if value not in WANTED:
                raise ValueError("neither wanted nor not")
            return {name[2:]: WANTED[value]}
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
        ends before its time, a limit is raised, a channel comes back"""
        if not wishes:
            return False
        present = self._present_preferences(subjects)
        for number, wish in wishes.items():
            before = present.get(number, NONE)
            after = before.changed(wish)
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
        without = [channel for channel in CHANNELS if channel in preference.without]
        options += self._channel_options(preference, without)
        return " · ".join(
            f"{label}: {self._less_label(name, holds)}"
            for name, label, holds, _options in options
            if holds
        )


def _is_choice(name):
    """:return: whether a posted field is of what people prefer"""
    return name.partition("_")[0].partition("-")[0] in PREFERRED
