from odoo import api, fields, models


class ConsentPurpose(models.Model):
    """What mailing contacts are asked."""

    _inherit = "consent.purpose"

    for_mailing_contacts = fields.Boolean(
        "Ask mailing contacts as well",
        help="It applies to people on mailing lists who are no contacts. Their answer "
        "goes along when they become one.",
    )
    mailing_contact_condition = fields.Char(
        "Conditions on mailing contacts",
        default="[]",
        help="Mailing contacts it applies to; none means all of them.",
    )

    def _privacy_about_messages(self):
        about_mail = self.filtered(lambda p: p.kind == "custom" and p.covers_email)
        return super()._privacy_about_messages() | about_mail

    @api.model
    def _privacy_channels(self):
        return {**super()._privacy_channels(), "mail": "covers_email"}

    @api.model
    def _further_subjects(self):
        names = ("for_mailing_contacts", "mailing_contact_condition")
        return {**super()._further_subjects(), "mailing.contact": names}
