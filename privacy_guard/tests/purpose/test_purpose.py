from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestPurpose(PrivacyCommon):
    """Defining consents: texts, limits, conditions, fields."""

    def test_publishing_freezes_one_notice_per_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        purpose = self.make_purpose(active=False, name="News", text="May we?")
        purpose.with_context(lang="fr_FR").text = "Pouvons-nous ?"
        self.assertTrue(purpose.has_unpublished_changes)
        purpose._publish()
        self.assertFalse(purpose.has_unpublished_changes)
        texts = {n.lang: n.text for n in purpose.notice_ids if n.version == 2}
        self.assertEqual(texts["en_US"], "May we?")
        self.assertEqual(texts["fr_FR"], "Pouvons-nous ?")
        self.assertTrue(all(len(n.sha256) == 64 for n in purpose.notice_ids))
        notice = purpose.with_context(lang="fr_FR")._current_notices()[purpose.id]
        self.assertEqual(notice.text, "Pouvons-nous ?")

    def test_t6_a_language_installed_later_joins_the_version(self):
        purpose = self.make_purpose(text="May we?")
        person = self.make_contact()
        self.answer(person, purpose, "granted")
        record = self.consent(person, purpose)
        self.env["res.lang"]._activate_lang("ar_001")
        purpose.invalidate_recordset()
        self.assertTrue(purpose.has_unpublished_changes)
        self.assertIn("Arabic", purpose.languages_to_publish)
        notice = purpose._publish(ask_again=True)
        self.assertEqual((notice.lang, notice.version), ("ar_001", 1))
        self.assertEqual((record.value, record.to_review), ("granted", False))
        purpose.invalidate_recordset()
        self.assertFalse(purpose.has_unpublished_changes)
        self.env["res.lang"]._activate_lang("fr_FR")
        purpose.text = "May we write to you?"
        self.assertFalse(purpose.languages_to_publish)
        self.assertEqual(set(purpose._publish().mapped("version")), {2})

    def test_publishing_twice_makes_no_version(self):
        purpose = self.make_purpose()
        self.assertFalse(purpose._publish())
        self.assertEqual(purpose.version, 1)

    def test_draft_is_not_shown(self):
        purpose = self.make_purpose(text="Old")
        purpose.text = "New"
        self.assertEqual(purpose._current_notices()[purpose.id].text, "Old")

    def test_published_text_is_frozen(self):
        notice = self.make_purpose().notice_ids
        with self.assertRaises(UserError):
            notice.write({"text": "Forged"})
        with self.assertRaises(UserError):
            notice.unlink()
        with self.assertRaises(UserError):
            notice.copy()

    def test_not_active_without_published_text(self):
        purpose = self.env["consent.purpose"].create({"name": "Draft", "text": "?"})
        with self.assertRaises(ValidationError):
            purpose.active = True
        purpose.text = "  "
        with self.assertRaises(UserError):
            purpose._publish()

    def test_silence_needs_another_legal_basis(self):
        with self.assertRaisesRegex(ValidationError, "silence is no consent"):
            self.make_purpose(default_selection="yes")
        self.make_purpose(default_selection="yes", legal_basis="legitimate_interests")

    def test_conditions_must_work(self):
        for condition in (
            "[('no_such_field', '=', 1)]",
            "[('name', '=', ]",
            "__import__('os')",
            "[('name', '=', env.user.name)]",
        ):
            with self.subTest(condition=condition), self.assertRaises(ValidationError):
                self.make_purpose(condition=condition)

    def test_matched_count_is_live(self):
        purpose = self.make_purpose(condition="[('city', '=', 'Nowhere')]")
        self.assertEqual(purpose.matched_count, 0)
        self.make_contact(city="Nowhere")
        purpose.invalidate_recordset()
        self.assertEqual(purpose.matched_count, 1)

    def test_fld6_limit_names_itself_and_where_to_raise_it(self):
        set_param = self.env["ir.config_parameter"].set_param
        used = self.env["consent.purpose"].search_count([("kind", "=", "custom")])
        set_param("privacy_guard.limit_custom_consents", used + 1)
        self.make_purpose(active=False)
        # the list of consents shows those that are switched off too
        self.make_purpose(active=False).with_context(active_test=False).active = True
        with self.assertRaisesRegex(ValidationError, f"At most {used + 1} .*Settings"):
            self.make_purpose()
        set_param("privacy_guard.limit_custom_consents", 0)
        self.make_purpose()

    def test_fields_that_may_not_carry_a_consent_say_why(self):
        reasons = {
            field.name: reason
            for field, reason in self.env["consent.purpose"]._data_field_candidates()
        }
        self.assertEqual(reasons["phone"], "")
        self.assertEqual(reasons["city"], "")
        for name in ("name", "email"):
            self.assertIn("could not be asked", reasons[name])
        self.assertIn("computed", reasons["commercial_company_name"])
        self.assertTrue(reasons["lang"])
        self.assertNotIn("child_ids", reasons)

    def test_field_is_refused_below_the_form(self):
        for name in ("name", "email", "lang", "commercial_company_name"):
            with self.subTest(field=name), self.assertRaises(ValidationError):
                self.make_data_purpose(name)

    @mute_logger("odoo.schema")  # existing contacts lack the value
    def test_required_field_is_refused(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_needed",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "required": True,
            }
        )
        with self.assertRaisesRegex(ValidationError, "required"):
            self.make_data_purpose("x_needed")

    def test_what_people_were_asked_about_stays(self):
        purpose = self.make_data_purpose("phone")
        self.make_contact()
        field = self.env["ir.model.fields"]._get("res.partner", "city")
        with self.assertRaisesRegex(UserError, "archive it"):
            purpose.field_id = field
        with self.assertRaisesRegex(UserError, "archive it"):
            purpose.unlink()
        purpose.active = False
