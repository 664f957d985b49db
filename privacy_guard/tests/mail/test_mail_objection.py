from contextlib import suppress
from email.message import EmailMessage

from odoo.tests import tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestMailObjection(PrivacyCommon):
    """A reply "unsubscribe" or "STOP" makes a request for the officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact("Ann Example")
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param("privacy_guard.reply_objects", "True")

    def receive(self, subject, sender="Ann <Ann.Example@example.com>", **headers):
        """:return: the requests of Ann afterwards"""
        message = EmailMessage()
        message["Subject"], message["From"] = subject, sender
        message["To"] = "us@example.com"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content("please")
        threads = self.env["mail.thread"]
        # where it belongs is not what this is about
        with suppress(ValueError):
            threads.message_route(message, threads.message_parse(message))
        return self.env["privacy.request"].search([("res_id", "=", self.ann.id)])

    def test_the_word_alone_makes_one_request(self):
        for subject in ("STOP", "Re: unsubscribe", "AW: Re: Stop!", "Unsubscribe."):
            request = self.receive(subject)
            self.assertRecordValues(
                request, [{"kind": "objection", "channel": "mail", "state": "new"}]
            )
        self.assertEqual(self.ann.privacy_status, "active")

    def test_anything_else_makes_none(self):
        for subject in ("Re: Bus stop", "Stop by on Monday", "", "Re: Your order"):
            self.assertFalse(self.receive(subject))
        self.assertFalse(self.receive("STOP", sender="nobody@example.org"))
        self.assertFalse(self.receive("STOP", sender="no address"))
        self.assertFalse(self.receive("STOP", Auto_Submitted="auto-replied"))

    def test_off_by_default(self):
        self.parameters.set_param("privacy_guard.reply_objects", False)
        self.assertFalse(self.receive("STOP"))

    def test_incoming_mail_passes_here(self):
        """Mail servers take the final dot of a domain; Python does not."""
        bob = self.make_contact("Bob Example")
        for person, dot in ((self.ann, ""), (bob, ".")):
            text = (
                f"From: {person.email}{dot}\nTo: catchall@example.com\n"
                f"Message-Id: <{person.id}@example.com>\nSubject: STOP\n\nplease\n"
            )
            threads = self.env["mail.thread"]
            threads.message_process("res.partner", text, thread_id=person.id)
            request = self.env["privacy.request"].search([("res_id", "=", person.id)])
            self.assertEqual(request.kind, "objection")

    def test_it_survives_what_becomes_of_the_mail(self):
        """The gateway undoes all that a mail did which belongs nowhere, or nothing can
        be made of."""
        for number, values in enumerate(({}, {"no_such_field": "x"})):
            text = (
                "From: ann.example@example.com\nTo: us@example.com\n"
                f"Message-Id: <2.{number}@example.com>\nSubject: STOP\n\nplease\n"
            )
            requests = self.env["privacy.request"]
            before = requests.search([])
            with self.subTest(values), self.enter_registry_test_mode():
                self.process(text, "res.partner" if values else None, values)
                noted = requests.search([]) - before
                self.assertRecordValues(noted, [{"kind": "objection", "state": "new"}])
                noted._set({"state": "refused"})

    def process(self, text, model, values):
        """As Odoo's gateway does, which rolls back when something goes wrong."""
        with self.registry.cursor() as cr:
            threads = self.env["mail.thread"].with_env(self.env(cr=cr))
            try:
                threads.message_process(model, text, custom_values=values)
            except ValueError:
                cr.rollback()
            else:
                self.fail("nothing went wrong")
