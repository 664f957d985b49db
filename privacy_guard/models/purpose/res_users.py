from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _privacy_is_in_all_companies(self):
        """Record rules ask it, too.

        :return: whether the user may decide what binds the people of all companies
        """
        self.ensure_one()
        own = [("id", "in", self.company_ids.ids)]
        # superuser: also companies that the user does not see
        companies = self.env["res.company"].sudo()
        return companies.search_count(own) == companies.search_count([])
