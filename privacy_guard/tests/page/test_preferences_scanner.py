from lxml import html
from odoo.tests import tagged

from .preferences_common import PAGE, PreferencesCase


@tagged("post_install", "-at_install")
class TestPreferencesScanner(PreferencesCase):
    """GET, HEAD, prefetch and link scanners change nothing."""

    def test_every_link_of_the_mail_twice_and_by_all_safe_methods(self):
        self.save(self.open(), {self.newsletter: "yes"})
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.person.ids)])
        (outgoing,) = mail._prepare_outgoing_list()
        links = html.fromstring(outgoing["body"]).xpath("//a/@href | //img/@src")
        links.append(outgoing["headers"]["List-Unsubscribe"].strip("<>"))
        self.assertGreaterEqual(len(links), 2)
        self.authenticate(None, None)
        before = self.rows()
        for link in links:
            for method in ("GET", "GET", "HEAD", "OPTIONS"):
                for headers in ({}, {"Sec-Purpose": "prefetch"}):
                    self.url_open(self.path(link), method=method, headers=headers)
        for path in ("", "/saved", "/receipt", "?lang=en_US"):
            for method in ("GET", "HEAD"):
                self.url_open(PAGE + path, method=method)
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.value(self.person, self.newsletter), "granted")

    def test_a_post_that_comes_from_no_page_grants_nothing(self):
        """Some scanners and previews post; mail programs do so to refuse alone."""
        self.answer(self.person, self.newsletter, "refused")
        export = self.env["privacy.export"]._ask(self.person, "preferences")
        export._build()
        paths = [
            self.path(url)
            for url in (self.person._privacy_opt_in_url(), export._url(self.person))
        ]
        pressed = [
            html.fromstring(self.url_open(path).content).xpath(
                "//input[@name='pressed']/@value"
            )[0]
            for path in paths
        ]
        before = self.rows()
        for path, of_another in zip(paths, reversed(pressed), strict=True):
            for value in ("", "a" * 60, path.rpartition("/")[2], of_another):
                with self.subTest(path=path[:20], value=value[:9]):
                    response = self.url_open(path, data={"pressed": value})
                    self.assertEqual(response.status_code, 400)
                    self.assertHardened(response)
            response = self.opener.post(self.base_url() + path)
            self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.person.email_opt_in, "none")
        self.assertEqual(export.sudo().state, "ready")

    def test_the_person_can_still_save_after_the_scanner(self):
        for _visit in range(3):
            page = self.open()
        self.save(page, {self.newsletter: "no"})
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
