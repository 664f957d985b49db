from odoo import api, fields, models


class ConsentPurpose(models.Model):
    """What members are asked."""

    _inherit = "consent.purpose"

    for_members = fields.Boolean("Ask library members as well")
    member_condition = fields.Char("Conditions on library members", default="[]")

    @api.model
    def _further_subjects(self):
        chosen = {"library.member": ("for_members", "member_condition")}
        return {**super()._further_subjects(), **chosen}
