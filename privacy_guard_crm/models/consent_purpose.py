from odoo import api, fields, models


class ConsentPurpose(models.Model):
    """What the people of leads are asked."""

    _inherit = "consent.purpose"

    for_leads = fields.Boolean(
        "Ask leads as well",
        help="It applies to the people of leads who are no contacts yet. Their answer "
        "goes along when the lead becomes a contact.",
    )
    lead_condition = fields.Char(
        "Conditions on leads",
        default="[]",
        help="Leads it applies to; none means all of them.",
    )

    @api.model
    def _further_subjects(self):
        chosen = {"crm.lead": ("for_leads", "lead_condition")}
        return {**super()._further_subjects(), **chosen}
