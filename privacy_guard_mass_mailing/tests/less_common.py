from contextlib import nullcontext
from unittest.mock import patch

from odoo import Command, fields

from .mailing_common import MailingCommon


class LessCommon(MailingCommon):
    """People who want less, and the queue that they get mailings from."""

    def setUp(self):
        super().setUp()
        # places are taken by connections of their own
        self.enterContext(self.enter_registry_test_mode())

    def prefer(self, person, purpose=None, **wish):
        wishes = {(purpose or self.purpose).id: wish}
        return person._consent_prefer(wishes, source="preferences")

    def mail_values(self, mailing, person):
        """:return: of a mail of a mailing, as the composer makes it, without that"""
        trace = {
            "email": person.email,
            "mass_mailing_id": mailing.id,
            "model": person._name,
            "res_id": person.id,
        }
        return {
            "mailing_id": mailing.id,
            "mailing_trace_ids": [Command.create(trace)],
            "email_to": person.email,
            "body_html": "<p>News</p>",
        }

    def mails_of(self, mailing):
        return self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])

    def mailing_leaves(self, purpose, person=None, *, fails=False):
        """:return: the mail of a new mailing, after the queue took it"""
        person = person or self.willing
        mailing = self.make_mailing(person, privacy_purpose_id=purpose.id)
        mail = self.env["mail.mail"].create(self.mail_values(mailing, person))
        self.leave(mail, fails=fails)
        return mail

    def leave(self, mails, *, fails=False):
        """:return: set of the addresses that got them"""
        server = type(self.env["ir.mail_server"])
        failing = patch.object(server, "send_email", side_effect=OSError("down"))
        with self.mock_mail_gateway(mail_unlink_sent=False):
            with failing if fails else nullcontext():
                mails.send()
        return self.sent_to()

    def empty_queue(self):
        """:return: set of the addresses that got what was due"""
        due = [
            ("state", "=", "outgoing"),
            "|",
            ("scheduled_date", "=", False),
            ("scheduled_date", "<=", fields.Datetime.now()),
        ]
        return self.leave(self.env["mail.mail"].search(due, order="id"))
