from odoo import api, models


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    # Tagging from the side of the tag passes the gate too.

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("partner_ids") for vals in vals_list):
            return super().create(vals_list)
        with self.env.cr.savepoint():
            categories = super().create(vals_list)
            categories._check_tagged(categories._tagged())
        return categories

    def write(self, vals):
        if "partner_ids" not in vals:
            return super().write(vals)
        before = self._tagged()
        with self.env.cr.savepoint():
            result = super().write(vals)
            self._check_tagged(before ^ self._tagged())
        return result

    def _tagged(self):
        """:return: {(category id, contact id)}"""
        # superuser: also contacts that the user does not see
        categories = self.sudo().with_context(active_test=False)
        return {(tag.id, id_) for tag in categories for id_ in tag.partner_ids.ids}

    def _check_tagged(self, changed):
        """:raise UserError: when the tags of a locked contact would change"""
        ids = {contact_id for _category_id, contact_id in changed}
        partners = self.env["res.partner"].browse(sorted(ids))
        if partners:
            self.env["privacy.gate"]._check_unlocked(partners, {"category_id"})
