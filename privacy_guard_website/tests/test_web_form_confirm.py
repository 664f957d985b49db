import re
from datetime import timedelta
from urllib.parse import urlsplit

from lxml import html
from odoo.tests import tagged
from odoo.tools import hmac

from .web_form_common import WebFormCase


@tagged("post_install", "-at_install")
class TestWebFormConfirm(WebFormCase):
    """The person confirms by a link and a button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls.make_contact("Bea Known", email="bea@example.com")
        cls.values = {
            "name": "Bea Known",
            "email": "bea@example.com",
            "function": "Boss",
        }

    def path(self, address="bea@example.com"):
        """:return: path of the link in the mail that was sent last"""
        with self.mock_mail_gateway(mail_unlink_sent=False):
            self.mail(address).send()
        [body] = [sent["body"] for sent in self._mails]
        return urlsplit(
            re.search(r'href="([^"]*/privacy/web-form/[^"]+)"', body)[1]
        ).path

    def text(self, response):
        return re.sub(r"\s+", " ", html.fromstring(response.content).text_content())

    def notes(self):
        """:return: the text of all of them"""
        bodies = "".join(filter(None, self.bea.message_ids.mapped("body")))
        return html.fromstring(f"<div>{bodies}</div>").text_content()

    def test_opening_the_link_changes_nothing(self):
        """Scanners open links, and forwarded mails are opened by others."""
        self.bea.function = "Poet"
        self.post({**self.values, "phone": "+32 2 5"}, self.newsletter)
        path = self.path()
        before = self.rows()
        page = self.text(self.url_open(path))
        for shown in ("Boss", "Newsletter", "May we send you our newsletter?"):
            self.assertIn(shown, page)
        # what is stored is nobody's to see here
        self.assertNotIn("Poet", page)
        self.assertEqual(self.opener.head(self.base_url() + path).status_code, 200)
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.bea.function, "Poet")

    def test_no_designer_has_another_text_confirmed(self):
        """ROL-4: what is confirmed is what the events will name."""
        self.post(self.values, self.newsletter)
        path = self.path()
        view = self.env.ref("privacy_guard_website.web_form_confirm")
        own = """<form method="post"><input type="hidden" name="pressed"
            t-att-value="pressed()"/><button>Win a prize</button></form>"""
        for change in (
            own,
            "<i hidden=''><t t-out='form'/></i>" + own,
            "<p>Nothing</p>",
        ):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                view.arch_db = view.arch_db.replace('<t t-out="form"/>', change)
                with self.assertLogs("odoo.addons.privacy_guard.responses", "ERROR"):
                    page = self.text(self.url_open(path))
                self.assertIn("May we send you our newsletter?", page)
                self.assertNotIn("Win a prize", page)
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache("templates")
        self.assertIn("it is recorded", self.text(self.press_button(path)))

    def test_the_button_does_it_once(self):
        self.post({**self.values, "phone": "+32 2 5"}, self.newsletter, self.phone)
        path = self.path()
        response = self.press_button(path)
        self.assertIn("it is recorded", self.text(response))
        self.assertNotIn("left out", self.text(response))
        self.assertEqual(self.contact("bea@example.com"), self.bea)
        self.assertEqual((self.bea.function, self.bea.phone), ("Boss", "+32 2 5"))
        self.assertEqual(self.value(self.bea, self.newsletter), "granted")
        self.assertEqual(self.events(self.bea, self.newsletter)[-1].source, "web_form")
        # the address is proven: double opt-in
        self.assertEqual(self.bea.email_opt_in, "double")
        again = self.url_open(path, data={"x": "y"})
        self.assertEqual(again.status_code, 404)
        self.assertEqual(self.url_open(path).status_code, 404)
        answers = self.events(self.bea, self.newsletter)
        self.assertEqual(len(answers.filtered(lambda e: e.kind == "answer")), 1)

    def test_what_is_locked_is_left_out_with_a_hint(self):
        """The person refused the telephone number in the meantime."""
        self.post({**self.values, "phone": "+32 2 5"}, self.newsletter)
        path = self.path()
        job = self.make_data_purpose("function")
        self.env["consent.record"]._sync("res.partner", ids=self.bea.ids)
        self.answer(self.bea, job, "refused")
        response = self.press_button(path)
        self.assertIn("Some details were left out", self.text(response))
        self.assertFalse(self.bea.function)
        self.assertEqual(self.value(self.bea, self.newsletter), "granted")

    def test_a_post_without_the_page_confirms_nothing(self):
        """Scanners post, too."""
        self.post(self.values, self.newsletter)
        path = self.path()
        before = self.rows()
        for data in ({"x": "y"}, {"pressed": "a" * 60}, {"pressed": path[-60:]}):
            response = self.url_open(path, data=data)
            self.assertEqual(response.status_code, 400)
            self.assertIn("Nothing has changed yet", self.text(response))
        self.assertEqual(self.rows(), before)

    def test_stp1_what_was_sent_before_a_stop_grants_nothing_after_it(self):
        self.post(self.values, self.newsletter)
        path = self.path()
        page = html.fromstring(self.url_open(path).content)
        data = dict(page.xpath("//main//form")[0].form_values())
        self.bea._privacy_set_status("stopped", "test")
        for response in (self.url_open(path), self.url_open(path, data=data)):
            self.assertEqual(response.status_code, 404)
            self.assertIn("no longer valid", self.text(response))
        self.assertFalse(self.bea.function)
        self.assertEqual(self.value(self.bea, self.newsletter), "applicable")
        self.assertNotEqual(self.bea.email_opt_in, "double")

    def age(self, address="bea@example.com", **age):
        """What waits was posted some time before now."""
        self.env.cr.execute(
            "UPDATE privacy_web_form_pending SET expires_at = expires_at - %s"
            " WHERE email = %s",
            [timedelta(**age), address],
        )
        self.pending(address).invalidate_recordset()

    def say_no(self, how, address="bea@example.com"):
        """Each way of saying no to e-mail."""
        self.env["consent.record"]._sync("res.partner", ids=self.bea.ids)
        if how == "refused":
            self.answer(self.bea, self.newsletter, "refused")
        elif how == "opted out":
            self.bea._privacy_opt_out_by_contact()
        elif how == "blacklisted":
            self.env["mail.blacklist"]._add(address)
        else:
            self.bea._privacy_set_status("stopped", "test")
            self.bea._privacy_resume("taken back")

    def test_a_later_no_is_not_overruled_by_a_yes_that_waited(self):
        """Of whatever kind: whoever has the old mail confirms nothing with it."""
        hows = ("refused", "opted out", "blacklisted", "stopped and taken back")
        for number, how in enumerate(hows):
            with self.subTest(how=how):
                address = f"bea{number}@example.com"
                self.bea = self.make_contact("Bea", email=address)
                self.post({"name": "Bea", "email": address}, self.newsletter)
                path = self.path(address)
                page = html.fromstring(self.url_open(path).content)
                data = dict(page.xpath("//main//form")[0].form_values())
                self.age(address, hours=1)
                self.say_no(how, address)
                before = self.value(self.bea, self.newsletter)
                for response in (self.url_open(path), self.url_open(path, data=data)):
                    self.assertEqual(response.status_code, 404)
                self.assertEqual(self.value(self.bea, self.newsletter), before)
                self.assertNotEqual(before, "granted")
                self.assertNotEqual(self.bea.email_opt_in, "double")

    def test_a_later_no_takes_only_what_it_is_about(self):
        self.post({**self.values, "phone": "+32 2 5"}, self.newsletter, self.phone)
        path = self.path()
        self.age(hours=1)
        self.say_no("opted out")
        page = self.text(self.url_open(path))
        self.assertNotIn("May we send you our newsletter?", page)
        response = self.press_button(path)
        self.assertIn("Some details were left out", self.text(response))
        self.assertNotEqual(self.value(self.bea, self.newsletter), "granted")
        self.assertEqual(self.bea.email_opt_in, "opted_out_contact")
        self.assertEqual((self.bea.function, self.bea.phone), ("Boss", "+32 2 5"))

    def test_a_no_of_before_is_overruled_by_a_new_yes(self):
        self.say_no("refused")
        self.say_no("opted out")
        self.post(self.values, self.newsletter)
        path = self.path()
        self.age(hours=-1)
        self.press_button(path)
        self.assertEqual(self.value(self.bea, self.newsletter), "granted")
        self.assertEqual(self.bea.email_opt_in, "double")

    def test_stp1_who_has_stopped_is_not_asked_by_a_form(self):
        self.bea._privacy_set_status("stopped", "test")
        known = self.post(self.values, self.newsletter)
        self.assertEqual(self.mail("bea@example.com").mapped("state"), ["cancel"])
        other = self.make_contact("Cem Known", email="cem@example.com")
        asked = self.post({**self.values, "email": other.email}, self.newsletter)
        self.assertEqual(known, asked)
        self.assertEqual(self.mail("cem@example.com").mapped("state"), ["outgoing"])

    def test_a_text_that_was_revised_is_not_consented_to(self):
        self.post(self.values, self.newsletter)
        path = self.path()
        self.newsletter.text = "May we send you our newsletter every day?"
        self.newsletter._publish()
        response = self.press_button(path)
        self.assertIn("has been revised in the meantime", self.text(response))
        self.assertEqual(self.value(self.bea, self.newsletter), "applicable")
        self.assertEqual(self.bea.function, "Boss")

    def test_what_we_have_stays_and_the_rest_is_completed(self):
        """Somebody else may have typed it, and who confirms may not have looked: what
        they entered instead is noted, and what we have is not told."""
        self.bea.function = "Poet"
        self.post(
            {**self.values, "name": "Bea Stranger", "phone": "+32 2 5"}, self.phone
        )
        path = self.path()
        self.assertNotIn("Poet", self.text(self.url_open(path)))
        text = self.text(self.press_button(path))
        self.assertIn("Some details differ", text)
        self.assertNotIn("left out", text)
        self.assertNotIn("Poet", text)
        self.assertEqual(self.bea.name, "Bea Known")
        self.assertEqual((self.bea.function, self.bea.phone), ("Poet", "+32 2 5"))
        note = self.notes()
        self.assertIn("Job Position: Boss", note)
        self.assertIn("Name: Bea Stranger", note)

    def test_what_is_noted_is_for_who_reads_it(self):
        """In their language; the person's own words say which theirs is."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.company.partner_id.lang = "de_DE"
        self.bea.function = "Poet"
        self.post({**self.values, "custom": "I <b>write</b>"}, self.newsletter)
        self.press_button(self.path())
        [note] = [
            body
            for body in self.bea.message_ids.mapped("body")
            if "Boss" in (body or "")
        ]
        self.assertIn("In einem Webformular eingegeben", note)
        self.assertIn('<span lang="en-US">Boss</span>', note)
        self.assertNotIn("<b>", note)
        event = self.events(self.bea, self.newsletter)[-1]
        self.assertIn("Webformular: ", event.evidence_ids.note)

    def test_an_encrypted_value_is_not_noted(self):
        self.bea.function = "Poet"
        self.post({**self.values, "name": "Bea Stranger"})
        pending = self.pending("bea@example.com").sudo()
        names = frozenset({"function"})
        self.patch(type(self.bea), "_privacy_encrypted_names", lambda _self: names)
        pending._confirm({"ip": "127.0.0.1", "user_agent": "test"})
        self.assertIn("Bea Stranger", self.notes())
        self.assertNotIn("Boss", self.notes())

    def test_a_company_is_not_renamed(self):
        self.make_contact("Acme", email="info@acme.example", is_company=True)
        self.post({"name": "Bob", "email": "info@acme.example"}, self.newsletter)
        response = self.press_button(self.path("info@acme.example"))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.contact("info@acme.example").name, "Acme")

    def test_wrong_and_foreign_links_look_alike(self):
        self.post(self.values)
        path = self.path()
        token = path.rsplit("/", 1)[1]
        other = self.env["privacy.preferences.link"]._token(self.bea)
        for wrong in (token[:-2] + "xx", other, "a" * 60):
            for data in (None, {"x": "y"}):
                with self.subTest(wrong=wrong[:9], data=data):
                    response = self.url_open(f"/privacy/web-form/{wrong}", data=data)
                    self.assertEqual(response.status_code, 404)
                    self.assertIn("Nothing was changed", self.text(response))
        # and this link opens nothing else
        self.assertEqual(self.url_open(f"/privacy/{token}").status_code, 404)
        self.assertEqual(self.url_open(f"/privacy/opt-in/{token}").status_code, 404)

    def test_the_page_is_hardened(self):
        self.post(self.values)
        headers = self.url_open(self.path()).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_a_mail_form_makes_its_contact_when_it_is_confirmed(self):
        self.make_page("Mail us", self.newsletter, model="mail.mail", url="/mail-us")
        values = {"email_to": "us@example.com", "email_from": "new@example.com"}
        signed = hmac(self.env(su=True), "website_form_signature", "us@example.com")
        values.update(name="New Person", subject="Hi", website_form_signature=signed)
        with self.mock_mail_gateway():
            self.post(values, self.newsletter, model="mail.mail", url="/mail-us")
        self.assertFalse(self.contact("new@example.com"))
        response = self.press_button(self.path("new@example.com"))
        self.assertEqual(response.status_code, 200)
        contact = self.contact("new@example.com")
        self.assertEqual(contact.name, "New Person")
        self.assertEqual(self.value(contact, self.newsletter), "granted")
        self.assertEqual(contact.email_opt_in, "double")
