from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

# messages that somebody writes by hand
BY_HAND = ("comment", "email_outgoing")


class CrmLead(models.Model):
    """A lead is an inquiry: of its person, and of the contact that it names (TIM-3), if
    somebody of the company has made it, or has written in it since.

    What comes in by mail or a form may be from anybody, in anybody's name: an automatic
    answer, or an objection. Nor does an address alone name a contact.
    """

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        # superuser: what an inquiry allows depends on nobody's rights
        leads.sudo().partner_id._privacy_renew_relationships()
        return leads

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        # superuser: as above
        former = {lead: lead.partner_id for lead in self.sudo()}
        result = super().write(vals)
        self._privacy_call_off(
            {lead: who for lead, who in former.items() if lead.partner_id != who}
        )
        self.sudo().partner_id._privacy_renew_relationships()
        return result

    def unlink(self):
        # superuser: as above
        former = {lead: lead.partner_id for lead in self.sudo()}
        result = super().unlink()
        self._privacy_call_off(former)
        return result

    @api.model
    def _privacy_call_off(self, former):
        """:param dict former: {lead: contact whose inquiry it is no more}"""
        contacts = self.env["res.partner"].sudo().union(*former.values())
        contacts._privacy_renew_relationships(
            [f"{self._name},{lead.id}" for lead in former]
        )

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
        self.env["mail.message"].flush_model()
        return SQL(
            """
            SELECT lead.%(subject)s, 'inquiry', lead.create_date, lead.company_id,
                   'crm.lead,' || lead.id
              FROM crm_lead lead
         LEFT JOIN res_users made ON made.id = lead.create_uid
             WHERE lead.%(subject)s %(within)s
               AND (made.id <> %(system)s AND NOT made.share
                    -- not out of a mail, which comes in whoever's name
                    AND NOT EXISTS (
                        SELECT FROM mail_message came
                         WHERE came.model = 'crm.lead' AND came.res_id = lead.id
                           AND came.message_type = 'email'
                           AND came.create_date = lead.create_date)
                    OR EXISTS (
                        SELECT FROM mail_message wrote
                          JOIN res_users writer ON writer.id = wrote.create_uid
                          JOIN mail_message_subtype subtype
                            ON subtype.id = wrote.subtype_id
                         WHERE wrote.model = 'crm.lead' AND wrote.res_id = lead.id
                           AND wrote.message_type = ANY(%(by_hand)s)
                           -- to the person: a note may say that it is junk
                           AND subtype.internal IS NOT TRUE
                           AND wrote.is_internal IS NOT TRUE
                           AND writer.id <> %(system)s AND NOT writer.share))
            """,
            subject=SQL.identifier(column),
            within=within,
            system=SUPERUSER_ID,
            by_hand=list(BY_HAND),
        )
