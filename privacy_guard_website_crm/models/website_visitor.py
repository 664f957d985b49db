from odoo import Command, api, models


class WebsiteVisitor(models.Model):
    """A form that makes a lead tells which visitor sent it. That ties the pages that
    somebody looked at to them, which needs their consent to document engagement."""

    _inherit = "website.visitor"

    @api.model_create_multi
    def create(self, vals_list):
        visitors = super().create(
            [{k: v for k, v in vals.items() if k != "lead_ids"} for vals in vals_list]
        )
        for visitor, vals in zip(visitors, vals_list, strict=True):
            if vals.get("lead_ids"):
                visitor.write({"lead_ids": vals["lead_ids"]})
        return visitors

    def write(self, vals):
        result = super().write(vals)
        if "lead_ids" in vals:
            self._privacy_forget_leads()
        return result

    def _privacy_forget_leads(self):
        """Untie the leads of people who have not consented."""
        leads = self.sudo().lead_ids  # superuser: whoever may see them
        refused = leads - self.env["privacy.gate"]._lead_visits_allowed(leads)
        for visitor in self.sudo().filtered(lambda v: v.lead_ids & refused):
            gone = visitor.lead_ids & refused
            visitor.write({"lead_ids": [Command.unlink(lead.id) for lead in gone]})

    @api.autovacuum
    def _gc_privacy_leads(self):
        """What a person has withdrawn, or their status does not allow any more."""
        self.sudo().search([("lead_ids", "!=", False)])._privacy_forget_leads()
