from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import hmac

from odoo.addons.privacy_guard.tests.common import ENDLESS

from ..models.privacy_web_form import BOX, FORM
from .web_form_common import WebFormCase

# posts with an address in a day from one network, and from all; from it in an hour
PER_ADDRESS, PER_MAILBOX, PER_IP = 5, 20, 30
ANN = {"name": "Ann Example", "email": "Ann@Example.com", "function": "Painter"}


@tagged("post_install", "-at_install")
class TestWebForm(WebFormCase):
    """What is posted from a form, by a browser or by hand."""

    def test_no_designer_redirects_the_ways_to_refuse(self):
        rewrites = self.env["website.rewrite"]
        ours = "/privacy/one-click/<string(minlength=40,maxlength=512):token>"
        theirs = "/shop/<string:token>"
        for kind, url_from, url_to in (
            ("404", ours, False),
            ("308", ours, theirs),
            ("308", theirs, "//privacy/<string:token>"),
            ("302", "/my/privacy", "/elsewhere"),
            ("404", "/mailing/<int:mailing_id>/unsubscribe_oneclick", False),
        ):
            values = {"redirect_type": kind, "url_from": url_from, "url_to": url_to}
            with self.subTest(**values), self.assertRaises(ValidationError):
                rewrites.create({"name": "Away", **values})
        other = rewrites.create(
            {"name": "Other", "redirect_type": "404", "url_from": "/privacy-policy"}
        )
        with self.assertRaises(ValidationError):
            other.url_from = "/privacy/preferences"
        # what was there before obeys nobody
        self.env.cr.execute(
            "UPDATE website_rewrite SET url_from = %s WHERE id = %s",
            ("/privacy/preferences", other.id),
        )
        self.env.invalidate_all()
        website = self.env["website"].search([], limit=1)
        applied = self.env["ir.http"]._get_rewrites(website.id)
        self.assertNotIn("/privacy/preferences", applied)

    def test_new_address_is_recorded_at_once(self):
        values = {**ANN, "phone": "+32 2 555 00 00"}
        answer = self.post(values, self.newsletter, self.phone)
        self.assertEqual(answer, {"id": True})
        ann = self.contact("ann@example.com")
        self.assertEqual(ann.function, "Painter")
        self.assertEqual(ann.phone, "+32 2 555 00 00")
        self.assertEqual(self.value(ann, self.newsletter), "granted")
        self.assertEqual(self.value(ann, self.phone), "granted")
        # a box that was not there, or not ticked, says nothing
        self.assertEqual(self.value(ann, self.birthday), "applicable")

    def test_one_address_or_none(self):
        """IDN-2: of two, nobody would know who has answered."""
        self.make_contact("Victim", email="victim@m\u00fcller.example")
        before = self.rows()
        for text in (
            "victim@m\u00fcller.example, e@y.example",
            "e@y.example;victim@xn--mller-kva.example",
            "Victim",
            *ENDLESS,
        ):
            with self.subTest(text=text[:50]):
                answer = self.post({**ANN, "email": text}, self.newsletter)
                self.assertIn("one valid e-mail address", str(answer))
                self.assertEqual(self.rows(), before)

    def test_what_nobody_can_confirm_is_not_recorded(self):
        """The visitor is told so."""
        before = self.rows()
        for typed in ("", " "):
            answer = self.post({**ANN, "email": typed}, self.newsletter)
            self.assertIn("enter your e-mail address", answer["error"])
        self.assertEqual(self.rows(), before)
        self.assertTrue(self.post({**ANN, "email": ""})["id"])

    def test_a_known_address_is_known_however_it_is_written(self):
        """IDN-2"""
        self.make_contact("Known", email="known@m\u00fcller.example")
        form = "known@xn--mller-kva.example"
        self.post({**ANN, "email": '"known"@xn--mller-kva.example.'}, self.newsletter)
        self.assertTrue(self.pending(form))
        self.assertEqual(len(self.contact(form)), 1)

    def test_the_version_that_was_shown_is_the_evidence(self):
        self.post(ANN, self.newsletter)
        ann = self.contact("ann@example.com")
        event = self.events(ann, self.newsletter)[-1]
        notice = self.newsletter._current_notices()[self.newsletter.id]
        self.assertEqual(event.source, "web_form")
        self.assertEqual(event.notice_id, notice)
        self.assertFalse(event.user_id)
        evidence = self.env["consent.evidence"].search([("res_id", "=", ann.id)])
        self.assertEqual(evidence.digest, event.evidence_hash)
        self.assertEqual(evidence.note, "Web form: Write to us")
        self.assertEqual(evidence.ip, "127.0.0.1")

    def test_value_of_an_open_box_is_not_stored(self):
        self.post({**ANN, "phone": "+32 2 555 00 00"}, self.newsletter)
        ann = self.contact("ann@example.com")
        self.assertFalse(ann.phone)
        self.assertEqual(ann.function, "Painter")
        # silence is no refusal: nothing is recorded for the person
        self.assertEqual(self.value(ann, self.phone), "applicable")

    def test_value_is_not_stored_for_whoever_posts_by_hand(self):
        """Without the field that says what was shown nothing was consented to."""
        self.send({**ANN, "phone": "+32 2 555 00 00"})
        self.assertFalse(self.contact("ann@example.com").phone)

    def test_the_answers_are_no_text_of_the_form(self):
        self.post(ANN, self.newsletter)
        ann = self.contact("ann@example.com")
        self.assertNotIn("privacy_", "".join(ann.message_ids.mapped("body")))

    def test_ticking_an_email_consent_is_a_single_opt_in(self):
        """OPT-1: and the person is asked to confirm it."""
        self.post(ANN, self.newsletter)
        ann = self.contact("ann@example.com")
        self.assertEqual(ann.email_opt_in, "single_form")
        self.assertTrue(ann.opt_in_requested_at)
        mail = self.env["mail.mail"].search([("res_id", "=", ann.id)])
        self.assertIn("confirm your subscription", mail.subject)

    def test_another_consent_is_no_opt_in(self):
        self.page.view_id.arch = self.page.view_id.arch.replace(
            str(self.newsletter.id), str(self.birthday.id)
        )
        self.post(ANN, self.birthday)
        ann = self.contact("ann@example.com")
        self.assertEqual(self.value(ann, self.birthday), "granted")
        self.assertEqual(ann.email_opt_in, "none")

    # ------------------------------------------------------------------
    # Hostile posts
    # ------------------------------------------------------------------

    def assertRefused(self, data, model="res.partner"):
        before = self.rows()
        self.assertIn("nothing was saved", self.send(data, model)["error"])
        self.assertEqual(self.rows(), before)

    def test_what_the_page_did_not_show_is_refused(self):
        token = self.token()
        shown, other = self.boxes(self.newsletter), self.boxes(self.birthday)
        name = next(iter(shown))
        for data in (
            {FORM: token, **other},
            {FORM: token, **shown, f"{BOX}999999": "yes"},
            {FORM: token, f"{BOX}x": "yes"},
            {FORM: token, name: "on"},
            {FORM: token, name: ["yes", "yes"]},
            {FORM: [token, token], **shown},
            {FORM: "", **shown},
            {FORM: "a" * 60, **shown},
            {FORM: token[:-2] + "xx", **shown},
            {FORM: "x" * 5000, **shown},
            {FORM: "é" * 60, **shown},
            shown,
        ):
            with self.subTest(data=str(data)[:80]):
                self.assertRefused({**ANN, **data})

    def test_what_one_form_showed_is_void_for_another_model(self):
        data = {
            FORM: self.token(),
            **self.boxes(self.newsletter),
            "email_from": "ann@example.com",
        }
        self.assertRefused(data, "mail.mail")

    def test_a_link_of_another_use_is_no_form(self):
        bea = self.make_contact("Bea")
        token = self.env["privacy.preferences.link"]._token(bea)
        self.assertRefused({**ANN, FORM: token, **self.boxes(self.newsletter)})

    def test_a_revised_text_is_read_first(self):
        data = {**ANN, FORM: self.token(), **self.boxes(self.newsletter)}
        self.newsletter.text = "May we send you our newsletter every day?"
        self.newsletter._publish()
        self.assertRefused(data)

    def test_a_consent_that_was_switched_off_is_not_recorded(self):
        data = {**ANN, FORM: self.token(), **self.boxes(self.newsletter)}
        self.newsletter.active = False
        self.assertRefused(data)

    def test_control_fields_and_consents_cannot_be_posted(self):
        data = {"email_opt_in": "double", "privacy_status": "erased"}
        self.post({**ANN, **data})
        ann = self.contact("ann@example.com")
        self.assertEqual((ann.email_opt_in, ann.privacy_status), ("none", "active"))

    # ------------------------------------------------------------------
    # How often
    # ------------------------------------------------------------------

    def test_an_address_is_not_flooded(self):
        """Whether the address is known or not."""
        bea = self.make_contact("Bea", email="bea@example.com")
        for address in (bea.email, "new@example.com"):
            with self.subTest(address=address):
                values = {"name": "X", "email": address}
                for _count in range(PER_ADDRESS):
                    self.assertEqual(self.post(values, self.newsletter), {"id": True})
                before = self.rows()
                answer = self.post(values, self.newsletter)
                self.assertIn("Too many forms", answer["error"])
                self.assertEqual(self.rows(), before)

    def test_a_network_does_not_flood(self):
        posts = self.env["privacy.mail.post"]
        for number in range(PER_IP):
            posts._count(f"p{number}@example.com", "127.0.0.1")
        self.assertIn("Too many forms", self.post(ANN, self.newsletter)["error"])
        self.assertFalse(self.contact("ann@example.com"))

    def test_what_a_stranger_has_used_up_is_not_the_person_s(self):
        """RTE-1: from elsewhere they are written to all the same, up to a limit for the
        mailbox."""
        posts = self.env["privacy.mail.post"]
        for number in range(PER_MAILBOX - 1):
            posts._count("ann@example.com", f"192.0.2.{number // PER_ADDRESS}")
        self.assertEqual(self.post(ANN, self.newsletter), {"id": True})
        self.assertIn("Too many forms", self.post(ANN, self.newsletter)["error"])

    def test_the_count_names_nobody_and_is_gone_after_a_day(self):
        self.post(ANN, self.newsletter)
        posts = self.env["privacy.mail.post"].search([])
        self.assertNotIn("ann", f"{posts.read()}")
        self.env.cr.execute(
            "UPDATE privacy_mail_post SET date = date - interval '2 days'"
        )
        posts.invalidate_model()
        posts._gc_old()
        self.assertFalse(posts.exists())

    # ------------------------------------------------------------------
    # Elsewhere
    # ------------------------------------------------------------------

    def test_disabled_consents_leave_forms_as_they_are(self):
        token = self.token()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        self.env.registry.clear_cache("templates")
        self.assertFalse(self.get_form().xpath(f".//*[@name='{FORM}']"))
        data = {**ANN, "phone": "1", FORM: token, **self.boxes(self.newsletter)}
        answer = self.send(data)
        ann = self.contact("ann@example.com")
        self.assertEqual(answer, {"id": ann.id})
        self.assertEqual(ann.phone, "1")
        self.assertFalse(self.events(ann, self.newsletter))
        self.assertNotIn("privacy_", "".join(ann.message_ids.mapped("body")))

    def test_erased_people_who_are_to_be_refused_learn_nothing(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("privacy_guard.suppression", "refuse")
        ann = self.make_contact("Ann Example", email="ann@example.com")
        self.erase(ann)
        before = self.env["res.partner"].search_count([])
        self.assertEqual(self.post(ANN, self.newsletter), {"id": True})
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.pending("ann@example.com"))

    def test_a_mail_to_the_company_goes_out_and_its_answers_wait(self):
        """A form that only writes a mail makes a contact when it is confirmed."""
        self.make_page("Mail us", self.newsletter, model="mail.mail", url="/mail-us")
        values = {
            "name": "Ann",
            "email_from": "ann@example.com",
            "subject": "Hello",
            "email_to": "us@example.com",
        }
        signed = hmac(self.env(su=True), "website_form_signature", values["email_to"])
        values["website_form_signature"] = signed
        with self.mock_mail_gateway():
            answer = self.post(
                values, self.newsletter, model="mail.mail", url="/mail-us"
            )
        self.assertTrue(answer["id"])
        self.assertFalse(self.contact("ann@example.com"))
        self.assertEqual(len(self.pending("ann@example.com")), 1)

    # ------------------------------------------------------------------
    # What is no visitor's to say
    # ------------------------------------------------------------------

    def test_nobody_is_sent_a_copy_whom_the_form_does_not_name(self):
        """A visitor's text would reach whomever they like, in the company's name."""
        text = {"name": "Eve", "email_from": "eve@example.com", "subject": "Hello"}
        victim = self.make_contact("Victim Example")
        for signature in ("", "x", "é:email_cc", "x:email_cc"):
            for email_to in ("", "us@example.com"):
                with self.subTest(email_to=email_to, signature=signature):
                    data = {**text, "email_to": email_to, "email_cc": victim.email}
                    data["website_form_signature"] = signature
                    self.assertRefused(data, "mail.mail")
        self.assertTrue(self.send(text, "mail.mail")["id"], "no error without any")

    def test_a_copy_goes_to_nobody_who_has_refused(self):
        """Where the form has a field for it, as for who wants a copy for themself."""
        victim = self.make_contact("Victim Example")
        victim._privacy_opt_out_by_contact()
        key = hmac(
            self.env(su=True), "website_form_signature", "us@example.com:email_cc"
        )
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.send(
                {
                    "email_from": "eve@example.com",
                    "email_to": "us@example.com",
                    "email_cc": f"{victim.email}, eve@example.com",
                    "website_form_signature": f"{key}:email_cc",
                },
                "mail.mail",
            )
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_cc, "eve@example.com")

    def test_links_to_people_are_no_visitor_s(self):
        """Whitelisted or not: Odoo writes what a record says into whom it names."""
        names = ["parent_id", "child_ids", "message_ids", "privacy_status"]
        self.env["ir.model.fields"].formbuilder_whitelist("res.partner", names)
        victim = self.make_contact("Victim Example", phone="+32 2 555 00 01")
        links = {"parent_id": victim.id, "child_ids": victim.id, "message_ids": "1"}
        self.send({**ANN, **links, "privacy_status": "stopped"})
        ann = self.contact("ann@example.com")
        self.assertFalse(ann.parent_id or ann.child_ids)
        self.assertEqual((ann | victim).mapped("privacy_status"), ["active"] * 2)
        designer = self.make_user("designer", "website.group_website_designer")
        fields = self.env["ir.model.fields"].with_user(designer)
        with self.assertRaisesRegex(UserError, "cannot take parent_id of Contact"):
            fields.formbuilder_whitelist("res.partner", ["name", "parent_id"])
        self.assertTrue(fields.formbuilder_whitelist("res.partner", ["name"]))
