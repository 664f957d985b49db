from odoo.exceptions import AccessError
from odoo.tests import tagged

from .personal_common import PersonalFieldsCommon


@tagged("post_install", "-at_install")
class TestPrivacyField(PersonalFieldsCommon):
    """The screen Personal data: every stored field of contacts."""

    def lines(self, *domain):
        self.env.invalidate_all()
        return self.env["privacy.field"].with_user(self.officer).search(list(domain))

    def test_all_stored_fields_grouped_by_origin(self):
        custom = self.make_field()
        groups = dict(
            self.env["privacy.field"]._read_group([], ["origin"], ["id:recordset"])
        )
        self.assertIn(custom.id, groups["custom"].ids)
        self.assertNotIn(custom.id, groups["standard"].ids)
        names = set(groups["standard"].mapped("name"))
        self.assertLessEqual({"phone", "lang", "image_1920", "child_ids"}, names)
        self.assertFalse({"id", "create_uid", "contact_address"} & names)
        self.assertEqual(set(groups["standard"].mapped("model")), {"res.partner"})

    def test_labels_are_in_the_users_language(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        self.officer.lang = "fr_FR"
        label = self.phone.with_context(lang="fr_FR").field_description
        lines = self.env["privacy.field"].with_user(self.officer)
        found = lines.with_context(lang="fr_FR").search([("label", "=", label)])
        self.assertIn("phone", found.mapped("name"))

    def test_flag_all_that_is_suggested(self):
        """FLD-1, FLD-2: of all fields, or of those that are selected."""
        self.make_field("x_religion", "char")
        one = self.lines(("name", "=", "phone"), ("suited_flag", "!=", False))
        one.action_flag_suggested()
        self.assertTrue(self.phone.privacy_personal)
        self.assertFalse(self.field("street").privacy_personal)
        action = self.lines(("id", "=", 0)).action_flag_suggested()
        self.assertEqual(action["tag"], "display_notification")
        self.assertTrue(self.field("street").privacy_personal)
        self.assertFalse(self.field("street").privacy_sensitive)
        self.assertTrue(self.field("x_religion").privacy_sensitive)
        left = self.lines(("suited_flag", "!=", False))
        self.assertFalse(left - left.filtered("sensitive_blocker"))
        user = self.make_user("no_officer")
        with self.assertRaises(AccessError):
            left.with_user(user).action_flag_suggested()

    def test_each_field_says_whose_it_is(self):
        labels = set(self.lines().mapped("model_label"))
        self.assertIn(self.env["ir.model"]._get("res.partner").name, labels)

    def test_suggestions_for_well_known_fields(self):
        self.make_field("x_religion", "char")
        expected = {
            "phone": ("personal", "contact"),
            "street": ("personal", "address"),
            "street2": ("personal", "address"),
            "zip": ("personal", "address"),
            "city": ("personal", "address"),
            "vat": ("personal", "identity"),
            "comment": ("personal", "notes"),
            "website": ("personal", "online"),
            "function": ("personal", "work"),
            "barcode": ("personal", "number"),
            "ref": ("personal", "number"),
            "x_religion": ("sensitive", "belief"),
        }
        lines = {line.name: line for line in self.lines(("suited_flag", "!=", False))}
        for name, suggestion in expected.items():
            with self.subTest(field=name):
                line = lines[name]
                self.assertEqual((line.suited_flag, line.suggestion), suggestion)
        self.phone.privacy_personal = True
        self.field("x_religion").privacy_personal = True
        still = self.lines(("suited_flag", "!=", False)).mapped("name")
        self.assertNotIn("phone", still)
        self.assertIn("x_religion", still)  # it should be sensitive
        # nothing that could not be flagged is suggested
        self.assertFalse({"email_normalized", "complete_name", "lang"} & lines.keys())
        self.assertFalse(any(line.blocker for line in lines.values()))

    def test_can_be_flagged_agrees_with_the_blocker(self):
        for line in self.lines():
            with self.subTest(field=line.name):
                self.assertEqual(line.can_be_flagged, not line.blocker)

    def test_a_new_custom_field_can_be_flagged_at_once(self):
        self.assertTrue(self.lines())
        self.assertTrue(self.line(self.make_field()).can_be_flagged)

    def test_filters_by_flag(self):
        self.phone.privacy_personal = True
        self.field("city").privacy_sensitive = True
        personal = self.lines(("personal", "=", True))
        self.assertEqual(set(personal.mapped("name")), {"phone", "city"})
        self.assertEqual(self.lines(("sensitive", "=", True)).name, "city")
        self.assertNotIn("phone", self.lines(("personal", "=", False)).mapped("name"))

    def test_how_many_contacts_have_a_value(self):
        """Archived contacts and companies count; zero, nothing and "" do not."""
        custom = self.make_field("x_number", "integer")
        text = self.make_field("x_text", "text")
        picture = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
        )
        picture += b"hgGAWjR9awAAAABJRU5ErkJggg=="
        field_ids = (custom | text | self.field("image_1920") | self.phone).ids
        before = {
            line.id: line.value_count for line in self.lines(("id", "in", field_ids))
        }
        self.make_contact("Ann", x_number=3, x_text="", phone="1")
        self.make_contact("Ben", x_number=0, x_text="some", active=False, phone="2")
        self.make_contact("Firm", is_company=True, phone="3", image_1920=picture)
        after = {
            line.id: line.value_count for line in self.lines(("id", "in", field_ids))
        }
        gained = {
            self.env["ir.model.fields"].browse(i).name: after[i] - before[i]
            for i in after
        }
        self.assertEqual(
            gained, {"x_number": 1, "x_text": 1, "phone": 3, "image_1920": 1}
        )

    def test_filter_has_values(self):
        empty = self.make_field("x_empty", "char")
        self.make_contact(phone="1")
        names = self.lines(("has_values", "=", True)).mapped("name")
        self.assertIn("phone", names)
        self.assertNotIn(empty.name, names)

    def test_the_list_costs_the_same_for_any_number_of_fields(self):
        """One query counts the values of all fields."""
        shown = ["label", "value_count", "suggestion", "consent_stage", "dependents"]
        model = self.env["privacy.field"].with_user(self.officer)
        self.phone.privacy_sensitive = True
        counts = []
        for turn in range(2):
            model.search_read([], shown)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.search_read([], shown)
            counts.append(self.env.cr.sql_log_count - before)
            for number in range(10):
                ir_field = self.make_field(f"x_more_{turn}_{number}", "char")
                ir_field.privacy_sensitive = True
        self.assertEqual(counts[1], counts[0])

    def test_what_depends_on_a_field(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_city",
                "field_description": "City of the company",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "char",
                "related": "parent_id.city",
                "store": False,
            }
        )
        self.make_purpose(name="Locals", condition="[('city', '=', 'Gent')]")
        dependents = self.line(self.field("city")).dependents
        self.assertIn("City of the company (Contact), which shows it", dependents)
        self.assertIn("Condition of the consent Locals", dependents)
        name = self.line(self.field("name"))
        self.assertRegex(name.dependents, r"Complete Name \(Contact\), a stored copy")

    def test_its_data_consent(self):
        purpose = self.make_data_purpose("phone")
        line = self.line(self.phone)
        self.assertEqual(line.purpose_id.id, purpose.id)
        self.assertEqual(line.consent_stage, "on")

    def test_bulk_flagging(self):
        fields = self.field("city") | self.field("zip")
        self.line(fields[0])
        lines = self.env["privacy.field"].with_user(self.officer).browse(fields.ids)
        lines.action_flag_personal()
        for ir_field in fields:
            self.assertFlags(ir_field, True, False)
        lines.action_flag_sensitive()
        self.assertEqual(len(self.purpose(fields[0]) | self.purpose(fields[1])), 2)
        lines.action_unflag()
        for ir_field in fields:
            self.assertFlags(ir_field, False, False)

    def test_only_officers(self):
        for role, groups in (
            ("internal", "base.group_user"),
            ("user", "privacy_guard.group_privacy_user"),
            ("settings", "base.group_system"),
        ):
            user = self.make_user(role, groups)
            line = self.line(self.phone, user)
            with self.subTest(role=role):
                for action in (
                    "action_flag_personal",
                    "action_flag_sensitive",
                    "action_unflag",
                    "action_bring_back",
                ):
                    with self.assertRaises(AccessError):
                        getattr(line, action)()
                with self.assertRaises(AccessError):
                    line.search([])
                menu = self.env.ref("privacy_guard.privacy_field_menu")
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                self.assertNotIn(menu.id, visible)
        self.assertFlags(self.phone, False, False)
