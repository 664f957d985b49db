import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.common import ENDLESS

from .newsletter_common import EVIDENCE, NewsletterCase


@tagged("post_install", "-at_install")
class TestNewsletter(NewsletterCase):
    """Subscribing in the newsletter block."""

    def test_mailings_lead_to_the_domain_of_who_sends_them(self):
        """MAIL-3: what Odoo makes of a mailing as well, whatever website it makes the
        recipient's links on."""
        self.env["ir.config_parameter"].set_param("web.base.url", "https://erp.example")
        theirs = self.env["res.company"].create({"name": "Their Company"})
        self.env["website"].create(
            {"name": "X", "company_id": theirs.id, "domain": "theirs.example"}
        )
        ours = self.env["website"].search([], limit=1)
        ours.domain = "ours.example"
        ann = self.make_contact("Ann Example", website_id=ours.id)
        ann._consent_record_answers(
            {self.newsletter.id: "granted"}, source="preferences"
        )
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "body_html": '<p><a href="/unsubscribe_from_list">No more</a>'
                '<a href="/view">Online</a><a href="/shop">Shop</a></p>',
                "mailing_model_id": self.contacts.id,
                "mailing_domain": [("id", "=", ann.id)],
                "privacy_purpose_id": self.newsletter.id,
                "email_from": "us@example.com",
                "user_id": self.make_user(
                    "sender", company_id=theirs.id, company_ids=[theirs.id]
                ).id,
            }
        )
        mailing.action_send_mail()
        mail = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])
        (values,) = mail._privacy_decide()._prepare_outgoing_list()
        places = ("confirm_unsubscribe", "view", "unsubscribe_oneclick")
        made = f"{values['body']} {values['headers']}"
        for place in (*(f"mailing/{mailing.id}/{p}" for p in places), "privacy/why/"):
            self.assertIn(f"https://theirs.example/{place}", made)
        self.assertRegex(made, r"https://theirs\.example/(?:r/|mailing/c/)")
        self.assertEqual(
            set(re.findall(r"https://[\w.]+", made)), {"https://theirs.example"}
        )

    def test_the_block_shows_the_text(self):
        shown = self.block()
        self.assertIn("May we send you our newsletter?", shown["privacy_consent"])
        self.assertIn("By subscribing you agree", shown["privacy_consent"])
        self.list.privacy_purpose_id = False
        shown = self.block()
        self.assertNotIn("May we send you", shown["privacy_consent"])
        self.assertNotIn("you agree", shown["privacy_consent"])

    def test_nobody_is_subscribed_until_they_confirm(self):
        answer = self.subscribe("Ann Example <ann@Example.com>")
        self.assertEqual(answer["toast_type"], "success")
        self.assertFalse(self.subscriptions("ann@example.com"))
        self.assertFalse(self.answers("ann@example.com"))
        self.assertEqual(len(self.mail("ann@example.com")), 1)
        pending = self.pending("ann@example.com").sudo()
        summary = pending._summary()
        self.assertIn("Weekly news", [value for _label, value in summary["values"]])
        self.assertEqual(summary["notices"].purpose_id, self.newsletter)
        pending._confirm(EVIDENCE)
        subscription = self.subscriptions("ann@example.com")
        self.assertFalse(subscription.opt_out)
        self.assertEqual(subscription.contact_id.name, "Ann Example")
        self.assertIn("granted", self.answers("ann@example.com"))
        self.assertFalse(
            self.env["privacy.gate"]._mailing_refusals(
                self.newsletter, {"ann@example.com"}
            )
        )
        notes = self.env["consent.evidence"].search([]).mapped("note")
        self.assertIn("Web form: Newsletter Weekly news", notes)

    def test_who_has_left_since_is_not_subscribed_again(self):
        """Whoever has the mail of before: the list, or all e-mail, was left later."""
        self.subscribe("ann@example.com")
        first = self.pending("ann@example.com").sudo()
        self.subscribe("ann@example.com")
        second = self.pending("ann@example.com").sudo() - first
        self.subscribe("ann@example.com")
        third = self.pending("ann@example.com").sudo() - first - second
        first._confirm(EVIDENCE)
        subscription = self.subscriptions("ann@example.com")
        subscription.opt_out = True
        subscription.opt_out_datetime = fields.Datetime.now()
        second._confirm(EVIDENCE)
        self.assertTrue(subscription.opt_out)
        subscription.opt_out = False
        self.env["mailing.mailing"]._privacy_refuse("ann@example.com", EVIDENCE)
        subscription.opt_out = True
        self.assertIsNone(third._confirm(EVIDENCE))
        self.assertTrue(subscription.opt_out)
        self.assertNotIn("granted", self.answers("ann@example.com"))

    def test_the_mailing_contact_answers_where_it_is_asked(self):
        """Otherwise a contact is made: an answer needs somebody."""
        for asked, name in ((True, "ann"), (False, "bob")):
            self.newsletter.for_mailing_contacts = asked
            self.subscribe(f"{name}@example.com")
            self.pending(f"{name}@example.com").sudo()._confirm(EVIDENCE)
            self.assertEqual(bool(self.contact(f"{name}@example.com")), not asked)
            self.assertIn("granted", self.answers(f"{name}@example.com"))
            self.assertEqual(len(self.subscriptions(f"{name}@example.com")), 1)

    def test_known_and_unknown_get_the_same_answer(self):
        """Contacts, subscribers, people who have left the list: nothing changes and
        nothing shows until the person confirms."""
        bea = self.make_contact("Bea Known", email="bea@example.com")
        mailing_contact = self.env["mailing.contact"].create(
            {"name": "Bea", "email": "bea@example.com", "list_ids": self.list.ids}
        )
        subscription = mailing_contact.subscription_ids
        subscription.opt_out = True
        # moments are told to the second: a no of the same one would be the later
        subscription.opt_out_datetime -= timedelta(minutes=1)
        answers = [self.subscribe(f"{name}@example.com") for name in ("bea", "new")]
        self.assertEqual(*answers)
        self.assertTrue(subscription.opt_out)
        # nor does the block tell the next one who looks
        self.assertFalse(self.block()["is_subscriber"])
        self.assertFalse(self.block()["value"])
        self.pending("bea@example.com").sudo()._confirm(EVIDENCE)
        self.assertFalse(subscription.opt_out)
        self.assertEqual(self.subscriptions("bea@example.com"), subscription)
        self.assertEqual(self.value(bea, self.newsletter), "granted")
        self.assertEqual(bea.email_opt_in, "double")

    def test_a_session_from_before_consents_tells_nothing(self):
        set_param = self.env["ir.config_parameter"].set_param
        set_param("privacy_guard.enabled", False)
        self.subscribe("ann@example.com", token="none")
        self.assertTrue(self.block()["is_subscriber"])
        set_param("privacy_guard.enabled", "True")
        shown = self.block()
        self.assertFalse(shown["is_subscriber"] or shown["value"])

    def test_what_the_block_did_not_show_subscribes_nobody(self):
        other = self.list.copy({"name": "Other"})
        other.is_public = True
        private = self.list.copy({"is_public": False})
        for token, values in (
            (self.token(), {}),
            (self.block_token(other.id), {}),
            ("x" * 60, {}),
            (None, {"list_id": private.id}),
            (None, {"list_id": "0 or 1"}),
            (None, {"value": "no address"}),
            *((None, {"value": text}) for text in ENDLESS),
            (None, {"value": "", "subscription_type": "mobile"}),
            # of another type than the block sends
            *((None, {"value": value}) for value in ({}, [], True, 1, None)),
            *((None, {"list_id": id_}) for id_ in ({}, [], True, None, 10**12)),
            *((None, {"subscription_type": type_}) for type_ in ({}, [], True)),
            *((token, {}) for token in ({"x": 1}, ["x"], True)),
        ):
            with self.subTest(values=values):
                answer = self.subscribe("ann@example.com", token=token, **values)
                self.assertEqual(answer["toast_type"], "danger")
        self.assertFalse(self.env["privacy.web.form.pending"].search([]))
        self.assertFalse(self.subscriptions("ann@example.com"))

    def test_a_text_that_was_revised_subscribes_nobody(self):
        token = self.block_token()
        self.newsletter.text = "May we write to you every day?"
        self.newsletter._publish()
        answer = self.subscribe("ann@example.com", token=token)
        self.assertIn("has been revised", answer["toast_content"])

    def test_too_many_for_one_address(self):
        for number in range(20):
            posts = self.env["privacy.mail.post"]
            posts._count("ann@example.com", f"192.0.2.{number // 5}")
        answer = self.subscribe("ann@example.com")
        self.assertIn("Too many forms", answer["toast_content"])

    def test_stp1_who_has_stopped_is_not_asked(self):
        """And nobody learns it."""
        bea = self.make_contact("Bea Known", email="bea@example.com")
        bea._privacy_set_status("stopped", "test")
        self.assertEqual(
            self.subscribe("bea@example.com"), self.subscribe("cem@example.com")
        )
        self.assertEqual(self.mail("bea@example.com").state, "cancel")
        self.assertEqual(self.mail("cem@example.com").state, "outgoing")
        self.assertIsNone(self.pending("bea@example.com").sudo()._confirm(EVIDENCE))
        self.assertFalse(self.subscriptions("bea@example.com"))

    def test_without_consents_it_is_as_in_odoo(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.assertNotIn("privacy_consent", self.block())
        self.subscribe("ann@example.com", token="none")
        self.assertTrue(self.subscriptions("ann@example.com"))

    # ------------------------------------------------------------------
    # IDN-6: what the link of an old mailing asks for
    # ------------------------------------------------------------------

    def ask_by_link(self, path, address, **values):
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": self.list.ids,
            }
        )
        token = mailing._generate_mailing_recipient_token(1, address)
        link = {"mailing_id": mailing.id, "document_id": 1, "hash_token": token}
        self.authenticate(None, None)
        return self.make_jsonrpc_request(
            f"/mailing/{path}", {**link, "email": address, **values}
        )

    def test_idn6_coming_back_by_a_mailing_waits_for_a_mail(self):
        """And tells nobody who has been there."""
        self.env["mailing.contact"].create(
            {"name": "Ann", "email": "ann@example.com", "list_ids": self.list.ids}
        )
        subscription = self.subscriptions("ann@example.com")
        subscription.opt_out = True
        subscription.opt_out_datetime -= timedelta(minutes=1)
        for address in ("ann@example.com", "new@example.com"):
            answer = self.ask_by_link(
                "list/update", address, lists_optin_ids=self.list.ids
            )
            self.assertEqual(answer["result"], 0)
            self.assertIn("We have sent you an e-mail", answer["privacy_told"])
        self.assertTrue(subscription.opt_out)
        self.assertEqual(len(self.mail("new@example.com")), 1)
        self.pending("ann@example.com").sudo()._confirm(EVIDENCE)
        self.assertFalse(subscription.opt_out)

    def test_idn6_leaving_the_blocklist_waits_for_a_mail(self):
        blocked = self.env["mail.blacklist"]._add("ann@example.com")
        self.env.cr.execute(
            "UPDATE mail_blacklist SET write_date = write_date - INTERVAL '1 minute'"
        )
        blocked.invalidate_recordset()
        for _time in range(2):
            answer = self.ask_by_link("blocklist/remove", "ann@example.com")
            self.assertIn("We have sent you an e-mail", answer["privacy_told"])
        self.assertTrue(blocked.active)
        first, second = self.pending("ann@example.com").sudo()
        [(_label, told)] = first._summary()["values"]
        self.assertIn("ann@example.com gets our mailings again", told)
        first._confirm(EVIDENCE)
        self.assertFalse(blocked.active)
        self.assertFalse(self.contact("ann@example.com"))
        blocked._add("ann@example.com")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_blacklist SET write_date = write_date + INTERVAL '1 hour'"
        )
        self.assertIsNone(second._confirm(EVIDENCE))
        self.assertTrue(blocked.active)
