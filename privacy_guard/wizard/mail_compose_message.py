from odoo import api, fields, models

from ..constants import AUTOMATIC, MANUAL_RECIPIENTS, MARKETING
from ..tools import addresses


class MailComposeMessage(models.TransientModel):
    """Writing to people who have stopped processing: a warning first, and no bulk."""

    _inherit = "mail.compose.message"

    privacy_warning = fields.Text(compute="_compute_privacy_warning")

    @api.depends("partner_ids", "composition_batch", "composition_mode")
    def _compute_privacy_warning(self):
        """Whom nothing automatic reaches (GDPR Art. 18), a user may still write to."""
        gate = self.env["privacy.gate"]
        for composer in self:
            by_hand = composer.composition_mode == "comment"
            partners = composer.partner_ids._origin if by_hand else composer.browse()
            refused = gate._mail_refusals({"automatic": set(partners.ids)})
            stopped = partners.browse(partner_id for _class, partner_id in refused)
            composer.privacy_warning = bool(stopped) and composer._privacy_warn(stopped)

    def _privacy_warn(self, stopped):
        """:param stopped: recipients who have stopped processing
        :return: what the user is told of them"""
        names = stopped.mapped("display_name")
        outside = self.partner_ids.filtered("partner_share")
        if self.composition_batch or len(outside) > MANUAL_RECIPIENTS:
            return self.env._(
                "%(contacts)s asked us to stop processing their data and do not get "
                "what goes to many at once. Write to them alone, on one document.",
                contacts=names,
            )
        return self.env["privacy.gate"]._by_hand_warning(names)

    def _action_send_mail(self, auto_commit=False):
        """Several at once are not written one by one."""
        composers = self if len(self) <= 1 else self._privacy_automatic()
        return super(MailComposeMessage, composers)._action_send_mail(
            auto_commit=auto_commit
        )

    def _action_send_mail_comment(self, res_ids):
        """As above, for several documents."""
        composer = self if len(res_ids) <= 1 else self._privacy_automatic()
        return super(MailComposeMessage, composer)._action_send_mail_comment(res_ids)

    def _privacy_automatic(self):
        return self.with_context(**{AUTOMATIC: True})

    def _get_recipients_data(self, mail_values_dict):
        """Every address, in the form in which the blacklist and lists have it."""
        recipients = super()._get_recipients_data(mail_values_dict)
        for data in recipients.values():
            # who has no address is among them as False
            written = ", ".join(filter(None, data["mail_to"]))
            data["mail_to_normalized"] = addresses.find(written)
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
