from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.mail_mail import WEB_FORM_LINK
from .web_form_common import WebFormCase


@tagged("post_install", "-at_install")
class TestWebFormPending(WebFormCase):
    """An address that is known changes nothing until it is confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls.make_contact(
            "Bea Known", email="bea@example.com", function="Poet"
        )
        cls.values = {
            "name": "Bea Stranger",
            "email": "BEA@example.com",
            "function": "Boss",
        }

    def test_nothing_of_the_contact_changes(self):
        write_date, events = self.bea.write_date, self.env["consent.event"]
        before = events.search_count([])
        answer = self.post(self.values, self.newsletter)
        self.assertEqual(answer, {"id": True})
        self.assertEqual(self.contact("bea@example.com"), self.bea)
        self.assertEqual(self.bea.name, "Bea Known")
        self.assertEqual(self.bea.function, "Poet")
        self.assertEqual(self.bea.write_date, write_date)
        self.assertEqual(self.value(self.bea, self.newsletter), "applicable")
        self.assertEqual(events.search_count([]), before)
        self.assertEqual(len(self.pending("bea@example.com")), 1)

    def test_known_and_unknown_get_the_same_answer(self):
        """Status, headers and body, with boxes and without."""
        for ticked in ((), (self.newsletter,)):
            known, unknown = (
                self.url_open(
                    "/website/form/res.partner",
                    data={
                        **self.values,
                        "email": f"{name}{len(ticked)}@example.com",
                        "privacy_form": self.token(),
                        **self.boxes(*ticked),
                    },
                )
                for name in ("bea", "new")
                if self.make_known(len(ticked))
            )
            self.assertEqual(known.status_code, unknown.status_code)
            self.assertEqual(known.text, unknown.text)
            self.assertEqual(set(known.headers), set(unknown.headers))

    def make_known(self, number):
        address = f"bea{number}@example.com"
        return self.contact(address) or self.make_contact("Bea", email=address)

    def test_the_same_holds_for_people_who_have_stopped(self):
        self.bea._privacy_set_status("stopped", "test")
        self.assertEqual(self.post(self.values, self.newsletter), {"id": True})
        self.assertEqual(len(self.pending("bea@example.com")), 1)

    def test_without_a_box_it_waits_as_well(self):
        self.assertEqual(self.post(self.values), {"id": True})
        self.assertEqual(self.bea.function, "Poet")
        self.assertEqual(len(self.mail("bea@example.com")), 1)

    def test_what_waits_is_sealed_and_nobodys_to_read_or_make(self):
        self.post({**self.values, "phone": "+32 2 5"}, self.phone)
        pending = self.pending("bea@example.com")
        self.env.cr.execute("SELECT content FROM privacy_web_form_pending")
        [(content,)] = self.env.cr.fetchall()
        self.assertTrue(content.startswith("pgs1:"))
        self.assertNotIn("Boss", content)
        officer = self.make_user(
            "officer",
            groups="privacy_guard.group_privacy_officer",
            company_ids=self.env["res.company"].search([]).ids,
        )
        clerk = self.make_user("clerk")
        with self.assertRaises(AccessError):
            pending.with_user(clerk).read(["email"])
        self.assertEqual(pending.with_user(officer).email, "bea@example.com")
        with self.assertRaises(AccessError):
            pending.with_user(officer).read(["content"])
        with self.assertRaises(AccessError):
            pending.with_user(officer).read(["nonce"])
        for change in (
            lambda: pending.sudo().write({"email": "x@example.com"}),
            lambda: pending.sudo().unlink(),
            lambda: pending.sudo().create({"email": "x@example.com"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_what_nobody_confirms_is_gone_after_three_days(self):
        self.post(self.values)
        pending = self.pending("bea@example.com")
        self.assertLess(pending.expires_at, fields.Datetime.now() + timedelta(days=4))
        self.env.cr.execute(
            "UPDATE privacy_web_form_pending SET expires_at = %s",
            [fields.Datetime.now() - timedelta(minutes=1)],
        )
        pending.invalidate_recordset()
        self.assertFalse(pending._verify(self.token_of(pending)))
        pending._gc_expired()
        self.assertFalse(pending.exists())

    def token_of(self, pending):
        return pending.sudo()._url().rsplit("/", 1)[1]

    def test_the_mail_tells_nobody_and_carries_the_link_alone(self):
        """The stored mail has no usable link, the copy that leaves has it."""
        self.post({**self.values, "phone": "+32 2 5"}, self.newsletter)
        [mail] = self.mail("bea@example.com")
        self.assertIn(WEB_FORM_LINK, mail.body_html)
        self.assertNotRegex(mail.body_html, r"/privacy/web-form/[\w-]{40}")
        self.assertNotIn("Boss", mail.body_html)
        self.assertFalse(mail.model)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mail.send()
        [sent] = self._mails
        self.assertEqual(sent["email_to"], ["bea@example.com"])
        for part in (sent["body"], sent["body_alternative"]):
            self.assertRegex(part, r"https?://[^/]+/privacy/web-form/[\w-]{40}")
            self.assertNotIn(WEB_FORM_LINK, part)
        self.assertIn("If it was not you", sent["body"])

    def test_a_copy_to_others_carries_no_link(self):
        self.post(self.values)
        [mail] = self.mail("bea@example.com")
        mail.email_cc = "other@example.com"
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mail.send()
        for sent in self._mails:
            self.assertNotRegex(sent["body"], r"/privacy/web-form/[\w-]{40}")

    def test_erasing_the_person_takes_it_along(self):
        self.post(self.values)
        pending = self.pending("bea@example.com")
        self.erase(self.bea)
        self.assertFalse(pending.exists())
