from odoo import api, fields, models

from ...tools import addresses
from .privacy_gate import FAILURES, failure_type


class MailNotification(models.Model):
    """The message shows whom the gate kept a mail from."""

    _inherit = "mail.notification"

    failure_type = fields.Selection(selection_add=FAILURES)

    @api.model_create_multi
    def create(self, vals_list):
        """Core notes for each recipient that the mail is on its way, after creating the
        mail: who was refused by then has a note already, which stays."""
        # superuser: who was left out of a mail does not depend on who may read it
        mails = (
            self.env["mail.mail"]
            .sudo()
            .browse({vals.get("mail_mail_id") for vals in vals_list} - {None, False})
        )
        refused = mails.filtered(lambda mail: mail._privacy_is_refused())
        if not refused:
            return super().create(vals_list)
        noted = {
            (note.mail_mail_id.id, note._privacy_recipient()): note
            for note in self.sudo().search([("mail_mail_id", "in", refused.ids)])
        }
        notes = [noted.get(self._privacy_key(vals)) for vals in vals_list]
        missing = [
            vals for vals, note in zip(vals_list, notes, strict=True) if note is None
        ]
        created = iter(super().create(missing))
        return self.browse(
            (note if note is not None else next(created)).id for note in notes
        )

    @api.model
    def _privacy_refusal_values(self, code):
        """:return: values that show why somebody did not get the mail"""
        return {
            "notification_status": "canceled",
            "failure_type": failure_type(code),
            "failure_reason": self.env["privacy.gate"]._refusal_label(code),
        }

    @api.model
    def _privacy_key(self, vals):
        address = addresses.only(vals.get("mail_email_address"))
        return vals.get("mail_mail_id"), vals.get("res_partner_id") or address

    def _privacy_recipient(self):
        """:return: contact id or normalised address"""
        return self.res_partner_id.id or addresses.only(self.mail_email_address)
