from odoo import api, models

from ...tools import person_terms

IDENTIFYING = {
    "barcode",
    "birth_city",
    "birth_country_id",
    "birth_state_id",
    "birthdate",
    "birthdate_date",
    "city",
    "city_id",
    "comment",
    "company_name",
    "company_registry",
    "email",
    "fax",
    "firstname",
    "function",
    "gender",
    "lastname2",
    "mobile",
    "nationality_id",
    "partner_latitude",
    "partner_longitude",
    "phone",
    "phone2",
    "properties",
    "ref",
    "state_id",
    "street",
    "street2",
    "street3",
    "title_id",
    "vat",
    "website",
    "zip",
    "zip_id",
}
# where add-ons of others keep numbers, too
NUMBERS = ("phone", "phone_sanitized", "mobile", "phone2")


class ResPartner(models.Model):
    """Erasing a contact: its addresses go along, its employees do not."""

    _inherit = "res.partner"

    @api.model
    def _privacy_identifying_names(self):
        return super()._privacy_identifying_names() | IDENTIFYING

    @api.model
    def _privacy_unlinked_names(self):
        groups = {"interest_group_ids"} & self._fields.keys()
        return super()._privacy_unlinked_names() | {"category_id"} | groups

    @api.model
    def _privacy_structural_names(self):
        return super()._privacy_structural_names() | {"lang", "tz", "type"}

    @api.model
    def _privacy_label_names(self):
        """Where the name is composed of its parts, the label is one of them: what
        computes it again finds it."""
        parts = {"lastname"} & {
            name for name, field in self._fields.items() if field.store
        }
        return super()._privacy_label_names() | parts

    def _privacy_label(self):
        return self.env._("Erased contact %s", self.id)

    def _privacy_address_records(self):
        """Delivery, invoice and other addresses; a contact of a person or a company is
        a person of its own, with addresses of its own."""
        # superuser: addresses go along, whoever may see them
        partners = self.sudo().with_context(active_test=False)
        found, level = partners.browse(), partners
        while level:
            level = partners.search(
                [("parent_id", "in", level.ids), ("type", "!=", "contact")]
            )
            found |= level
        return found.with_env(self.env)

    def _privacy_erasure_blockers(self):
        """Employees, the company and what Odoo needs are not erased this way."""
        blockers = super()._privacy_erasure_blockers()
        # superuser: whom Odoo needs does not depend on who looks
        partners = self.sudo().with_context(active_test=False)
        technical = set(partners._privacy_technical_partner_ids())
        companies = self.env["res.company"].sudo()
        own = companies.search([("partner_id", "in", self.ids)]).partner_id
        employed = partners.user_ids.filtered(lambda user: not user.share).partner_id
        for partner in partners:
            if partner in own or partner.id in technical:
                blockers[partner.id] = self.env._("Odoo cannot work without it.")
            elif partner in employed:
                blockers[partner.id] = self.env._(
                    "It belongs to an internal user: end the employment in Odoo first."
                )
        return blockers

    def _privacy_term_sources(self):
        numbers = {
            name: [person_terms.digits(self[name])]
            for name in NUMBERS
            if name in self._fields
        }
        logins = [
            address
            for user in self.user_ids
            for address in person_terms.addresses(user.login)
        ]
        return [
            *super()._privacy_term_sources(),
            *((name, "phone", values) for name, values in numbers.items()),
            ("email", "email", logins),
        ]
