from lxml import html
from odoo.tests import tagged

from .preferences_common import BODY, PreferencesCase

OFFICER = "privacy_guard.group_privacy_officer"


@tagged("post_install", "-at_install")
class TestWhy(PreferencesCase):
    """EVI-5: why do I get this? The link below marketing mail."""

    def setUp(self):
        super().setUp()
        self.answer(self.person, self.newsletter, "granted")
        self.url = self.url_of(self.newsletter)

    def url_of(self, purpose, person=None):
        person = person or self.person
        event = self.events(person, purpose)[-1]
        return self.path(person._privacy_why_url(event.id))

    def test_it_shows_what_was_agreed_to_and_stops_it_by_one_click(self):
        before = self.rows()
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertHardened(page)
        shown = self.text(page)
        self.assertIn("You agreed to this on", shown)
        self.assertIn("May we send you our newsletter?", shown)
        for private in ("Ann Example", "ann.example", "Birthday"):
            self.assertNotIn(private, shown)
        self.assertEqual(self.rows(), before)

        [action] = self.actions(page)
        self.assertTrue(action.startswith(f"/privacy/one-click/{self.newsletter.id}/"))
        answer = self.url_open(action, data=self.form(page))
        self.assertIn("Our e-mails are stopped", self.text(answer))
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        last = self.events(self.person, self.newsletter)[-1]
        self.assertEqual(last.source, "one_click")

    def actions(self, page):
        return html.fromstring(page.content).xpath("//main//form/@action")

    def test_who_has_refused_since_is_not_asked_again(self):
        self.answer(self.person, self.newsletter, "refused")
        page = self.url_open(self.url)
        self.assertIn("Our e-mails are stopped", self.text(page))
        self.assertEqual(self.actions(page), [])

    def test_it_shows_the_text_of_then_in_the_words_of_then(self):
        self.newsletter.text = "May we send you more?"
        self.newsletter._publish()
        self.answer(self.person, self.newsletter, "refused")
        self.answer(self.person, self.newsletter, "granted")
        shown = self.text(self.url_open(self.url))
        self.assertIn("May we send you our newsletter?", shown)
        self.assertNotIn("more", shown)
        self.assertIn("more", self.text(self.url_open(self.url_of(self.newsletter))))

    def test_it_speaks_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.person.lang = "de_DE"
        page = self.url_open(self.url)
        self.assertIn('lang="de-DE"', page.text)
        self.assertRegex(self.text(page), r"Sie haben am .+ darin eingewilligt")

    def record(self, answer, officer, person=None, note="She was sure of it."):
        """Have an officer record an answer that was given by phone."""
        wizard = self.env["consent.answer"].with_user(officer)
        person = person or self.person
        wizard = wizard.create(
            {
                "partner_id": person.id,
                "res_model": person._name,
                "res_id": person.id,
                "channel": "phone",
                "note": note,
            }
        )
        for line in wizard.line_ids:
            line.answer = answer if line.purpose_id == self.newsletter else "none"
        wizard.action_record()

    def test_what_the_company_recorded_is_no_agreement_that_was_given_here(self):
        """Nobody knows what was read out on the phone."""
        officer = self.make_user("officer", OFFICER)
        self.answer(self.person, self.newsletter, "refused")
        mails = self.env["mail.mail"]
        before = mails.search([])
        self.record("granted", officer)
        # their own no was turned: they are told
        told = mails.search([]) - before
        self.assertEqual(told.recipient_ids, self.person)
        self.assertIn("If you did not save these choices yourself", told.body_html)
        said = f"{self.env.company.name} recorded this answer on"
        twin = self.make_twin(self.person)
        self.daily_run()
        for person in (self.person, twin):
            shown = self.text(self.url_open(self.url_of(self.newsletter, person)))
            self.assertIn(said, shown)
            self.assertIn("Source: Phone.", shown)
            for untrue in ("You agreed", "you were shown", "sure of it"):
                self.assertNotIn(untrue, shown)
            record = person._consent_applying().filtered(
                lambda one: one.purpose_id == self.newsletter
            )
            files = self.env["consent.receipt"]._files(record)
            text = files["privacy-receipt.txt"].decode()
            self.assertIn(said, text)
            self.assertNotIn("shown", text)
            # what is merged keeps how it came about
            if person == self.person:
                self.env["base.partner.merge.automatic.wizard"]._merge(
                    (person | twin).ids, twin, extra_checks=False
                )
        # a no of theirs that an officer recorded is theirs to take back by phone
        count = mails.search_count([])
        self.record("refused", officer, twin)
        self.record("granted", officer, twin)
        self.assertEqual(mails.search_count([]), count)

    def test_what_needs_no_yes_says_what_it_rests_on(self):
        offers = self.make_purpose(
            name="Offers",
            covers_email=True,
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        self.person._consent_sync()
        shown = self.text(self.url_open(self.url_of(offers)))
        self.assertIn("We rely on: Legitimate interests", shown)
        self.assertNotIn("You agreed", shown)

    def test_links_that_are_not_in_order_are_neutral(self):
        other = self.make_contact("Otto Other")
        self.answer(other, self.newsletter, "granted")
        theirs = self.events(other, self.newsletter)[-1]
        moved = self.make_contact("Moved Away")
        self.answer(moved, self.newsletter, "granted")
        old = self.url_of(self.newsletter, moved)
        moved.email = "elsewhere@example.com"
        token = self.url.rpartition("/")[2]
        first = self.events(self.person, self.newsletter)[0]
        cases = {
            "event of somebody else": self.path(
                self.person._privacy_why_url(theirs.id)
            ),
            "another event": f"/privacy/why/{first.id}/{token}",
            "no event": f"/privacy/why/{2**40}/{token}",
            "truncated": self.url[:-5],
            "address changed": old,
            "link of the page": f"/privacy/why/{first.id}/"
            + self.link._token(self.person),
            "opens the page": f"/privacy/{token}",
        }
        before = self.rows()
        for kind, url in cases.items():
            with self.subTest(kind):
                self.assertNeutral(self.url_open(url), 404)
        self.assertNeutral(self.url_open(self.url, data=BODY), 405)
        self.assertEqual(self.rows(), before)
