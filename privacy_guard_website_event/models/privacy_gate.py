from odoo import api, models


class PrivacyGate(models.AbstractModel):
    _inherit = "privacy.gate"

    @api.model
    def _visits_allowed(self, attendees):
        """Of whom visits of the website may be tied to a registration: who has
        consented, as a contact. Nothing is asked without consents.

        :param set attendees: pairs of the normalised address of who attends, or False,
            and the id of the contact who booked, who counts where there is no address
        :return: set of those who allow it
        """
        if not attendees or not self._is_enabled():
            return attendees
        purposes = self.env["consent.purpose"].sudo()  # superuser: it binds everybody
        if not purposes.search([("tracking_scope", "=", "document")], limit=1):
            return attendees
        addresses = [address for address, _id in attendees if address]
        # superuser: as above
        contacts = self.env["res.partner"].sudo()
        booked = contacts.browse(id_ for address, id_ in attendees if id_).exists()
        found = contacts.search([("email_normalized", "in", addresses)])
        allowed = self._trackable(found | booked, "document")
        known = set((allowed & found).mapped("email_normalized"))
        return {
            (address, id_)
            for address, id_ in attendees
            if (address in known if address else id_ in allowed.ids)
        }
