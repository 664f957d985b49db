from odoo import api, models

from odoo.addons.privacy_guard.extending import person_terms

IDENTIFYING = {
    "city",
    "contact_name",
    "description",
    "email_cc",
    "function",
    "lead_properties",
    "location_id",
    "partner_name",
    "phone",
    "referred",
    "state_id",
    "street",
    "street2",
    "vat",
    "website",
    "zip",
}


class CrmLead(models.Model):
    """Erasing the person of a lead."""

    _inherit = "crm.lead"
    _privacy_name_field = "contact_name"

    @api.model
    def _privacy_identifying_names(self):
        return super()._privacy_identifying_names() | IDENTIFYING

    @api.model
    def _privacy_label_names(self):
        """The title of a lead is often the name of its person."""
        return {"name"}

    def _privacy_label(self):
        return self.env._("Erased lead %s", self.id)

    def _privacy_term_sources(self):
        numbers = {
            person_terms.digits(self[name]) for name in ("phone", "phone_sanitized")
        }
        return [*super()._privacy_term_sources(), ("phone", "phone", sorted(numbers))]
