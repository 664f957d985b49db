import re
from email import message_from_bytes
from email.policy import SMTP
from unittest.mock import Mock

import psycopg2.errors
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.asking.mail_mail_portion import PORTION, Portion, is_plain
from .delivery_common import DeliveryCommon

# the links of two copies are made one after the other
LINK = re.compile(r"/privacy/[\w/-]{40,}")


@tagged("post_install", "-at_install")
class TestQueue(DeliveryCommon):
    """What a portion does with a mail. That it is a transaction of its own, which may
    be killed, is tried in ``tests/test_crash.py``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_purpose(name="Newsletter", covers_email=True)
        cls.ann.name = "Ann Möller, née O'Hara"
        cls.bob = cls.make_contact("Bob")

    def ask_both(self):
        """:return: both mails"""
        self.ask(self.ann | self.bob)
        return self.mails().sorted("res_id")

    def state(self, person):
        """:return: of the delivery"""
        return self.deliveries._of(person).state

    def in_portion(self, mail, cr=None):
        portion = Portion(cr or self.env.cr, is_plain(self.env))
        return mail.with_context(**{PORTION: portion})._privacy_look_up()

    def message(self, mail):
        """:return: headers, and what each part says, as they leave"""
        [values] = mail._prepare_outgoing_list()
        servers = mail.env["ir.mail_server"]
        message = servers._build_email__(**mail._privacy_email(values))
        parsed = message_from_bytes(message.as_bytes(), policy=SMTP)
        self.assertFalse(parsed.defects)
        headers = {
            name: LINK.sub("LINK", str(value))
            for name, value in parsed.items()
            if name not in ("Date", "Content-Type")
        }
        parts = [
            (part.get_content_type(), LINK.sub("LINK", part.get_content()).strip())
            for part in parsed.iter_parts()
        ]
        return headers, parts

    def test_a_request_leaves_as_core_builds_it(self):
        for mail in self.ask_both():
            straight = self.in_portion(mail)
            self.assertTrue(straight.env.context[PORTION].is_plain)
            headers, parts = self.message(mail)
            self.assertIn("List-Unsubscribe", headers)
            self.assertEqual(
                [kind for kind, _text in parts], ["text/plain", "text/html"]
            )
            self.assertEqual(self.message(straight), (headers, parts))

    def test_steps_that_others_extend_are_theirs(self):
        """An add-on that looks into messages, or adds to bodies, gets what it gets of
        Odoo."""
        ann, _bob = self.ask_both()
        self.assertTrue(is_plain(self.env))

        def body(mail):
            return "<p>Of another add-on</p>"

        self.patch(type(ann), "_prepare_outgoing_body", body)
        self.assertFalse(is_plain(self.env))
        _headers, parts = self.message(self.in_portion(ann))
        self.assertIn("Of another add-on", dict(parts)["text/html"])

    def test_what_left_and_was_not_written_is_not_sent_again(self):
        """Killed after the note: whoever sends the mail next only finishes it, and
        until then the note is there."""
        ann, bob = self.ask_both()
        self.deliveries._note([ann.message_id], True, None, None)
        self.run_job()
        self.assertEqual(self.state(self.ann), "sent")
        with self.mock_mail_gateway(mail_unlink_sent=True):
            (ann | bob).send()
        [sent] = self._mails
        self.assertIn("Bob", sent["email_to"][0])
        self.assertFalse((ann | bob).exists())

    def refuse_ann(self, answer):
        """:param str answer: of the mail server
        :return: list to which each try to send her mail is added"""
        tries = []

        def refuse(_servers, message, **_kwargs):
            if "Ann" in message["To"]:
                tries.append(message)
                raise MailDeliveryException("Refused", answer)
            return message["Message-Id"]

        servers = type(self.env["ir.mail_server"])
        self.patch(servers, "_disable_send", lambda _servers: False)
        self.patch(servers, "send_email", refuse)
        return tries

    def send_both(self, ann, bob):
        mails = self.in_portion(ann | bob)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            left = mails[0]._privacy_send_one() + mails[1]._privacy_send_one()
        self.assertEqual(left, mails[1])
        self.assertEqual((ann.state, bob.state), ("exception", "outgoing"))
        self.assertEqual(self.state(self.ann), "failed")
        self.assertEqual(self.state(self.bob), "sent")
        left._privacy_finish()
        self.assertFalse(bob.exists())

    def test_a_bad_mail_goes_the_way_of_core(self):
        """It is told why, and the others leave."""
        tries = self.refuse_ann("451 4.7.1 Try again later")
        ann, bob = self.ask_both()
        self.send_both(ann, bob)
        self.assertEqual(len(tries), 2)
        self.assertIn("Try again later", ann.failure_reason)

    def test_a_final_answer_is_asked_for_once(self):
        """ASK-1: who writes on to mailboxes that are not there passes for a spammer."""
        tries = self.refuse_ann(
            "SMTPRecipientsRefused: {'ann@x.example': (550, b'5.1.1 No such user')}"
        )
        ann, bob = self.ask_both()
        self.send_both(ann, bob)
        self.assertEqual(len(tries), 1)
        self.assertIn("No such user", ann.failure_reason)
        self.assertEqual(ann.failure_type, "unknown")
        self.assertTrue(self.deliveries._of(self.ann).is_final)

    def test_what_cannot_be_noted_at_once_is_noted_later(self):
        """Who holds the row waits for us, as who deletes the person does."""
        ann, _bob = self.ask_both()
        cr = Mock()
        cr.execute.side_effect = psycopg2.errors.LockNotAvailable
        mail = self.in_portion(ann, cr)
        mail._privacy_note(has_left=True)
        portion = mail.env.context[PORTION]
        self.assertEqual(portion.unnoted, [ann.message_id])
        mail._privacy_note(has_left=True)
        self.assertEqual(cr.execute.call_count, 1)
