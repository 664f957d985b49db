from odoo import api, models
from odoo.fields import Domain

from ..consent.consent_record_end import IMPLIED
from ..purpose.consent_purpose_implied import RELATIONSHIPS

# events after which the last relationship counts no more
OVER = ["expire", "elapse", "unrelate", "answer"]


class PrivacyPreferencesPage(models.AbstractModel):
    """What allows messages though the person has not answered, in plain words: because
    of what, and until when (TIM-3). How to object stands beside it."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _implied(self, records, subjects):
        """:param records: iterable of consents to one purpose
        :param list subjects: recordsets
        :return: a sentence, "" where nothing but a yes would allow it"""
        related = [record for record in records if record._value_now() == IMPLIED]
        if not related:
            return ""
        longest = max(related, key=lambda record: record.ends_at)
        return self._implied_by(longest.related_by, longest.ends_at, subjects)

    @api.model
    def _implied_by(self, relationship, until, subjects):
        """:param str relationship: of ``consent.record``"""
        moment = self._moment(until, subjects)
        if relationship == "purchase":
            return self.env._(
                "You bought something from us: because of that, we may write to you "
                "until %s.",
                moment,
            )
        return self.env._(
            "You asked us about something: because of that, we may write to you until "
            "%s.",
            moment,
        )

    @api.model
    def _implied_at(self, event, subjects):
        """:param event: of a consent
        :return: as :meth:`_implied`, of when the event came about"""
        kinds = [*dict(RELATIONSHIPS), *OVER]
        last = self._last_until(event, Domain("kind", "in", kinds))
        since = last.answered_at
        until = since and last.purpose_id._implied_until(last.kind, since)
        return self._implied_by(last.kind, until, subjects) if until else ""
