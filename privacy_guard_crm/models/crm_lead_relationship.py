from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """A lead is an inquiry: of its person, and of the contact that it names (TIM-3). An
    address alone does not name one: anybody may have typed it."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        # superuser: what an inquiry allows depends on nobody's rights
        leads.sudo().partner_id._privacy_renew_relationships()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # superuser: as above
            self.sudo().partner_id._privacy_renew_relationships()
        return result

    @api.model
    def _privacy_relationships_sql(self, within):
        return [
            *super()._privacy_relationships_sql(within),
            self._privacy_inquiries_sql("id", within),
        ]

    @api.model
    def _privacy_inquiries_sql(self, column, within):
        """:param str column: that names the subject
        :return: SQL select as of :meth:`_privacy_relationships_sql`"""
        self.flush_model()
        return SQL(
            """
            SELECT lead.%(subject)s, 'inquiry', lead.create_date, lead.company_id,
                   'crm.lead,' || lead.id
              FROM crm_lead lead
             WHERE lead.%(subject)s %(within)s
            """,
            subject=SQL.identifier(column),
            within=within,
        )
