from contextlib import suppress
from datetime import date
from email.message import EmailMessage

from odoo import Command
from odoo.addons.mail.tests.common import MockEmail
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

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
        endless = f"{'A' * 1000} <{self.ann.email}>"
        self.assertFalse(self.receive("STOP", sender=endless))
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


@tagged("post_install", "-at_install")
class TestMailComplaint(PrivacyCommon, MockEmail):
    """RCH-1: a feedback report about a mail of ours is an objection of whom it went
    to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offers = cls.make_purpose(name="Offers", covers_email=True)
        cls.gifts = cls.make_purpose(name="Gifts")
        cls.ann = cls.make_contact("Ann Example")
        cls.ben = cls.make_contact("Ben Example")
        for person in (cls.ann, cls.ben):
            cls.answer(cls, person, cls.offers, "granted")
            cls.answer(cls, person, cls.gifts, "granted")
        complaints = cls.env["privacy.complaint"]
        cls.before = complaints.search([], limit=1, order="id desc").id or 0

    def sent(self, *people, message_id="<sent@example.com>"):
        """A mail has gone to these people."""
        note = {"notification_type": "email", "notification_status": "sent"}
        return self.env["mail.message"].create(
            {
                "message_id": message_id,
                "model": "res.partner",
                "res_id": people[0].id,
                "message_type": "email_outgoing",
                "notification_ids": [
                    Command.create({**note, "res_partner_id": person.id})
                    for person in people
                ],
            }
        )

    def report(
        self,
        kind="abuse",
        message_id="<sent@example.com>",
        address=None,
        original="",
    ):
        """A mail provider tells of a complaint, or somebody says so."""
        text = (
            "From: feedback@provider.example\nTo: bounce@us.example\n"
            "Subject: FW\nMessage-Id: <report@provider.example>\n"
            "Content-Type: multipart/report; report-type=feedback-report; "
            'boundary="b"\n\n--b\nContent-Type: text/plain\n\nA complaint\n'
            "--b\nContent-Type: message/feedback-report\n\n"
            f"Feedback-Type: {kind}\nVersion: 1\n"
            f"Original-Rcpt-To: <{address or self.ann.email}>\n\n"
            "--b\nContent-Type: message/rfc822\n\n"
            f"Message-Id: {message_id}\n{original}Subject: News\n\nHello\n--b--\n"
        )
        self.env["mail.thread"].message_process(None, text)
        self.env.invalidate_all()

    def requests(self):
        domain = [("res_id", "in", (self.ann | self.ben).ids)]
        return self.env["privacy.request"].search(domain)

    def refused(self, person):
        asked = {"marketing": {person.id}}
        return bool(self.env["privacy.gate"]._mail_refusals(asked))

    def test_whom_it_went_to_gets_no_more_marketing(self):
        self.sent(self.ann)
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.company.partner_id.lang = "de_DE"
        # whatever address the report names
        self.report(address=self.ben.email)
        self.assertTrue(self.refused(self.ann))
        self.assertFalse(self.refused(self.ben))
        self.assertEqual(self.ann.email_opt_in, "opted_out_contact")
        self.assertEqual(self.value(self.ann, self.offers), "refused")
        self.assertEqual(self.value(self.ann, self.gifts), "granted")
        event = self.events(self.ann, self.offers)[-1]
        self.assertEqual((event.source, event.address_hash), ("complaint", False))
        # for who reads it
        self.assertIn("Als unerwünscht", event.evidence_ids.note)
        self.assertFalse(self.requests())
        # the mail has arrived
        self.assertFalse(self.ann.message_bounce)
        count = len(self.ann.consent_event_ids)
        self.report()
        self.assertEqual(len(self.ann.consent_event_ids), count)

    def test_who_names_a_mail_that_they_did_not_get_makes_work_and_nothing_else(self):
        self.sent(self.ann, self.ben)
        for message_id in ("<other@example.com>", "<sent@example.com>"):
            self.report(message_id=message_id)
        # what an answer refers to is known to whoever got that
        self.sent(self.ann, message_id="<alone@example.com>")
        self.report(
            message_id="<new@example.com>", original="References: <alone@example.com>\n"
        )
        self.assertFalse(self.refused(self.ann) or self.refused(self.ben))
        self.assertRecordValues(
            self.requests(),
            [{"res_id": self.ann.id, "kind": "objection", "state": "new"}],
        )

    def test_who_complains_of_being_asked_is_not_asked_again(self):
        """Nothing is kept of such a mail: the link in its headers is the proof."""
        url = self.ann._privacy_one_click_url(self.offers)
        self.assertIn("/privacy/one-click/", url)
        forged = f"List-Unsubscribe: <{url[:-3]}AAA>\n"
        self.report(message_id="<gone@example.com>", original=forged)
        self.assertFalse(self.refused(self.ann))
        self.requests()._set({"state": "done"})
        # mail programs fold long headers
        folded = f"List-Unsubscribe: <{url[:60]}\n {url[60:]}>\n"
        self.report(
            message_id="<gone@example.com>", address="[redacted]", original=folded
        )
        self.assertTrue(self.refused(self.ann))
        self.assertFalse(self.refused(self.ben))
        self.assertEqual(self.ann.email_opt_in, "opted_out_contact")
        self.assertEqual(self.consent(self.ann, self.offers).value, "refused")
        self.assertIn(self.ann.id, self.ann._consent_ineligibility_reasons())

    def test_a_recipient_that_is_blacked_out_makes_work(self):
        message = self.sent(self.ann, self.ben)
        self.report(address="[redacted]")
        self.assertEqual(len(self.requests()), 2)
        self.assertFalse(self.refused(self.ann) or self.refused(self.ben))
        self.requests()._set({"state": "done"})
        message.notification_ids.unlink()
        # what has no notifications either, such as mail of other add-ons
        values = {"mail_message_id": message.id, "email_to": self.ben.email}
        self.env["mail.mail"].create({**values, "email_cc": self.ann.email})
        self.report(address="[redacted]")
        self.assertEqual(len(self.requests()), 4)
        self.assertFalse(self.refused(self.ann) or self.refused(self.ben))
        message.mail_ids.email_cc = False
        self.report(address="[redacted]")
        self.assertTrue(self.refused(self.ben))
        self.assertFalse(self.refused(self.ann))

    def test_each_mail_that_asks_proves_whom_it_asked(self):
        """MAIL-1: also where nothing is asked that is about mail."""
        cem = self.make_contact("Cem Example")
        self.offers.active = False
        with self.mock_mail_gateway():
            cem.action_send_consent_request()
            self.env["mail.mail"].search([("res_id", "=", cem.id)]).send()
        [sent] = self._mails
        headers = sent["headers"]
        self.assertNotIn("List-Unsubscribe", headers)
        token = headers["CFBL-Feedback-ID"]
        built = self.env["ir.mail_server"]._build_email__(
            "us@example.com", [cem.email], "S", "B", headers=headers
        )
        self.assertIn(f"CFBL-Feedback-ID: {token}\r\n", built.as_string())
        for changed in (f"{token[:-3]}AAA", token):
            self.report(
                message_id="<gone@example.com>",
                address="[redacted]",
                original=f"CFBL-Feedback-ID: {changed}\n",
            )
        self.assertEqual(cem.email_opt_in, "opted_out_contact")
        self.assertIn(cem.id, cem._consent_ineligibility_reasons())
        self.assertFalse(self.refused(self.ann) or self.requests())
        # of the one that was forged, somebody is to know
        self.assertEqual(len(self.complaints()), 1)

    def complaints(self):
        return self.env["privacy.complaint"].search([("id", ">", self.before)])

    def test_a_complaint_that_names_nobody_is_looked_at(self):
        """RCH-1: none vanishes, and an officer has ten business days."""
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        self.env.company.privacy_officer_id = officer
        unknown = {"message_id": "<gone@example.com>", "address": "[redacted]"}
        # what is kept of nothing still says whom the mail was about
        for number, original in enumerate(
            (
                f"References: <1.2-openerp-{self.ann.id}-res.partner@us>\n",
                f"X-Odoo-Objects: res.partner-{self.ben.id}\n",
            )
        ):
            self.report(**unknown, original=original)
            self.assertEqual(len(self.requests()), number + 1)
        self.assertFalse(self.complaints())
        with freeze_time("2026-11-30 09:00"):
            for _twice in range(2):
                self.report(**unknown)
        complaint = self.complaints()
        self.assertRecordValues(
            complaint,
            [{"state": "doubt", "deadline": date(2026, 12, 14), "email": False}],
        )
        self.assertIn("Subject: News", complaint.body)
        self.report(message_id="<gone@example.com>", address="eve@example.org")
        named = self.complaints() - complaint
        self.assertEqual(named.email, "eve@example.org")
        # one activity, which the next one takes over
        activity = self.complaints().activity_ids
        self.assertRecordValues(activity, [{"user_id": officer.id}])
        with self.assertRaises(UserError):
            complaint.body = "x"
        user = self.make_user("user", "privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            complaint.with_user(user).action_dismiss()
        complaint.with_user(officer).action_dismiss()
        self.assertEqual(complaint.state, "harmless")
        self.assertEqual(self.complaints().activity_ids.res_id, named.id)
        named.with_user(officer).action_refuse()
        self.assertEqual((named.state, named.user_id), ("refused", officer))
        blocked = self.env["mail.blacklist"].search([("email", "=", named.email)])
        self.assertTrue(blocked)
        self.assertFalse(self.complaints().activity_ids)
        # a year later, what was decided is gone
        for row in self.complaints():
            row._set({"date": "2024-01-01"})
        self.env["privacy.complaint"]._gc_old()
        self.assertFalse(self.complaints())

    def test_nothing_in_a_report_grants_anything(self):
        self.sent(self.ann)
        self.report()
        for kind in ("not-spam", "opt-in", "virus", ""):
            self.report(kind)
        self.assertTrue(self.refused(self.ann))
        self.sent(self.ben, message_id="<ben@example.com>")
        self.report("not-spam", "<ben@example.com>", self.ben.email)
        self.assertFalse(self.refused(self.ben))
        self.assertFalse(self.requests())
