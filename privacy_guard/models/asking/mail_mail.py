from odoo import models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.tools import exception_to_unicode

from ...tools import smtp_answer
from .mail_mail_portion import portion_of

UNREACHABLE = "mail_email_invalid"


class MailMail(models.Model):
    """What became of a mail that asks."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Core has written that the mail is leaving, and holds it back: in the database
        it locks the row, so that nobody undoes the request meanwhile. Those of a
        portion are locked."""
        if not portion_of(self):
            # superuser: as below
            self.sudo().filtered("consent_subject").flush_recordset(["state"])
        return super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )

    def _privacy_hold_back(self):
        held = super()._privacy_hold_back()
        return held | (self - held)._privacy_fail_unreachable()

    def _privacy_fail_unreachable(self):
        """An address may be edited after somebody was asked at it. Nobody is asked by
        half a mail, without the personal link: the request is undone, with the reason.

        :return: those of these mails that fail for it
        """
        # superuser: as below
        asking = self.sudo().filtered("consent_subject")
        requests = asking._privacy_requests()
        failed = self.browse()
        for mail in asking.filtered(lambda mail: mail.id in requests):
            if reason := mail._privacy_unreachable():
                failure = {"failure_reason": reason, "failure_type": UNREACHABLE}
                mail.write({**failure, "state": "exception"})
                mail._postprocess_sent_message([], [], **failure)
                failed |= mail.with_env(self.env)
        return failed

    def _privacy_unreachable(self):
        """:return: why the person of a request has no address now that one link goes
        to, else None"""
        subject = self._privacy_link_subject()
        if not subject:
            return None
        labels = subject._consent_ineligibility_labels()
        if not subject[subject._consent_email_field]:
            return labels["no_address"]
        return labels["several_addresses"] if subject.privacy_other_addresses else None

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # superuser: whoever sends the mail
        if asking := self.sudo().filtered("consent_subject"):
            has_left = bool(success_pids or success_emails)
            asking._privacy_note(has_left, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _privacy_note(self, has_left, failure_reason=False, failure_type=None):
        deliveries = self.env["consent.delivery"]
        message_ids = self.mapped("message_id")
        if has_left and (portion := portion_of(self)):
            portion.note(deliveries, message_ids)
            return
        reason = self._privacy_without_links(failure_reason or self[0].failure_reason)
        deliveries._note(message_ids, has_left, reason, failure_type)

    def _privacy_is_refused_for_good(self, error):
        """Where the server says that there is no such recipient, what core writes of it
        is written at once: asking again makes us a sender of mail to nobody.

        :param error: of the straight way
        :return: whether it was that, and is written
        """
        reason = exception_to_unicode(error)
        if not isinstance(error, MailDeliveryException) or not (
            smtp_answer.is_no_address(reason)
        ):
            return False
        failure = {"failure_reason": reason, "failure_type": "unknown"}
        self.write({**failure, "state": "exception"})
        self._postprocess_sent_message([], [], **failure)
        return True
