import io
import zipfile

from odoo.tests import tagged

from ..page.preferences_common import PreferencesCase


@tagged("post_install", "-at_install")
class TestExportPage(PreferencesCase):
    """The page, the link, the scanner."""

    def export(self):
        exports = self.env["privacy.export"].search([("res_id", "=", self.person.id)])
        return exports.sudo()

    def ready(self):
        """:return: (export, path of its link)"""
        self.env["privacy.export"]._ask(self.person, "preferences")
        export = self.export()
        export._build()
        return export, self.path(export._url(self.person))

    def test_asking_on_the_page(self):
        page = self.open()
        self.assertIn("A copy of your data", self.text(page))
        form = {"csrf_token": self.form(page)["csrf_token"]}
        answer = self.url_open("/privacy/preferences/download", data=form)
        self.assertIn("We are putting your data together", self.text(answer))
        self.assertNotIn("Download my data", self.text(answer))
        self.assertEqual(self.export().state, "queued")
        self.export()._build()
        answer = self.url_open("/privacy/preferences/download", data=form)
        self.assertEqual(answer.status_code, 409)
        self.assertIn("less than a day ago", self.text(answer))

    def test_looking_asks_for_nothing(self):
        self.open()
        answer = self.url_open("/privacy/preferences/download")
        self.assertNeutral(answer, 405)
        self.assertFalse(self.export())

    def test_without_a_session(self):
        self.assertNeutral(self.url_open("/privacy/preferences/download"), 404)

    def test_scanners_leave_the_copy(self):
        export, path = self.ready()
        for _visit in range(2):
            page = self.url_open(path)
            self.assertHardened(page)
            self.assertIn("Download my data", self.text(page))
        self.assertEqual(export.state, "ready")

    def test_post_hands_it_out_until_it_is_purged(self):
        """A download that breaks off is begun again with the same link."""
        export, path = self.ready()
        form = self.form(self.url_open(path))
        answer = self.url_open(path, data=form)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        self.assertIn(self.person.name, archive.read("index.html").decode())
        again = self.url_open(path, data=self.form(self.url_open(path)))
        self.assertEqual(again.content, answer.content)
        self.env.invalidate_all()
        self.assertTrue(export.downloaded_at)
        export._set({"expires_at": self.env.cr.now()})
        self.env["privacy.export"]._purge()
        self.assertEqual(export.state, "downloaded")
        self.assertNeutral(self.url_open(path, data=form), 404)
        self.assertNeutral(self.url_open(path), 404)

    def test_wrong_links_are_neutral(self):
        export, path = self.ready()
        other = self.make_contact("Eve Example")
        links = self.env["privacy.preferences.link"]
        base = f"/privacy/download/{export.id}/"
        void = {
            "truncated": path[:-5],
            "of the page": base + links._token(self.person),
            "of another person": base + links._token(other, export._use()),
            "of another copy": f"/privacy/download/{export.id + 1}/"
            + path.rpartition("/")[2],
        }
        for kind, url in void.items():
            with self.subTest(kind):
                self.assertNeutral(self.url_open(url), 404)
        self.person.email = "elsewhere@example.com"
        with self.subTest("address changed"):
            self.assertNeutral(self.url_open(path), 404)

    def test_officer(self):
        """Downloads what officers asked for, and no other copy."""
        officer = self.make_user("ivo", "privacy_guard.group_privacy_officer")
        clerk = self.make_user("clerk", "privacy_guard.group_privacy_user")
        export, _path = self.ready()
        exports = self.env["privacy.export"].with_user(officer)
        own = exports._ask(self.person, "officer").sudo()
        own._build()
        self.authenticate(clerk.login, clerk.login)
        answer = self.url_open(f"/privacy_guard/export/{own.id}")
        self.assertEqual(answer.status_code, 403)
        self.authenticate(officer.login, officer.login)
        answer = self.url_open(f"/privacy_guard/export/{own.id}")
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        answer = self.url_open(f"/privacy_guard/export/{export.id}")
        self.assertEqual(answer.status_code, 404)

    def test_a_copy_follows_whoever_was_merged(self):
        _export, path = self.ready()
        twin = self.make_twin(self.person)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.person | twin).ids, twin, extra_checks=False
        )
        answer = self.url_open(path, data=self.form(self.url_open(path)))
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
