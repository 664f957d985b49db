from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ..domains import Domains

# where links lead, and of which company
PLACES = ("domain", "company_id")


class Website(models.Model):
    """Personal links lead to the domain of a website: whoever chooses it could have
    them come to their own server. It is for whoever may change the address of the
    server itself to choose, and leaves a line in the log."""

    _name = "website"
    _inherit = ["website", "privacy.logged.mixin"]
    _privacy_logged = PLACES

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("domain") for vals in vals_list):
            self._privacy_check_places()
        sites = super().create(vals_list)
        self.env.registry.clear_cache()
        return sites

    def write(self, vals):
        changed = [
            name
            for name in PLACES
            if name in vals
            and any(site._privacy_is_new(name, vals[name]) for site in self)
        ]
        if changed:
            self._privacy_check_places()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _privacy_is_ours(self):
        """Each: links may lead to all of them."""
        return True

    def _privacy_is_new(self, name, value):
        """:return: whether a value that is written changes the field"""
        field = self._fields[name]
        return field.convert_to_write(self[name], self) != (value or False)

    @api.model
    def _privacy_check_places(self):
        """:raise AccessError: consents are enabled, and the user may not say where
        links lead"""
        if self.env["privacy.gate"]._is_enabled() and not self.env.user.has_group(
            "base.group_system"
        ):
            raise AccessError(
                self.env._(
                    "Personal links in mails lead to the domain of a website: changing "
                    "it, or the company, needs the right to change settings."
                )
            )

    def _privacy_base_url(self):
        """:return: base URL of what is sent to a visitor of this website"""
        self.ensure_one()
        base_url = self.browse().get_base_url()
        return self._privacy_domains().usable(self.id, base_url) or base_url

    @api.model
    @ormcache()
    def _privacy_domains(self):
        """Kept: each mail that leaves asks.

        :return: ``Domains``
        """
        # superuser: where links lead does not depend on who sends them
        sites = self.sudo().search([("company_id", "!=", False)])
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        companies = companies.search([("website_id", "!=", False)])
        return Domains(
            owner={site.id: site.company_id.id for site in sites},
            of_company={company.id: company.website_id.id for company in companies},
            addresses={site.id: site.domain_punycode or "" for site in sites},
            all=frozenset(filter(None, sites.mapped("domain"))),
        )
