from odoo import api, fields, models

from ..constants import MARKETING
from ..tools import addresses


class MailComposeMessage(models.TransientModel):
    """Writing to people who have stopped processing: a warning first, and no bulk."""

    _inherit = "mail.compose.message"

    privacy_warning = fields.Text(compute="_compute_privacy_warning")

    @api.depends("partner_ids", "composition_mode")
    def _compute_privacy_warning(self):
        """Whom nothing automatic reaches (GDPR Art. 18), a user may still write to."""
        gate = self.env["privacy.gate"]
        for composer in self:
            by_hand = composer.composition_mode == "comment"
            partners = composer.partner_ids._origin if by_hand else composer.browse()
            refused = gate._mail_refusals({"automatic": set(partners.ids)})
            stopped = partners.browse(partner_id for _class, partner_id in refused)
            composer.privacy_warning = bool(stopped) and self.env._(
                "%(contacts)s asked us to stop processing their data. Write only what "
                "they must get, such as an order or an invoice: it is noted with the "
                "contact.",
                contacts=stopped.mapped("display_name"),
            )

    def _get_recipients_data(self, mail_values_dict):
        """Every address, in the form in which the blacklist and lists have it."""
        recipients = super()._get_recipients_data(mail_values_dict)
        for data in recipients.values():
            data["mail_to_normalized"] = addresses.find(", ".join(data["mail_to"]))
        return recipients

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """The same text to many people, and not about a document of theirs, is
        marketing; about documents it is automatic mail: nobody warns of anybody."""
        composer = self
        if self.model in self.env["consent.record"]._subject_models():
            composer = self.with_context(**{MARKETING: True})
        return super(MailComposeMessage, composer)._action_send_mail_mass_mail(
            res_ids, auto_commit=auto_commit
        )
