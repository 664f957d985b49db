from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestWizardPurpose(PrivacyCommon):
    """Adding a field, publishing: with an officer's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "officer", groups="privacy_guard.group_privacy_officer"
        )

    def publish(self, purpose, **values):
        wizard = (
            self.env["consent.publish"]
            .with_user(self.officer)
            .create({"purpose_id": purpose.id, **values})
        )
        wizard.action_publish()
        return wizard

    def test_add_field_offers_what_may_carry_a_consent_and_says_why_not(self):
        taken = self.make_data_purpose("website")
        form = Form(self.env["consent.add.field"].with_user(self.officer))
        form.field_id = self.env["ir.model.fields"]._get("res.partner", "phone")
        wizard = form.save()
        allowed = wizard.allowed_field_ids.mapped("name")
        self.assertIn("phone", allowed)
        reasons = {line.field_id.name: line.reason for line in wizard.line_ids}
        for name in ("name", "email", "complete_name", "active", "website"):
            with self.subTest(field=name):
                self.assertNotIn(name, allowed)
                self.assertTrue(reasons[name])
        self.assertIn("already", reasons[taken.field_id.name])

    def test_add_field_creates_the_consent_switched_off_and_named_as_the_field(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        field = self.env["ir.model.fields"]._get("res.partner", "function")
        wizard = (
            self.env["consent.add.field"]
            .with_user(self.officer)
            .create({"field_id": field.id})
        )
        purpose = self.env["consent.purpose"].browse(wizard.action_add()["res_id"])
        self.assertEqual((purpose.kind, purpose.active), ("data", False))
        self.assertEqual(purpose.field_id, field)
        for lang in ("en_US", "fr_FR"):
            label = field.with_context(lang=lang).field_description
            self.assertEqual(purpose.with_context(lang=lang).name, label)

    def use(self, name, user=None):
        sample = self.env.ref(f"privacy_guard.consent_sample_{name}")
        action = sample.with_user(user or self.officer).action_use()
        return sample, self.env["consent.purpose"].browse(action["res_id"])

    def test_a_ready_made_consent_is_a_draft_in_every_language(self):
        """PRE-3: with a gap in one of them it is not published."""
        self.env["res.lang"]._activate_lang("fr_FR")
        sample = self.env.ref("privacy_guard.consent_sample_partners")
        sample.with_context(lang="fr_FR").text = "Votre consentement : […] ?"
        sample, purpose = self.use("partners")
        self.assertEqual((purpose.kind, purpose.active), ("custom", False))
        self.assertFalse(purpose.version)
        self.assertEqual(purpose.dpv_purpose, "Advertising")
        french = purpose.with_context(lang="fr_FR")
        self.assertEqual(french.name, sample.with_context(lang="fr_FR").name)
        self.assertIn("consentement", french.text)
        self.assertEqual(purpose.text, sample.text)
        # who the partners are nobody else knows: it says so until it is filled in
        purpose.text = "May we give your name to Bakers Ltd?"
        with self.assertRaisesRegex(UserError, r"\[…\].*French"):
            self.publish(purpose)
        french.text = "Pouvons-nous communiquer votre nom à Bakers Ltd ?"
        self.publish(purpose)
        self.assertEqual(purpose.version, 1)

    def test_each_ready_made_consent_can_be_started_from(self):
        """The one that is built in is there already."""
        built_in = self.env.ref("privacy_guard.consent_purpose_tracking_email")
        samples = self.env["consent.sample"].search([])
        for sample in samples:
            with self.subTest(sample=sample.name):
                action = sample.with_user(self.officer).action_use()
                purpose = built_in.browse(action["res_id"])
                self.assertFalse(purpose.version)
                self.assertEqual(purpose.text, sample.text)
                self.assertEqual(purpose.condition, sample.condition)
                self.assertEqual(purpose == built_in, bool(sample.purpose_id))

    def test_who_is_no_officer_starts_from_nothing(self):
        user = new_test_user(self.env, "u", groups="privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            self.use("newsletter", user)

    def test_first_publication_switches_on_if_wanted(self):
        for wanted in (True, False):
            purpose = self.env["consent.purpose"].create(
                {"name": "Offers", "text": "May we send you offers?"}
            )
            wizard = self.publish(purpose, switch_on=wanted)
            with self.subTest(switch_on=wanted):
                self.assertFalse(wizard.answered_count)
                self.assertEqual((purpose.version, purpose.active), (1, wanted))

    def test_revision_keeps_the_answers_or_asks_again(self):
        contact = self.make_contact()
        for choice, value, to_review in (
            ("keep", "granted", True),
            ("ask", "applicable", False),
        ):
            purpose = self.make_purpose(name=choice)
            contact._consent_sync()
            self.answer(contact, purpose, "granted")
            purpose.text = "A revised text"
            wizard = self.publish(purpose, answers=choice)
            consent = self.consent(contact, purpose)
            with self.subTest(choice=choice):
                self.assertEqual((wizard.answered_count, purpose.version), (1, 2))
                self.assertEqual((consent.value, consent.to_review), (value, to_review))

    def test_names_the_languages_that_the_text_is_not_translated_into(self):
        for code in ("de_DE", "fr_FR"):
            self.env["res.lang"]._activate_lang(code)
        purpose = self.make_purpose(active=False, text="May we?")
        purpose.with_context(lang="de_DE").text = "Dürfen wir?"
        wizard = self.env["consent.publish"].with_user(self.officer)
        untranslated = wizard.create({"purpose_id": purpose.id}).untranslated
        self.assertIn("French", untranslated)
        self.assertNotIn("German", untranslated)
        self.assertNotIn("English", untranslated)

    def test_users_who_are_no_officers_publish_nothing(self):
        purpose = self.make_purpose()
        user = new_test_user(self.env, "u", groups="privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            self.env["consent.publish"].with_user(user).create(
                {"purpose_id": purpose.id}
            )

    def test_the_count_of_contacts_follows_the_conditions(self):
        self.make_contact("Elsewhere")
        self.make_contact("In Belgium", country_id=self.belgium.id)
        form = Form(self.env["consent.purpose"].with_user(self.officer))
        everyone = form.matched_count
        form.condition = "[('country_id.code', '=', 'BE'), ('name', '=', 'In Belgium')]"
        self.assertEqual(form.matched_count, 1)
        self.assertGreater(everyone, 1)

    def test_two_tracking_consents_exist_from_the_start_switched_off(self):
        for scope in ("email", "document"):
            purpose = self.env.ref(f"privacy_guard.consent_purpose_tracking_{scope}")
            with self.subTest(scope=scope):
                self.assertEqual(purpose.tracking_scope, scope)
                self.assertTrue(purpose.text)
