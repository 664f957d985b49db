from odoo import models

from ...tools import masking


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _clean_website(self, website):
        """Contacts and leads complete the address of a website before it is written: a
        mask would become an address that nobody takes for one."""
        if masking.looks_masked(website):
            return website
        return super()._clean_website(website)
