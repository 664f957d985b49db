from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from odoo.addons.privacy_guard.extending import addresses as mailboxes


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model
    def _privacy_attended_domain(self, addresses, contacts):
        """A registration is of whoever attends: with their address, or, without any,
        of the contact who booked.

        :param addresses: normalised
        :param contacts: of the person
        :return: Domain of the person's registrations
        """
        own = Domain.OR(
            Domain("email", "=ilike", escape_psql(way))
            for address in sorted(addresses)
            for way in mailboxes.spellings(address)
        )
        booked = Domain("partner_id", "in", contacts.ids)
        return own | booked & Domain("email", "=", False)
