from odoo import api, models
from odoo.exceptions import UserError


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model
    def formbuilder_whitelist(self, model, fields):
        """:raise UserError: a form would take from a visitor whose record it makes"""
        links = self.env["privacy.web.form"]._people_links(model) & set(fields or ())
        if links and not self.env.su:
            raise UserError(
                self.env._(
                    "Forms of the website cannot take %(fields)s of %(model)s: by "
                    "these, a visitor could change the contact of anybody.",
                    fields=", ".join(sorted(links)),
                    model=self.env["ir.model"]._get(model).display_name,
                )
            )
        return super().formbuilder_whitelist(model, fields)
