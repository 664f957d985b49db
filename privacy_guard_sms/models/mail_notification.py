from odoo import api, models


class MailNotification(models.Model):
    """The message shows whom the gate kept a text message from."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        """Core calls what is not on its way a failure; what was refused is cancelled,
        and says why."""
        ids = {vals.get("sms_id_int") for vals in vals_list} - {None, False}
        if not ids:
            return super().create(vals_list)
        # superuser: what was refused does not depend on who may read the queue
        messages = self.env["sms.sms"].sudo().search([("id", "in", list(ids))])
        notes = {
            message.id: message._privacy_note()
            for message in messages
            if message._privacy_is_refused()
        }
        return super().create(
            [{**vals, **notes.get(vals.get("sms_id_int"), {})} for vals in vals_list]
        )
