from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """May it be kept which pages of the website a person looks at?"""

    _inherit = "privacy.gate"

    @api.model
    def _visits_allowed(self, contacts):
        """Visits are document engagement. What nobody asks for is as in Odoo: consents
        that are disabled, and people whom the consent does not apply to.

        :param contacts: any number
        :return: those whose visits may be tied to them; two queries
        """
        purpose = self.env["consent.purpose"].sudo()  # superuser: it binds everybody
        purpose = purpose.search(
            [("tracking_scope", "=", "document"), ("active", "=", True)]
        )
        if not contacts or not purpose or not self._is_enabled():
            return contacts
        # superuser: so do the answers
        records = self.env["consent.record"].sudo()
        found = records.search(
            [
                ("purpose_id", "in", purpose.ids),
                ("res_model", "=", contacts._name),
                ("res_id", "in", contacts.ids),
            ]
        )
        value = {record.res_id: record.value for record in found}
        opt_out = purpose.default_selection == "yes"
        willing = {"granted", "not_applicable"}
        if opt_out:
            willing |= {"applicable", "waiting"}
        return contacts.filtered(
            lambda contact: (
                contact.sudo().privacy_status == "active"
                and value.get(contact.id, "not_applicable") in willing
            )
        )
