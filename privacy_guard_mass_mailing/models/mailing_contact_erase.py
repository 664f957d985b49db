from odoo import api, models

from odoo.addons.privacy_guard.extending import person_terms

IDENTIFYING = {
    "company_name",
    "first_name",
    "last_name",
    # where text messages can be sent to mailing contacts
    "mobile",
    "properties",
}


class MailingContact(models.Model):
    """Erasing the person of a mailing contact."""

    _inherit = "mailing.contact"

    @api.model
    def _privacy_identifying_names(self):
        return super()._privacy_identifying_names() | IDENTIFYING

    @api.model
    def _privacy_label_names(self):
        return {"name"}

    def _privacy_label(self):
        return self.env._("Erased mailing contact %s", self.id)

    def _privacy_term_sources(self):
        sources = super()._privacy_term_sources()
        if "mobile" in self._fields:
            sources.append(("mobile", "phone", [person_terms.digits(self.mobile)]))
        return sources

    @api.model
    def _privacy_unlinked_names(self):
        return super()._privacy_unlinked_names() | {"tag_ids"}
