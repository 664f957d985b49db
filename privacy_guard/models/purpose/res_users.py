from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _privacy_is_in_all_companies(self):
        """Record rules ask it, too.

        :return: whether the user may decide what binds the people of all companies
        """
        self.ensure_one()
        # superuser: also companies that the user, or who asks about them, does not see
        own = [("id", "in", self.sudo().company_ids.ids)]
        companies = self.env["res.company"].sudo()
        return companies.search_count(own) == companies.search_count([])

    def _privacy_reached_companies(self):
        """How far what a user does reaches (ROL-2), by all companies they are in: which
        of them are ticked is no matter of rights. Nobody is a person who has proven
        that they ask for themself.

        :return: ids of the companies; None: all there are
        """
        if not self or self._is_superuser():
            return None
        # superuser: it does not depend on who runs it
        return self.sudo().company_ids.ids
