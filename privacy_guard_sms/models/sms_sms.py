from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.privacy_guard.extending import (
    FAILURES,
    REFUSALS,
    failure_type,
)

NO_MARKETING_CONSENT = failure_type("no_marketing_consent")
SMS_FAILURES = [
    (
        code,
        "The person has not agreed to text messages"
        if code == NO_MARKETING_CONSENT
        else label,
    )
    for code, label in FAILURES
]


class SmsSms(models.Model):
    """No text message goes where it may not: asked on creation and before sending.

    Nobody sends a document by text message, so that none is sent by hand: who has
    stopped processing gets none, whoever writes it.
    """

    _name = "sms.sms"
    _inherit = ["sms.sms", "privacy.message.mixin"]

    failure_type = fields.Selection(selection_add=SMS_FAILURES)

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._privacy_note_class()
        messages._privacy_apply_gate()
        return messages

    def _send(self, *args, **kwargs):
        """The person may have said no since the message was queued."""
        left = self - self._privacy_apply_gate()
        left -= left._privacy_hold_back()
        if not left:
            return None
        grounds = left._privacy_grounds()
        result = super(SmsSms, left)._send(*args, **kwargs)
        left._privacy_note_sent(grounds)
        left._privacy_give_back()
        return result

    def _privacy_hold_back(self):
        """The hook for modules that send some of what may go later (PRF-1).

        :return: those of these messages that do not leave now
        """
        return self.browse()

    def _privacy_give_back(self):
        """The hook for modules that have counted these as sent: some have failed."""

    def _privacy_apply_gate(self):
        """Cancel the messages that may not go where they would, with the reason.

        :return: the cancelled ones
        """
        # superuser: everybody's messages obey, and say so on the message in the chatter
        due = self.sudo().filtered(lambda message: message.state == "outgoing")
        recipients = {message: message._privacy_recipients() for message in due}
        asked = defaultdict(set)
        for message, persons in recipients.items():
            asked[message._privacy_message_class()] |= persons
        refused = self.env["privacy.gate"]._sms_refusals(asked)
        by_code = due.grouped(
            lambda message: message._privacy_gravest(recipients[message], refused)
        )
        by_code.pop(None, None)
        for code, messages in by_code.items():
            messages._privacy_refuse(code)
        kept = due.browse(id_ for messages in by_code.values() for id_ in messages.ids)
        return (kept | (due - kept)._privacy_fail_unclear()).with_env(self.env)

    def _privacy_fail_unclear(self):
        """A number that is none in the country of the contact, nor of the company, may
        be anybody's: somebody's who has said no, too.

        :return: the messages to such numbers, which have failed
        """
        unclear = self.filtered(lambda m: m.number and not m._privacy_number())
        if unclear:
            failure = {"failure_type": "sms_number_format"}
            unclear.write({"state": "error", **failure})
            unclear.sms_tracker_id._action_update_from_sms_state("error", **failure)
        return unclear

    def _privacy_recipients(self):
        """:return: set of the contact's id and the number in international form"""
        self.ensure_one()
        return {self.partner_id.id, self._privacy_number()} - {False, None, ""}

    def _privacy_number(self):
        """:return: the number in international form, or False"""
        return self.number and self.partner_id._phone_format(number=self.number)

    def _privacy_gravest(self, persons, refused):
        """:return: the gravest refusal reason of a message's recipients, or None"""
        name = self._privacy_message_class()
        codes = {refused.get((name, person)) for person in persons}
        return next((code for code, _label in REFUSALS if code in codes), None)

    def _privacy_refuse(self, code):
        """:param code: refusal reason of these messages"""
        self.write({"state": "canceled", "failure_type": failure_type(code)})
        self.sms_tracker_id._action_update_from_sms_state(
            "canceled",
            failure_type=failure_type(code),
            failure_reason=self[0]._privacy_reason(),
        )

    def _privacy_is_refused(self):
        """:return: whether the gate keeps this message back"""
        return self.state == "canceled" and self.failure_type in dict(SMS_FAILURES)

    def _privacy_reason(self):
        """:return: why it was not sent, in the user's language"""
        return self._privacy_label(self.failure_type)

    @api.model
    def _privacy_label(self, failure):
        """:return: what a failure type is called, in the user's language"""
        field = self._fields["failure_type"]
        return dict(field._description_selection(self.env))[failure]

    def _privacy_note(self):
        """:return: values of the notification that tells of the refusal"""
        return {
            "failure_reason": self._privacy_reason(),
            "failure_type": self.failure_type,
            "notification_status": "canceled",
        }

    def _privacy_show(self):
        """Show on their messages in the chatter which of these were refused: core notes
        the recipients of single messages, and none of a mass message."""
        refused = self.filtered(
            lambda message: message.mail_message_id and message._privacy_is_refused()
        )
        self.env["mail.notification"].create(
            [
                {
                    "author_id": message.mail_message_id.author_id.id,
                    "is_read": True,
                    "mail_message_id": message.mail_message_id.id,
                    "notification_type": "sms",
                    "res_partner_id": message.partner_id.id,
                    "sms_id_int": message.id,
                    "sms_number": message.number,
                }
                for message in refused
            ]
        )
