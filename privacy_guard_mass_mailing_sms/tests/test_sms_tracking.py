import re

from odoo.tests import tagged

from .sms_mailing_common import SmsMailingCommon

LINK = "https://example.com/offer?a=1&b=2"


@tagged("post_install", "-at_install")
class TestSmsTracking(SmsMailingCommon):
    """Original links, nothing recorded; what was recorded goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracking = cls.env.ref("privacy_guard.consent_purpose_tracking_email")
        cls.tracking._publish()
        cls.tracking.active = True
        cls.shy = cls.make_person("Shirley Shy", 5, email=False)
        cls.everyone |= cls.shy
        cls.everyone._consent_sync()
        cls.willing._consent_record_answers(
            {cls.tracking.id: "granted"}, source="preferences"
        )
        cls.shy._consent_record_answers(
            {cls.purpose.id: "granted", cls.tracking.id: "refused"},
            source="preferences",
        )

    def click(self, body):
        """Follow the short link of a text message."""
        path = re.search(r"/r/\w+/s/\d+", body)[0]
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 301)
        self.assertTrue(answer.headers["Location"].startswith("https://example.com/"))
        self.env.invalidate_all()

    def clicks(self, mailing):
        links = self.env["link.tracker"].search([("mass_mailing_id", "=", mailing.id)])
        return links.link_click_ids

    def test_refused_leaves_with_original_links(self):
        self.send(self.make_mailing(self.willing | self.shy))
        self.assertRegex(self.body_to(self.willing), r"/r/\w+/s/\d+")
        self.assertIn(f"Our offer: {LINK}", self.body_to(self.shy))
        self.assertNotIn("/r/", self.body_to(self.shy))
        self.assertIn("/sms/", self.body_to(self.shy))

    def test_unanswered_leaves_with_original_links(self):
        """By the strict reading, and what is filled in for each person by any."""
        newcomer = self.make_person("Nora New", 6)
        self.answer(newcomer, self.purpose, "granted")
        mailing = self.make_mailing(newcomer)
        own = "https://example.com/{{ object.id }}"
        mailing.body_plaintext += f" Yours: {own} {own}/x"
        self.send(mailing)
        self.assertIn(f" https://example.com/{newcomer.id}/x", self.body_to(newcomer))
        self.assertIn(f" https://example.com/{newcomer.id} ", self.body_to(newcomer))
        self.env.company.privacy_silence = "ask"
        self.send(self.make_mailing(newcomer))
        self.assertIn(LINK, self.body_to(newcomer))

    def test_silence_is_the_same_for_everybody(self):
        """TRK-1: and whoever refuses later, before it leaves, gets the typed links."""
        new = self.make_person("Nora New", 6) | self.make_person("Nick New", 7)
        for person in new:
            self.answer(person, self.purpose, "granted")
        mailing = self.make_mailing(new, sms_force_send=False)
        self.send(mailing)
        messages = self.env["sms.sms"].search([("mailing_id", "=", mailing.id)])
        [counted] = {
            re.search(r"/mailing/c/\S+", message.body)[0] for message in messages
        }
        answer = self.url_open(counted, allow_redirects=False)
        self.assertEqual(answer.headers["Location"], LINK)
        self.answer(new[1], self.tracking, "refused")
        with self.mockSMSGateway():
            messages.send()
        self.assertIn(counted, self.body_to(new[0]))
        self.assertIn(LINK, self.body_to(new[1]))
        self.env.flush_all()
        levels = self.traces(mailing).mapped("privacy_clicks")
        self.assertEqual(sorted(levels), ["anonymous", "off"])
        hits = self.env["privacy.mailing.count"].search(
            [("mailing_id", "=", mailing.id)]
        )
        self.assertEqual(hits.hits, 1)
        self.assertFalse(self.clicks(mailing))

    def test_switched_off_tracks_as_odoo_does(self):
        self.tracking.active = False
        self.send(self.make_mailing(self.shy))
        self.assertNotIn(LINK, self.body_to(self.shy))

    def test_refusing_in_the_queue_restores_the_links(self):
        mailing = self.make_mailing(self.willing, sms_force_send=False)
        self.send(mailing)
        message = self.env["sms.sms"].search([("mailing_id", "=", mailing.id)])
        self.assertIn("/r/", message.body)
        self.answer(self.willing, self.tracking, "refused")
        with self.mockSMSGateway():
            message.send()
        self.assertIn(LINK, self.body_to(self.willing))

    def test_messages_about_documents_too(self):
        tracker = self.env["link.tracker"].create({"url": LINK})
        with self.mockSMSGateway():
            for person in self.willing | self.shy:
                person._message_sms(f"See {tracker.short_url}.", partner_ids=person.ids)
        self.assertIn("/r/", self.body_to(self.willing))
        self.assertEqual(self.body_to(self.shy), f"See {LINK}.")

    def test_strict_setting(self):
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.mail_needs_tracking_consent", "True"
        )
        mailing = self.make_mailing(self.willing | self.shy)
        self.send(mailing)
        self.assertEqual(self.sent_to(), {self.willing.phone_sanitized})
        self.assertReason(mailing, self.shy, "privacy_no_marketing_consent")

    def test_clicks_on_what_was_delivered(self):
        """Of people without an address, and of mailing contacts, who are nobody's."""
        for recipients in (self.shy, self.make_list(self.shy.phone)):
            self.tracking.active = False
            mailing = self.make_mailing(recipients)
            self.send(mailing)
            body = self.body_to(self.shy)
            self.tracking.active = True
            self.click(body)
            self.assertFalse(self.clicks(mailing))
            self.assertFalse(self.traces(mailing).links_click_datetime)
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.click(self.body_to(self.willing))
        self.assertTrue(self.clicks(mailing))
        self.assertTrue(self.traces(mailing).links_click_datetime)

    def test_withdrawing_scrubs_and_totals_stay(self):
        names = ["clicked", "clicks_ratio"]
        for recipients in (self.willing, self.make_list(self.willing.phone)):
            self.answer(self.willing, self.tracking, "granted")
            mailing = self.make_mailing(recipients)
            self.send(mailing)
            self.click(self.body_to(self.willing))
            click, before = self.clicks(mailing), mailing.read(names)
            self.assertEqual(mailing.clicked, 1)
            self.answer(self.willing, self.tracking, "refused")
            self.assertFalse(self.traces(mailing).links_click_datetime)
            self.assertFalse(click.ip or click.country_id or click.mailing_trace_id)
            self.assertEqual(mailing.read(names), before)
