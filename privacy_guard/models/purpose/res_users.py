from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _privacy_is_in_all_companies(self):
        """Record rules ask it, too.

        :return: whether the user may decide what binds the people of all companies
        """
        self.ensure_one()
        # superuser: also companies that who asks does not see; it may be about another
        user = self.sudo()
        own = [("id", "in", user.company_ids.ids)]
        companies = user.env["res.company"]
        return companies.search_count(own) == companies.search_count([])
