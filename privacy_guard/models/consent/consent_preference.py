from datetime import datetime, timedelta
from functools import reduce
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class Limit(NamedTuple):
    """At most so many messages in any such period."""

    most: int
    period: timedelta


# What people may choose, the strictest first: who keeps to one keeps to all behind it.
LIMITS = {
    "once_month": Limit(1, timedelta(days=30)),
    "once_week": Limit(1, timedelta(days=7)),
    "twice_week": Limit(2, timedelta(days=7)),
}


# By what messages reach people.
CHANNELS = ("mail", "sms", "phone", "post")


class Preference(NamedTuple):
    """How much somebody wants of what they have agreed to, and by what; nothing narrows
    it if all are empty."""

    paused_until: datetime | None = None
    most: str | None = None  # of LIMITS
    without: frozenset = frozenset()  # of CHANNELS

    def changed(self, wish):
        """:param dict wish: what changes: values of these, and of a channel whether it
            is wanted
        :return: this preference with that"""
        values = {name: wish[name] for name in wish.keys() - set(CHANNELS)}
        wanted = {channel for channel in CHANNELS if wish.get(channel)}
        unwanted = wish.keys() & set(CHANNELS) - wanted
        return self._replace(**values, without=self.without - wanted | unwanted)

    def at(self, moment):
        """:return: what is left of it: a pause ends by itself"""
        is_over = self.paused_until and self.paused_until <= moment
        return self._replace(paused_until=None) if is_over else self

    def strictest(self, other):
        """:return: what keeps to both"""
        pauses = filter(None, (self.paused_until, other.paused_until))
        limits = (limit for limit in LIMITS if limit in (self.most, other.most))
        return Preference(
            max(pauses, default=None), next(limits, None), self.without | other.without
        )


NONE = Preference()


class ConsentPreference(models.Model):
    """Less instead of none (PRF-1): how much of what they agreed to a person wants.

    It narrows a consent and is none: whatever stands here, nothing goes to whom the
    consent does not allow. Rows say what holds now; ``_consent_prefer()`` of the
    subject alone writes them, with an event of each change.
    """

    _name = "consent.preference"
    _description = "Preference of a contact"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "purpose_id"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, readonly=True, ondelete="restrict"
    )
    paused_until = fields.Datetime(readonly=True)
    most = fields.Selection(
        [
            ("once_month", "Once a month"),
            ("once_week", "Once a week"),
            ("twice_week", "Twice a week"),
        ],
        "At most",
        readonly=True,
    )
    # as "phone,sms"
    without = fields.Char("Not by", readonly=True)
    since = fields.Datetime("Holds since", required=True, readonly=True)

    _subject_purpose_uniq = models.Constraint(
        "UNIQUE (res_model, res_id, purpose_id)",
        "A person has one preference per consent.",
    )

    def _value(self):
        """:return: ``Preference`` that this row holds; none of an empty recordset"""
        return Preference(
            self.paused_until or None, self.most or None, channels_in(self.without)
        )

    @api.model
    def _any(self):
        """:return: whether anybody has chosen anything: one cheap look, which spares
        all others"""
        self.flush_model()
        [(found,)] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM consent_preference)")
        )
        return found

    @api.model
    def _of(self, model_name, ids):
        """:return: the rows of these subjects, as superuser"""
        # superuser: a preference binds whoever may read it
        domain = [("res_model", "=", model_name), ("res_id", "in", list(ids))]
        return self.sudo().search(domain)

    def _strictest(self):
        """:return: what keeps to all of these rows"""
        return reduce(Preference.strictest, (row._value() for row in self), NONE)

    @api.model
    def _put(self, model_name, chosen):
        """:param dict chosen: {(id of a subject, id of a purpose): ``Preference``}"""
        ids = {res_id for res_id, _purpose in chosen}
        there = self._of(model_name, ids).grouped(
            lambda row: (row.res_id, row.purpose_id.id)
        )
        now = fields.Datetime.now()
        for key, preference in chosen.items():
            without = ",".join(sorted(preference.without)) or False
            values = {**preference._asdict(), "without": without, "since": now}
            if preference == NONE:
                there.get(key, self)._drop()
            elif key in there:
                there[key]._set(values)
            else:
                res_id, purpose_id = key
                own = {"res_model": model_name, "res_id": res_id}
                self._make([{**own, "purpose_id": purpose_id, **values}])

    @api.model
    def _describe(self, preference):
        """:return: what an event keeps of it, for whoever reads the evidence"""
        limits = dict(self._fields["most"]._description_selection(self.env))
        pause = fields.Datetime.to_string(preference.paused_until)
        without = [self._channel_label(c) for c in CHANNELS if c in preference.without]
        parts = [
            pause and self.env._("Pause until (UTC): %s", pause),
            preference.most and self.env._("At most: %s", limits[preference.most]),
            without and self.env._("Not by: %s", ", ".join(without)),
        ]
        return "; ".join(filter(None, parts)) or self.env._("No preference any more.")

    @api.model
    def _channel_label(self, channel):
        """:param str channel: of CHANNELS
        :return: what people call it"""
        return self.env["privacy.preferences.page"]._channels_in_words()[channel]

    @api.autovacuum
    def _gc_ended(self):
        """A pause that is over narrows nothing."""
        # superuser: housekeeping
        now, nothing = (
            fields.Datetime.now(),
            [("most", "=", False), ("without", "=", False)],
        )
        self.sudo().search([("paused_until", "<", now), *nothing])._drop()


def channels_in(text):
    """:param str text: of the column
    :return: set of the channels in it"""
    return frozenset(filter(None, (text or "").split(",")))
