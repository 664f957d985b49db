from functools import reduce

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import (
    UNWANTED_CHANNEL,
    Preference,
    channels_in,
)


class PrivacyGate(models.AbstractModel):
    """Between yes and no: later, and when (PRF-1).

    Consent goes before preference: who is asked here may get the mailing at all.
    """

    _inherit = "privacy.gate"

    @api.model
    def _mailing_delays(self, purposes, addresses):
        """Who would get a mailing later than now, in a constant number of queries: one
        where nobody has any preference.

        :param purposes: ``consent.purpose`` that the mailing relies on
        :param addresses: where it would go
        :return: {address: when} of those who would get it later
        """
        wanted = self._preferences(purposes, addresses)
        limits = {a: wish.most for a, wish in wanted.items() if wish.most}
        delays = self.env["privacy.message.place"]._next(limits)
        for address, wish in wanted.items():
            if wish.paused_until:
                until = delays.get(address, wish.paused_until)
                delays[address] = max(until, wish.paused_until)
        return delays

    @api.model
    def _take_places(self, purposes, messages):
        """Marketing messages are about to leave.

        :param purposes: as of :meth:`_mailing_delays`
        :param dict messages: {name of a message: its addresses}
        :return: {name: when to come again} of those that have to wait; of the others
            it is counted that they have left
        """
        wanted = self._preferences(purposes, set().union(*messages.values()))
        waiting, limited = {}, {}
        for name, addresses in messages.items() if wanted else ():
            wishes = {a: wanted[a] for a in addresses if a in wanted}
            pauses = [w.paused_until for w in wishes.values() if w.paused_until]
            limits = {a: wish.most for a, wish in wishes.items() if wish.most}
            if pauses:
                waiting[name] = max(pauses)
            elif limits:
                limited[name] = limits
        if limited:
            waiting |= self.env["privacy.message.place"]._claim(limited)
        return waiting

    @api.model
    def _unwanted(self, purposes, addresses):
        """Who wants something, and not by this channel (PRF-2).

        :param purposes: as of :meth:`_mailing_delays`
        :param addresses: where it would go
        :return: set of those addresses
        """
        wanted = self._preferences(purposes, addresses)
        return {a for a, w in wanted.items() if self._channel_of(a) in w.without}

    @api.model
    def _unwanted_without_purpose(self, covers, addresses):
        """As :meth:`_unwanted`, of what names no consent.

        :param str covers: as of :meth:`_marketing_purposes`
        :return: {address: refusal reason}
        """
        if not self.env["consent.preference"]._any():
            return {}
        purposes = self._marketing_purposes(covers)
        return dict.fromkeys(self._unwanted(purposes, addresses), UNWANTED_CHANNEL)

    @api.model
    def _channel_of(self, address):
        """:return: of ``CHANNELS``, what reaches somebody there"""
        return "mail"

    @api.model
    def _marketing_purposes(self, covers):
        """What is sent to many people without a mailing names no consent: whatever the
        person wants less of by the channel holds for it.

        :param str covers: field of the consents that are about the channel
        :return: these ``consent.purpose``, as superuser
        """
        # superuser: it binds users who may not read them
        purposes = self.env["consent.purpose"].sudo()
        return purposes.search([("kind", "=", "custom"), (covers, "=", True)])

    @api.model
    def _preferences(self, purposes, addresses):
        """How much the people with these addresses want, now. Duplicates say nothing;
        of several records of a person the strictest wish holds.

        :return: {address: ``Preference``} of those who want less
        """
        preferences = self.env["consent.preference"]
        if not self._is_enabled() or not addresses or not preferences._any():
            return {}
        selects = self._selects_by_address(
            addresses,
            lambda model, key, asked: model._consent_preferred_sql(
                purposes, key, asked
            ),
            further=3,
        )
        found, now = {}, fields.Datetime.now()
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        for address, paused_until, most, without in rows:
            wish = Preference(paused_until, most, channels_in(without)).at(now)
            wishes = (wish, found.get(address, wish))
            found[address] = reduce(Preference.strictest, wishes)
        return {address: wish for address, wish in found.items() if any(wish)}
