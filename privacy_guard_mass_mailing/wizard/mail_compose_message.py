from odoo import models
from odoo.exceptions import UserError

from odoo.addons.privacy_guard.extending import failure_type


class MailComposeMessage(models.TransientModel):
    """Whoever may not get a mailing is excluded while it is prepared."""

    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Whoever opens the composer: what names a mailing is one (EVI-5)."""
        self._privacy_check_traced()
        return super()._prepare_mail_values(res_ids)

    def _privacy_check_traced(self):
        """:raise UserError: Odoo would not know these mails for those of a mailing"""
        if self.composition_mode != "mass_mail":
            return
        if not (self.mass_mailing_id or self.mass_mailing_name):
            return
        if reason := self.mass_mailing_id._privacy_untraced_reason(self.model):
            raise UserError(reason)

    def _process_mail_values_state(self, mail_values_dict):
        result = super()._process_mail_values_state(mail_values_dict)
        mailing = self.mass_mailing_id
        if not self._is_mass_mailing() or mailing.mailing_type != "mail":
            return result
        due = {id_: v for id_, v in result.items() if not v.get("failure_type")}
        recipients = self._get_recipients_data(due)
        refused = self.env["privacy.gate"]._mailing_refusals(
            mailing.privacy_purpose_id.sudo(),
            {a for data in recipients.values() for a in data["mail_to_normalized"]},
        )
        for id_, values in due.items() if refused else ():
            for address in recipients[id_]["mail_to_normalized"]:
                if address in refused:
                    values["state"] = "cancel"
                    values["failure_type"] = failure_type(refused[address])
                    # nothing in the person's chatter of what they do not get
                    values["is_notification"] = False
        return result
