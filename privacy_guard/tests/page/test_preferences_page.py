import json
from datetime import timedelta
from urllib.parse import urlsplit

from lxml import html
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .accessible import defects
from .preferences_common import PAGE, PreferencesCase


@tagged("post_install", "-at_install")
class TestPreferencesPage(PreferencesCase):
    """The page behind the personal link."""

    def test_token_leaves_the_url(self):
        url = self.path(self.person._privacy_preferences_url())
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.path(answer.headers["Location"]), PAGE)
        self.assertHardened(answer)
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        self.assertHardened(page)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertNotIn(url.rpartition("/")[2], page.text)

    def test_shows_each_consent_that_applies(self):
        elsewhere = self.make_purpose(
            name="Belgians only", condition=f"[('country_id', '=', {self.belgium.id})]"
        )
        phone = self.make_data_purpose("phone", name="Phone number")
        self.daily_run()
        text = self.text(self.open())
        for shown in ("Newsletter", "Birthday card", phone.name, "Your data"):
            self.assertIn(shown, text)
        self.assertIn(f"Asked by {self.env.company.name}", text)
        self.assertNotIn(elsewhere.name, text)

    def test_never_shows_stored_values(self):
        self.person.phone = "555-0199"
        self.make_data_purpose("phone")
        self.daily_run()
        page = self.open().text
        for value in ("555-0199", "ann.example", "Ann Example"):
            self.assertNotIn(value, page)

    def test_nothing_is_ticked_for_the_person(self):
        self.assertFalse(
            html.fromstring(self.open().content).xpath("//input[@checked]")
        )

    def test_former_answer_and_opt_out_are_ticked(self):
        opt_out = self.make_purpose(
            name="Service notes",
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        self.daily_run()
        self.answer(self.person, self.newsletter, "refused")
        page = self.open()
        ticked = html.fromstring(page.content).xpath("//input[@checked]")
        self.assertEqual(
            {(box.get("name"), box.get("value")) for box in ticked},
            {
                (f"answer_{self.newsletter.id}", "left"),
                (f"answer_{opt_out.id}", "left"),
            },
        )
        labels = [box.getparent().text_content().strip() for box in ticked]
        self.assertEqual(labels, ["No", "Yes"])
        text = self.text(page)
        self.assertIn("Legitimate interests (GDPR Art. 6(1)(f))", text)
        self.assertIn("You may object at any time", text)

    def test_t4_what_is_left_as_it_was_is_no_answer(self):
        """The page has chosen it, and not the person."""
        opt_out = self.make_purpose(
            name="Service notes",
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        self.daily_run()
        self.answer(self.person, self.newsletter, "granted")
        before = self.rows()
        page = self.open()
        self.assertIn("Nothing was saved", self.text(self.save(page, {})))
        self.assertEqual(self.rows(), before)
        # said elsewhere while the page was open
        self.answer(self.person, self.newsletter, "refused")
        self.save(page, {self.birthday: "yes"})
        self.assertEqual(self.value(self.person, self.birthday), "granted")
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        self.assertEqual(self.value(self.person, opt_out), "applicable")
        kinds = self.events(self.person, opt_out).mapped("kind")
        self.assertNotIn("answer", kinds)
        self.save(self.open(), {opt_out: "no"})
        self.assertEqual(self.value(self.person, opt_out), "refused")

    def test_t4_what_somebody_else_has_noted_is_shown_and_not_ticked(self):
        self.person._consent_record_answers(
            {self.newsletter.id: "granted"}, source="officer"
        )
        page = self.open()
        self.assertIn("Your last answer: Yes,", self.text(page))
        self.assertFalse(html.fromstring(page.content).xpath("//input[@checked]"))

    def test_revised_text_is_said_to_be_revised(self):
        self.answer(self.person, self.newsletter, "granted")
        self.newsletter.text = "May we send you our newsletter twice a week?"
        self.newsletter._publish()
        page = self.open()
        self.assertFalse(html.fromstring(page.content).xpath("//input[@checked]"))
        text = self.text(page)
        self.assertIn("twice a week", text)
        self.assertIn("this text has changed since you answered", text)

    def test_tim4_a_yes_that_ends_is_said_again(self):
        """TIM-4: the page says until when, and ticks it no more once it ends soon."""
        self.newsletter.valid_months = 2
        self.answer(self.person, self.newsletter, "granted")
        page = self.open()
        self.assertIn("Your yes holds until: ", self.text(page))
        self.assertTrue(html.fromstring(page.content).xpath("//input[@checked]"))
        consent = self.consent(self.person, self.newsletter)
        consent._set({"ends_at": fields.Datetime.now() + timedelta(days=20)})
        page = self.open()
        self.assertFalse(html.fromstring(page.content).xpath("//input[@checked]"))
        self.save(page, {self.newsletter: "yes"})
        consent.invalidate_recordset()
        self.assertGreater(consent.ends_at, fields.Datetime.now() + timedelta(days=50))

    def test_draft_text_is_not_shown(self):
        self.newsletter.text = "A draft that nobody published"
        self.assertNotIn("A draft", self.text(self.open()))

    def test_says_what_tracking_does_not_count(self):
        purpose = self.env["consent.purpose"]
        opens = purpose.with_context(active_test=False).search(
            [("tracking_scope", "=", "email")]
        ) or purpose.create(
            {"kind": "tracking", "tracking_scope": "email", "name": "O"}
        )
        opens.text = "May we see whether you open our mails?"
        opens._publish()
        opens.active = True
        self.daily_run()
        self.assertIn("hides pictures", self.text(self.open()))

    def test_save_records_and_thanks(self):
        page = self.open()
        answer = self.save(page, {self.newsletter: "yes", self.birthday: "no"})
        self.assertEqual(self.path(answer.url), f"{PAGE}/saved")
        self.assertEqual(self.value(self.person, self.newsletter), "granted")
        self.assertEqual(self.value(self.person, self.birthday), "refused")
        text = self.text(answer)
        self.assertIn("Your choices are saved", text)
        self.assertIn("Yes Newsletter", text)
        self.assertIn("No Birthday card", text)
        event = self.events(self.person, self.newsletter)[-1]
        self.assertEqual((event.source, event.kind), ("preferences", "answer"))
        self.assertFalse(event.user_id)
        self.assertEqual(event.notice_id, self.newsletter.notice_ids)
        self.assertEqual(event.address_match, "present")
        self.person.email = "ann.new@example.com"
        event.invalidate_recordset(["address_match"])
        self.assertEqual(event.address_match, "other")
        evidence = self.env["consent.evidence"].search(
            [("digest", "=", event.evidence_hash)]
        )
        self.assertTrue(evidence.ip)
        self.assertTrue(evidence.user_agent)

    def test_unanswered_question_stays_as_it_is(self):
        self.save(self.open(), {self.newsletter: "yes"})
        self.assertEqual(self.value(self.person, self.newsletter), "granted")
        self.assertEqual(self.value(self.person, self.birthday), "applicable")

    def test_saving_nothing_says_so_and_leaves_no_row(self):
        before = self.rows()
        answer = self.save(self.open(), {})
        self.assertIn("Nothing was saved", self.text(answer))
        self.assertEqual(self.rows(), before)

    def test_revisiting_changes_the_mind_as_easily(self):
        self.save(self.open(), {self.newsletter: "yes"})
        self.save(self.open(), {self.newsletter: "no"})
        self.assertEqual(self.value(self.person, self.newsletter), "refused")
        self.assertEqual(
            self.events(self.person, self.newsletter).mapped("value_to"),
            ["applicable", "granted", "refused"],
        )

    def test_the_same_again_is_no_further_event(self):
        """T4: evidence is one event per answer, however often Save is pressed."""
        choices = {self.newsletter: "yes", self.birthday: "no"}
        self.save(self.open(), choices)
        before = self.rows()
        answer = self.save(self.open(), choices)
        self.assertEqual(self.rows(), before)
        self.assertIn("Your choices are saved", self.text(answer))
        self.assertIn("Yes Newsletter", self.text(answer))
        self.assertIn("Newsletter", self.url_open(f"{PAGE}/receipt").text)
        self.save(self.open(), {self.newsletter: "yes", self.birthday: "yes"})
        self.assertEqual(len(self.events(self.person, self.newsletter)), 2)
        self.assertEqual(len(self.events(self.person, self.birthday)), 3)

    def test_the_same_answer_counts_where_something_is_new(self):
        """T4, T6: what an officer noted, a revised text, one to review, after being
        asked again."""
        record = self.env["consent.record"]
        answers = {self.newsletter.id: "granted"}

        def asked():
            row = (self.newsletter.id, "res.partner", self.person.id, "request")
            rows = self.person._consent_rows_sql([(*row, "waiting", None, None)])
            record._apply_changes(rows, source="system")

        def noted():
            self.person._consent_record_answers(answers, source="officer")

        def revised():
            self.newsletter.text = "May we send you two newsletters?"
            self.newsletter._publish()

        for happens in (noted, revised, asked):
            happens()
            before = len(self.events(self.person, self.newsletter))
            for _save in range(2):
                self.save(self.open(), {self.newsletter: "yes"})
                events = self.events(self.person, self.newsletter)
                self.assertEqual(len(events), before + 1, happens)
            self.assertEqual(events[-1].source, "preferences")
            consent = record.search(
                [
                    ("res_id", "=", self.person.id),
                    ("purpose_id", "=", self.newsletter.id),
                ]
            )
            self.assertFalse(consent.to_review)

    def test_refusing_a_data_consent_erases_the_value(self):
        self.person.phone = "555-0199"
        phone = self.make_data_purpose("phone")
        self.daily_run()
        self.save(self.open(), {phone: "no"})
        self.person.invalidate_recordset()
        self.assertFalse(self.person.phone)

    def test_text_revised_while_reading_is_shown_again(self):
        page = self.open()
        self.newsletter.text = "Something else entirely"
        self.newsletter._publish()
        before = self.rows()
        answer = self.save(page, {self.newsletter: "yes"})
        self.assertEqual(answer.status_code, 409)
        self.assertIn("Something else entirely", self.text(answer))
        self.assertIn("Nothing was saved", self.text(answer))
        self.assertEqual(self.rows(), before)

    def test_receipt_is_a_file_of_what_was_recorded(self):
        self.save(self.open(), {self.newsletter: "yes"})
        receipt = self.url_open(f"{PAGE}/receipt")
        self.assertIn("attachment", receipt.headers["Content-Disposition"])
        event = self.events(self.person, self.newsletter)[-1]
        notice = self.newsletter.notice_ids
        for content in ("Newsletter", "Yes", notice.text, notice.sha256, event.hash):
            self.assertIn(content, receipt.text)
        self.assertNotIn("Birthday", receipt.text)
        answer = self.url_open(f"{PAGE}/receipt?format=json")
        self.assertIn("ld+json", answer.headers["Content-Type"])
        data = json.loads(answer.text)
        self.assertIn(data["dct:identifier"], receipt.text)
        [record] = data["dpv:hasRecordOfActivity"]
        self.assertEqual(
            record["dpv:hasProcess"]["dpv:hasPurpose"]["dct:title"], "Newsletter"
        )
        last = record["dpv:hasConsentStatus"][-1]
        self.assertEqual(last["schema:sha256"], event.hash)
        self.assertEqual(last["dpv:isIndicatedAtTime"], f"{event.date.isoformat()}Z")
        # there is no key: why, and what makes one, is no matter of theirs
        self.assertEqual(data["rdfs:comment"], "This receipt is not signed.")
        for text in (answer.text, receipt.text):
            self.assertNotRegex(text, r"`| --|privacy_keys|/addons|No key")

    def test_receipt_before_saving_leads_to_the_page(self):
        self.open()
        for path in ("receipt", "saved"):
            with self.subTest(path):
                self.assertEqual(self.path(self.url_open(f"{PAGE}/{path}").url), PAGE)

    def test_confirmation_mail_is_queued_without_a_usable_link(self):
        self.save(self.open(), {self.newsletter: "yes", self.birthday: "no"})
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.person.ids)])
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("us@example.com", mail.email_from)
        for content in ("Newsletter", "Birthday card", "Yes", "No"):
            self.assertIn(content, mail.body_html)
        [link] = html.fromstring(mail.body_html).iter("a")
        self.assertEqual(urlsplit(link.get("href")).path, "/privacy/personal-link")
        self.assertNotRegex(mail.body_html, r"/privacy/[\w-]{40,}")
        self.assertIn("prefers-color-scheme: dark", mail.body_html)
        self.assertIn("auto-generated", mail.headers)
        attached = {file.name: file.raw for file in mail.attachment_ids}
        self.assertEqual(
            set(attached), {"privacy-receipt.txt", "privacy-receipt.jsonld"}
        )
        receipt = json.loads(attached["privacy-receipt.jsonld"])
        self.assertEqual(len(receipt["dpv:hasRecordOfActivity"]), 2)
        files = mail.attachment_ids
        types = {file.mimetype.partition("; ")[2] for file in files}
        self.assertEqual(types, {"charset=utf-8"})
        mail.unlink()
        self.assertFalse(files.exists(), "they go with the mail")

    def test_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.newsletter.with_context(lang="fr_FR").write(
            {"name": "Lettre", "text": "Pouvons-nous vous écrire ?"}
        )
        self.newsletter._publish()
        self.person.lang = "fr_FR"
        page = self.open()
        self.assertIn("Pouvons-nous vous écrire ?", self.text(page))
        self.assertEqual(html.fromstring(page.content).get("lang"), "fr-FR")
        english = self.url_open(f"{PAGE}?lang=en_US")
        self.assertIn("our newsletter?", self.text(english))
        self.assertEqual(html.fromstring(english.content).get("lang"), "en-US")
        self.save(english, {self.newsletter: "yes"})
        self.assertEqual(
            self.events(self.person, self.newsletter)[-1].notice_id.lang, "en_US"
        )

    def test_art13_whom_to_turn_to(self):
        self.assertNotIn("pg-contacts", self.open().text)
        company = self.env.ref("base.main_company")
        company.write(
            {
                "privacy_policy_url": "https://example.com/policy",
                "privacy_dpo_email": "dpo@example.com",
                "privacy_authority": "The Authority",
                "privacy_authority_url": "https://example.org/complain?a=1",
            }
        )
        page = html.fromstring(self.open().content)
        links = page.xpath("//section[@aria-labelledby='pg-contacts']//a/@href")
        self.assertEqual(
            links,
            [
                "https://example.com/policy",
                "mailto:dpo@example.com",
                "https://example.org/complain?a=1",
            ],
        )
        for name, value in (
            ("privacy_policy_url", "javascript:alert(1)"),
            ("privacy_authority_url", "https://example.org/ x"),
            ("privacy_dpo_email", "nobody"),
        ):
            with self.assertRaises(ValidationError):
                company[name] = value
            company.invalidate_recordset()

    def test_a_text_of_another_language_says_so(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.person.lang = "ar_001"
        page = html.fromstring(self.open().content)
        self.assertEqual(page.get("dir"), "rtl")
        [text] = page.xpath("//p[@class='pg-text'][contains(., 'our newsletter?')]")
        self.assertEqual((text.get("lang"), text.get("dir")), ("en-US", "ltr"))

    def test_all_records_of_the_address_but_duplicates(self):
        twin = self.make_contact("Twin", email="t@example.com")
        duplicate = self.make_contact("Copy", email="c@example.com")
        self.env.cr.execute(
            "UPDATE res_partner SET email_normalized = %s WHERE id = ANY(%s)",
            [self.person.email, (twin | duplicate).ids],
        )
        self.env.invalidate_all()
        duplicate._privacy_set_status("duplicate", "same address")
        self.save(self.open(), {self.newsletter: "yes"})
        self.assertEqual(self.value(self.person, self.newsletter), "granted")
        self.assertEqual(self.value(twin, self.newsletter), "granted")
        self.assertNotEqual(self.value(duplicate, self.newsletter), "granted")

    def test_works_without_script_and_with_a_screen_reader(self):
        page = html.fromstring(self.open().content)
        self.assertFalse(page.xpath("//script | //@onclick"))
        self.assertTrue(page.get("lang"))
        for fieldset in page.xpath("//fieldset"):
            self.assertTrue(fieldset.xpath("./legend")[0].text_content().strip())
            described = fieldset.get("aria-describedby")
            self.assertTrue(page.xpath("//*[@id=$id]", id=described))
            self.assertEqual(
                len(fieldset.xpath(".//label[.//input[@type='radio']]")), 2
            )
        self.assertEqual(len(page.xpath("//h1")), 1)
        self.assertEqual(len(page.xpath("//main")), 1)

    def test_what_keeps_somebody_out_is_seen(self):
        """By the check that every page goes through."""
        sound = (
            "<html lang='ar' dir='rtl'><head><title>T</title></head><body><main>"
            "<h1>Choices</h1><label for='a'>Yes</label><input id='a'>"
            "</main></body></html>"
        )
        self.assertEqual(defects(sound), [])
        for part, worse in (
            (" lang='ar'", ""),
            (" dir='rtl'", ""),
            ("<title>T</title>", ""),
            ("<h1>", "<h1>A</h1><h1>"),
            ("<h1>Choices</h1>", "<h1>A</h1><h3>B</h3>"),
            ("for='a'", "for='b'"),
            ("<input id='a'>", "<input id='a'><i id='a'></i>"),
            ("<input id='a'>", "<input id='a'><button> </button>"),
            ("<input id='a'>", "<input id='a' tabindex='2'>"),
            ("<input id='a'>", "<input id='a'><img src='/x'>"),
            ("<input id='a'>", "<input id='a'><ul><p>A</p></ul>"),
            ("<input id='a'>", "<fieldset><input id='a'></fieldset>"),
        ):
            with self.subTest(worse=worse):
                self.assertIn(part, sound)
                self.assertTrue(defects(sound.replace(part, worse)))

    def test_nothing_to_decide(self):
        (self.newsletter | self.birthday).active = False
        self.assertIn("nothing to decide", self.text(self.open()))
