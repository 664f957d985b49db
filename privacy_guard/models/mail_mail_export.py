from odoo import fields, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    privacy_export_id = fields.Many2one(
        "privacy.export",
        "Leads to the copy",
        groups=fields.NO_ACCESS,
        ondelete="set null",
        help="The personal link opens the download instead of the preferences.",
    )

    def _personal_url(self, subject):
        # superuser: the field is nobody's to read
        export = self.sudo().privacy_export_id
        return export._url(subject) if export else super()._personal_url(subject)
