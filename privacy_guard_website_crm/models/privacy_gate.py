from odoo import api, models


class PrivacyGate(models.AbstractModel):
    _inherit = "privacy.gate"

    @api.model
    def _lead_visits_allowed(self, leads):
        """:return: those of the leads whose visits may be tied to them: the person has
        consented, as a contact or as a lead; nothing is asked without consents"""
        purpose = self.env["consent.purpose"].sudo()  # superuser: it binds everybody
        purpose = purpose.search(
            [("tracking_scope", "=", "document"), ("active", "=", True)]
        )
        if not purpose or not self._is_enabled():
            return leads
        contacts = self._trackable(leads.partner_id, "document")
        known = leads.filtered("partner_id")
        allowed = known.filtered(lambda lead: lead.partner_id in contacts)
        return allowed | self._consenting(leads - known, purpose)

    @api.model
    def _consenting(self, leads, purpose):
        """:return: those who have said yes themselves"""
        # superuser: the answers bind everybody
        records = self.env["consent.record"].sudo()
        found = records.search(
            [
                ("purpose_id", "in", purpose.ids),
                ("res_model", "=", leads._name),
                ("res_id", "in", leads.ids),
                ("value", "=", "granted"),
            ]
        )
        holding = found.filtered(lambda consent: consent._value_now() == "granted")
        return leads.browse(holding.mapped("res_id"))
