from odoo import api, models
from odoo.http import request


class ResCompany(models.Model):
    """Links of a company lead to its website: that of the brand which the person
    belongs to, or the one that Odoo takes for the company's."""

    _inherit = "res.company"

    def _privacy_base_url(self, person=None):
        base_url = super()._privacy_base_url(person)
        known = self.env["website"]._privacy_domains()
        site_ids = [known.of_company.get(self.id)]
        if person and "website_id" in person._fields:
            # superuser: the link is for the person, whoever sends it
            own_id = person.sudo().website_id.id
            # of another company's brand it is not for this one to speak
            site_ids[:0] = [own_id] if known.owner.get(own_id) == self.id else []
        own = (known.usable(site_id, base_url) for site_id in site_ids)
        return next(filter(None, own), base_url)

    @api.model
    def _privacy_base_urls(self):
        known = self.env["website"]._privacy_domains()
        return super()._privacy_base_urls() | known.all

    @api.model
    def _privacy_visited(self):
        if not request:
            return super()._privacy_visited()
        # superuser: as in super()
        site = self.env["website"].sudo().get_current_website()
        return site.company_id, site._privacy_base_url()
