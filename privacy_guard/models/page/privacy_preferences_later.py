from dataclasses import dataclass
from datetime import datetime, timezone

from odoo import api, fields, models

from ...constants import OPTED_OUT


@dataclass(frozen=True)
class LaterNo:
    """What a person has said no to since something was begun in their name.

    :param bool stopped: they stopped processing, even if they took that back since
    :param bool email: they opted out of e-mail, or were blacklisted
    :param purposes: ``consent.purpose`` that they refused
    """

    stopped: bool
    email: bool
    purposes: object

    def forbids(self, purpose):
        """:return: whether a yes of before to this consent does not count"""
        return purpose in self.purposes or (self.email and purpose.covers_email)


class PrivacyPreferencesLink(models.AbstractModel):
    """Whoever says no is not overruled by a yes that was begun before and waited: in
    somebody's mailbox, for a confirmation (GDPR Art. 7(3))."""

    _inherit = "privacy.preferences.link"

    @api.model
    def _later_no(self, address, moment):
        """:param str address: canonical
        :param moment: when the yes was begun, UTC or in seconds since 1970; what was
            said in that very second counts as later
        :return: :class:`LaterNo` of everybody with the address"""
        if not isinstance(moment, datetime):
            moment = datetime.fromtimestamp(moment, timezone.utc).replace(tzinfo=None)
        moment = fields.Datetime.to_datetime(moment).replace(microsecond=0)
        stopped, email = False, self._blacklisted_since(address, moment)
        # superuser: what somebody has said binds whoever has their old mail
        purposes = self.env["consent.purpose"].sudo()
        for people in self._everybody_at(address):
            own = [("res_model", "=", people._name), ("res_id", "in", people.ids)]
            since = [*own, ("date", ">=", moment)]
            stops = [*since, ("status_to", "in", ["stopped", "erased"])]
            stopped |= bool(self.env["privacy.status.log"].sudo().search_count(stops))
            outs = [*since, ("value_to", "in", OPTED_OUT)]
            email |= bool(self.env["privacy.opt.in.log"].sudo().search_count(outs))
            purposes |= self._refused_since(own, moment)
        return LaterNo(stopped, email, purposes)

    @api.model
    def _everybody_at(self, address):
        """:return: list of recordsets, one per model, as superuser; duplicates are the
        person, too"""
        for name in self.env["consent.record"]._subject_models():
            # superuser: as above
            model = self.env[name].sudo().with_context(active_test=False)
            if address and (
                people := model.search([(model._consent_email_field, "=", address)])
            ):
                yield people

    @api.model
    def _refused_since(self, own, moment):
        # superuser: as above
        events = self.env["consent.event"].sudo()
        said = ("kind", "in", ["answer", "merge"])
        refused = events.search([*own, said, ("value_to", "=", "refused")])
        return refused.filtered(
            lambda event: (event.answered_at or event.date) >= moment
        ).purpose_id

    @api.model
    def _blacklisted_since(self, address, moment):
        # superuser: as above
        return bool(
            self.env["mail.blacklist"]
            .sudo()
            .search_count([("email", "=", address), ("write_date", ">=", moment)])
        )
