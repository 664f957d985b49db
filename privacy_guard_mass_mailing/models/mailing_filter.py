from ast import literal_eval
from contextlib import suppress

from odoo import api, models
from odoo.fields import Domain


class MailingFilter(models.Model):
    """Recipients are chosen by what the user who says so may read."""

    _inherit = "mailing.filter"

    @api.model_create_multi
    def create(self, vals_list):
        filters = super().create(vals_list)
        filters._privacy_check_choice()
        return filters

    def write(self, vals):
        result = super().write(vals)
        if {"mailing_domain", "mailing_model_id"} & vals.keys():
            self._privacy_check_choice()
        return result

    def _privacy_check_choice(self):
        """:raise AccessError: when a field, or a model, is not the user's to read"""
        if not self.env["privacy.gate"]._is_enabled():
            return
        for saved in self:
            self._privacy_check_readable(saved.mailing_model_name, saved.mailing_domain)

    @api.model
    def _privacy_check_readable(self, model_name, expression):
        """:param str expression: domain as text
        :raise AccessError: when a field, or a model, is not the user's to read
        """
        # what is no domain is refused by whoever searches for it
        with suppress(SyntaxError, TypeError, ValueError):
            domain = Domain(literal_eval(expression))
            self.env["consent.purpose"]._check_readable(self.env[model_name], domain)
