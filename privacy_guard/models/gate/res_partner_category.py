from odoo import api, models
from odoo.tools import SQL


class ResPartnerCategory(models.Model):
    """Tagging a contact from the side of the tag passes the gate too."""

    _inherit = "res.partner.category"

    @api.model_create_multi
    def create(self, vals_list):
        # a default, of the context or for good, tags as well
        if not any(vals.get("partner_ids") for vals in vals_list) and not (
            self.default_get(["partner_ids"])
        ):
            return super().create(vals_list)
        with self.env.cr.savepoint():
            categories = super().create(vals_list)
            categories._privacy_check_tagged(categories._privacy_tagged())
        return categories

    def write(self, vals):
        if "partner_ids" not in vals:
            return super().write(vals)
        before = self._privacy_tagged()
        with self.env.cr.savepoint():
            result = super().write(vals)
            self._privacy_check_tagged(before ^ self._privacy_tagged())
        return result

    def _privacy_tagged(self):
        """:return: {(category id, contact id)} of the contacts that are locked"""
        self.flush_model(["partner_ids"])
        field = self._fields["partner_ids"]
        return set(
            self.env.execute_query(
                SQL(
                    """
                    SELECT tag.%(category)s, tag.%(partner)s
                      FROM %(relation)s tag
                      JOIN res_partner partner ON partner.id = tag.%(partner)s
                     WHERE tag.%(category)s = ANY(%(ids)s)
                       AND partner.privacy_status <> 'active'
                    """,
                    category=SQL.identifier(field.column1),
                    partner=SQL.identifier(field.column2),
                    relation=SQL.identifier(field.relation),
                    ids=self.ids,
                )
            )
        )

    def _privacy_check_tagged(self, changed):
        """:raise UserError: when the tags of a locked contact would change"""
        ids = {contact_id for _category_id, contact_id in changed}
        if ids:
            partners = self.env["res.partner"].browse(sorted(ids))
            self.env["privacy.gate"]._check_unlocked(partners, {"category_id"})
