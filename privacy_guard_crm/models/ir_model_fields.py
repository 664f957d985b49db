from odoo import api, models

# How a sales team works on a lead: Odoo needs it, and it is no data of the person.
WORKING = frozenset(
    {
        "campaign_id",
        "company_id",
        "date_closed",
        "date_conversion",
        "date_deadline",
        "date_last_stage_update",
        "date_open",
        "lang_id",
        "lost_reason_id",
        "medium_id",
        "partner_id",
        "priority",
        "probability",
        "recurring_plan",
        "source_id",
        "stage_id",
        "team_id",
        "type",
        "user_id",
    }
)


# Text that leads take over from their contact, and nobody searches but by the value.
TAKEN_OVER = ("city", "function", "street", "street2", "website", "zip")


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model
    def _privacy_known_companions(self):
        """What is encrypted of a contact is encrypted of its leads."""
        leads = {("crm.lead", name) for name in TAKEN_OVER}
        return super()._privacy_known_companions() | leads

    def _privacy_personal_blocker(self):
        if self.model == "crm.lead" and self.name in WORKING:
            return self.env._("Odoo needs it to handle the lead.")
        return super()._privacy_personal_blocker()
