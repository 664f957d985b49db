from odoo import models

from odoo.addons.privacy_guard.extending import content_hash

# what a message is in that its provider took, or that has arrived
TAKEN = ("process", "pending", "sent")


class SmsSms(models.Model):
    """Each marketing message that leaves is noted with what it rests on (EVI-5)."""

    _inherit = "sms.sms"

    _privacy_channel = "sms"
    _privacy_covers = "covers_sms"

    def _privacy_note_sent(self, grounds):
        """In the transaction in which they leave.

        :param dict grounds: of :meth:`_privacy_grounds`, before they left
        """
        moment = self.env.cr.now().replace(microsecond=0)
        rows = [
            {
                **message._privacy_decision(number, ground, moment),
                "content_hash": content_hash("", message.body or ""),
            }
            for message, own in grounds.items()
            if message.state in TAKEN
            for number, ground in own.items()
        ]
        # superuser: whoever sends notes why, and need not be able to read it
        self.env["privacy.decision"].sudo()._note(rows)

    def _privacy_sent_to(self):
        return {
            message: [(message.partner_id.id or None, [number])]
            for message in self
            if (number := message._privacy_number())
        }

    def _privacy_decision_company(self):
        return self._get_sms_company()
