from functools import partial

from odoo import fields, models

from ...constants import EXPORT_LINK


class MailMail(models.Model):
    """The mail that leads to the access copy."""

    _inherit = "mail.mail"

    privacy_export_id = fields.Many2one(
        "privacy.export", groups=fields.NO_ACCESS, ondelete="set null"
    )

    def _privacy_links(self, subject):
        links = super()._privacy_links(subject)
        # superuser: no group may read the field
        export = self.sudo().privacy_export_id
        writer = self._privacy_writer()
        by_mail = partial(export._url, subject, writer)
        url = by_mail if export else self._privacy_portal_url
        return {**links, EXPORT_LINK: url}
