import re
from urllib.parse import urlsplit

from lxml import html
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.privacy_guard.constants import PERSONAL_LINK

from ..models.mail_mail import WEB_FORM_LINK
from .web_form_common import WebFormCase

SERVER = "https://erp.example"
BODY = f'<p>Hello <a href="{PERSONAL_LINK}">preferences</a> <a href="/shop">x</a></p>'
LINK = re.compile(r"https?://[^/\s\"'<>]+(?=/(?:privacy|my/privacy)\b)")


@tagged("post_install", "-at_install")
class TestDomains(WebFormCase):
    """MAIL-3: links lead to the domain of the company or brand that writes, if
    it is one that this server answers for."""

    host = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", SERVER)
        cls.ours = cls.env["res.company"]._privacy_main()
        cls.theirs = cls.env["res.company"].create({"name": "Their Company"})
        cls.theirs.privacy_from_email = "hello@theirs.example"
        sites = cls.env["website"]
        cls.site = sites.create(
            {
                "name": "Theirs",
                "company_id": cls.theirs.id,
                "domain": "https://theirs.example",
            }
        )
        cls.brand = sites.create(
            {
                "name": "Brand",
                "company_id": cls.ours.id,
                "domain": "brand.example",
                "sequence": 99,
            }
        )
        cls.person = cls.make_contact("Ann Example")
        cls.parameters = cls.env["ir.config_parameter"]

    def letter(self, company, person=None, **values):
        """:return: a mail that the company writes to the person about consent"""
        person = person or self.person
        mail = person._privacy_mail(company, "Hello", BODY)
        return self.env["mail.mail"].create({**mail, **values})

    def hosts(self, mail):
        """:return: where all links of ours in what leaves lead"""
        copies = mail._prepare_outgoing_list()
        texts = [text for copy in copies for text in copy["headers"].values()]
        texts += [
            copy[name] for copy in copies for name in ("body", "body_alternative")
        ]
        return set().union(*(LINK.findall(str(text)) for text in texts))

    def test_of_the_company_that_writes(self):
        """The link, the text's and the header that unsubscribes; Bounces come back to
        the company as well."""
        mail = self.letter(self.theirs)
        self.assertEqual(self.hosts(mail), {"https://theirs.example"})
        (values,) = mail._prepare_outgoing_list()
        self.assertIn("<https://theirs.example/privacy/one-click/", str(values))
        self.assertRegex(values["body"], r"/privacy/[\w-]{40,}")
        # the first website of our company has no domain
        self.assertEqual(self.hosts(self.letter(self.ours)), {SERVER})
        self.assertEqual(mail.record_alias_domain_id, self.theirs.alias_domain_id)

    def test_of_a_request(self):
        """Whose company asks; the mail is one of many made at once."""
        self.person.company_id = self.theirs
        self.assertEqual(self.person._consent_ask(), self.person)
        mail = self.env["mail.mail"].search([("res_id", "=", self.person.id)], limit=1)
        self.assertEqual(self.hosts(mail), {"https://theirs.example"})

    def test_of_the_brand_that_the_person_belongs_to(self):
        """A brand is one company's: another does not write in its name."""
        self.person.website_id = self.brand
        self.assertEqual(self.hosts(self.letter(self.ours)), {"https://brand.example"})
        self.assertEqual(
            self.hosts(self.letter(self.theirs)), {"https://theirs.example"}
        )

    def test_of_what_somebody_writes_by_hand(self):
        """MAIL-2: the company of the document writes, whoever is its user."""
        self.parameters.set_param("privacy_guard.footer_link", "True")
        values = {"privacy_class": "manual", "consent_subject": False}
        values["body_html"] = "<p>Hello</p>"
        for company, host in ((self.theirs, self.site.domain), (self.ours, SERVER)):
            mail = self.letter(company)
            mail.sudo().write(values)
            self.assertEqual(self.hosts(mail), {host}, company.name)

    def test_of_receipts_and_portal(self):
        """A copy that nobody in particular gets leads to the portal, there too."""
        mail = self.letter(self.theirs, email_cc="bob@example.com")
        self.assertEqual(self.hosts(mail), {"https://theirs.example"})
        receipts = self.env["consent.receipt"]
        self.assertEqual(receipts._controller(self.theirs).url, self.site.domain)

    def test_a_domain_that_nobody_proved_is_not_used(self):
        """What a company calls its own elsewhere, a place on a domain, and a way that
        is less protected than that to the server."""
        self.theirs.website = "https://free.example"
        self.theirs.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "alias.example"}
        )
        odd = (
            False,
            "http://theirs.example",
            "https://theirs.example/odoo",
            "https://us@theirs.example",
            "https://theirs.example?to=",
            "https://theirs.example:port",
        )
        for domain in odd:
            with self.subTest(domain):
                self.site.domain = domain
                self.assertEqual(self.hosts(self.letter(self.theirs)), {SERVER})
        # letters that are none in an address
        self.site.domain = "https://straße.example"
        (host,) = self.hosts(self.letter(self.theirs))
        self.assertRegex(host, r"^https://(?:xn--strae-oqa|strasse)\.example$")
        # where the server itself is no better
        self.parameters.set_param("web.base.url", "http://erp.example")
        self.site.domain = "http://theirs.example"
        self.assertEqual(
            self.hosts(self.letter(self.theirs)), {"http://theirs.example"}
        )
        self.site.unlink()
        self.assertEqual(self.hosts(self.letter(self.theirs)), {"http://erp.example"})

    def test_who_chooses_domains(self):
        """Whoever may say where the server is; it leaves a line in the log."""
        designer = self.make_user(
            "designer", groups="base.group_user,website.group_website_designer"
        )
        sites = self.env["website"].with_user(designer)
        mine = self.site.with_user(designer)
        for act in (
            lambda: mine.write({"domain": "https://elsewhere.example"}),
            lambda: mine.sudo().write({"domain": "https://elsewhere.example"}),
            lambda: mine.write({"company_id": self.ours.id}),
            lambda: sites.create({"name": "New", "domain": "elsewhere.example"}),
        ):
            with self.assertRaisesRegex(AccessError, "right to change settings"):
                act()
        # a form that is saved as it was, and all else
        mine.write({"domain": "https://theirs.example", "name": "New name"})
        self.assertEqual(self.site.name, "New name")
        self.site.domain = "https://new.example"
        line = self.env["privacy.setting.log"].search([], limit=1)
        self.assertIn("https://theirs.example", line.value_from)
        self.assertIn("https://new.example", line.value_to)
        self.parameters.set_param("privacy_guard.enabled", "False")
        mine.domain = "https://elsewhere.example"

    def url_open(self, url, **values):
        """A browser that asks the server for the page of another domain."""
        if self.host:
            values["headers"] = {"Host": self.host}
        return super().url_open(url, **values)

    def open(self, path, host):
        self.host = host
        return self.url_open(path, allow_redirects=False)

    def test_pages_answer_on_each_domain(self):
        """A link shows whose it is wherever it is opened; a wrong one shows whose
        domain it is, and nothing of anybody."""
        one = self.make_contact("Bea Theirs", company_id=self.theirs.id)
        for person, name in ((one, "Their Company"), (self.person, self.ours.name)):
            path = urlsplit(person._privacy_preferences_url()).path
            for host in ("theirs.example", "brand.example", "stranger.example"):
                with self.subTest(person=person.name, host=host):
                    opened = self.open(path, host)
                    self.assertEqual(opened.status_code, 303)
                    self.assertEqual(
                        urlsplit(opened.headers["Location"]).path,
                        "/privacy/preferences",
                    )
                    page = self.open("/privacy/preferences", host)
                    self.assertEqual(page.status_code, 200)
                    self.assertIn(name, page.text)
        wrong = f"/privacy/{'x' * 60}"
        self.assertIn("Their Company", self.open(wrong, "theirs.example").text)
        self.assertNotIn("Their Company", self.open(wrong, "stranger.example").text)

    def test_unsubscribing_in_one_click_on_the_domain(self):
        """RFC 8058: the program posts where the header says."""
        (values,) = self.letter(self.theirs)._prepare_outgoing_list()
        url = urlsplit(values["headers"]["List-Unsubscribe"].strip("<>"))
        body = {"List-Unsubscribe": "One-Click"}
        self.host = url.netloc
        answer = self.url_open(url.path, data=body)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.value(self.person, self.newsletter), "refused")

    def test_of_the_website_where_somebody_wrote(self):
        """A form is confirmed, and an account made, on the website that was visited."""
        self.host = "brand.example"
        self.post({"name": "Ann", "email": "ann.example@example.com"}, self.newsletter)
        (values,) = self.mail("ann.example@example.com")._prepare_outgoing_list()
        self.assertIn("https://brand.example/privacy/web-form/", values["body"])
        self.assertNotIn(WEB_FORM_LINK, values["body"])
        self.env["website"].search([]).auth_signup_uninvited = "b2c"
        page = html.fromstring(self.url_open("/web/signup").content)
        [form] = page.xpath("//form[contains(@class, 'oe_signup_form')]")
        data = {**dict(form.form_values()), "login": "new@example.com", "name": "New"}
        self.url_open("/web/signup", data=data)
        self.assertRegex(
            self.mail("new@example.com").body_html,
            r"https://brand\.example(/\w+)?/web/signup\?token=",
        )
