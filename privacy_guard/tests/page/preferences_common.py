import re
from urllib.parse import urlsplit

from lxml import html
from odoo.tests import HttpCase

from ..common import PrivacyCommon
from .accessible import defects

PAGE = "/privacy/preferences"
# RFC 8058: one-click unsubscription
BODY = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"
# what mail programs and providers send
BODIES = {
    "form": {"data": BODY},
    "form with an end of line": {
        "data": "List-Unsubscribe=One-Click\r\n",
        "headers": {"Content-Type": FORM},
    },
    "several parts": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "parts without their end": {
        "data": "--x\r\nContent-Disposition: form-data",
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    },
    "parts without a boundary": {
        "data": "List-Unsubscribe=One-Click",
        "headers": {"Content-Type": "multipart/form-data"},
    },
    "plain text": {
        "data": "List-Unsubscribe=One-Click",
        "headers": {"Content-Type": "text/plain"},
    },
    "of no kind": {"data": b"List-Unsubscribe=One-Click"},
    "JSON": {"data": "{}", "headers": {"Content-Type": "application/json"}},
    "empty form": {"data": "", "headers": {"Content-Type": FORM}},
    "nothing": {},
}


class PreferencesCase(PrivacyCommon, HttpCase):
    """A person with a personal link and a browser that runs no script."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(name="Newsletter", covers_email=True)
        cls.birthday = cls.make_purpose(
            name="Birthday card", text="May we send you a card?"
        )
        cls.person = cls.make_contact("Ann Example")
        cls.link = cls.env["privacy.preferences.link"]

    def url_open(self, *args, **kwargs):
        """Each page of ours that a test opens is one that everybody can use."""
        response = super().url_open(*args, **kwargs)
        if b'class="pg-root"' in response.content:
            self.assertEqual(defects(response.content), [], response.url)
        return response

    @classmethod
    def daily_run(cls):
        """Let purposes apply to contacts that were there before them."""
        everyone = cls.env["res.partner"].search([]).ids
        cls.env["consent.record"]._sync("res.partner", ids=everyone)

    def path(self, url):
        return urlsplit(url).path

    def open(self, subject=None):
        """Follow a personal link, as a click in the mail does."""
        url = self.path((subject or self.person)._privacy_preferences_url())
        return self.url_open(url)

    def form(self, response):
        """:return: what a browser would post if Save were pressed now"""
        page = html.fromstring(response.content)
        forms = page.xpath(
            "//main//form[@method='post'] | //div[@class='pg-portal']//form"
        )
        # what is asked comes first, further rights below
        return dict(forms[0].form_values())

    def save(self, response, answers, **extra):
        """Choose answers on a page and press Save.

        :param dict answers: {purpose: "yes" or "no"}
        """
        data = self.form(response)
        data.update({f"answer_{p.id}": choice for p, choice in answers.items()})
        data.update(extra)
        return self.url_open(self.path(response.url), data=data)

    def rows(self):
        """:return: what must not change when nothing may happen"""
        return [
            self.env["consent.event"].search_count([]),
            self.env["consent.evidence"].search_count([]),
            self.env["mail.mail"].search_count([]),
            self.env["consent.record"].search([]).mapped("value"),
        ]

    def text(self, response):
        return re.sub(r"\s+", " ", html.fromstring(response.content).text_content())

    def assertNeutral(self, response, status):
        """The one page that tells a stranger nothing."""
        self.assertEqual(response.status_code, status)
        body = self.text(response)
        self.assertIn("This page is not available", body)
        self.assertIn("Nothing was changed", body)
        for secret in ("Traceback", "Example", "ann.example", "Newsletter"):
            self.assertNotIn(secret, body)
        self.assertHardened(response)

    def assertHardened(self, response):
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])


class RightsCase(PreferencesCase):
    """The page of one kind of request, with its buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"{PAGE}/request"

    def requests(self, subject=None):
        subject = subject or self.person
        return self.env["privacy.request"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", subject.id)]
        )

    def page(self, kind="stop"):
        return self.url_open(f"{self.url}?kind={kind}")

    def press(self, response, action, **values):
        """Press a button of the request page."""
        page = html.fromstring(response.content)
        form = page.xpath(f"//form[.//button[@value='{action}']]")[0]
        data = {**dict(form.form_values()), "action": action, **values}
        return self.url_open(self.url, data=data)

    def mailed_code(self):
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, self.person.email_normalized)
        self.assertFalse(
            mail.model or mail.recipient_ids,
            "users who read the contact do not read the code",
        )
        return re.search(r">(\d{4} \d{4} \d{4})<", mail.body_html).group(1)

    def wrong_code(self, code):
        """:return: one that looks like it, and is not"""
        return ("1" if code[0] == "0" else "0") + code[1:]
