from unittest.mock import patch

from lxml import etree
from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.convert import xml_import
from psycopg2.errors import CheckViolation

from ...models.personal.ir_model_fields import FLAGS
from .personal_common import PersonalFieldsCommon


@tagged("post_install", "-at_install")
class TestPersonalFields(PersonalFieldsCommon):
    """FLD-1, FLD-2: what may be flagged, by whom, and what follows."""

    def test_installing_flags_nothing(self):
        flagged = [("privacy_personal", "=", True)]
        self.assertFalse(self.env["ir.model.fields"].search(flagged))

    def test_flagging_and_removing_the_flag(self):
        """FLD-1: personal has no further effect, and no limit."""
        names = ("phone", "city", "comment", "partner_latitude", "name", "email")
        fields = self.env["ir.model.fields"].browse(self.field(n).id for n in names)
        fields.with_user(self.officer)._privacy_flag({"privacy_personal": True})
        for ir_field in fields:
            self.assertFlags(ir_field, True, False)
        self.assertFalse(self.purpose(self.phone))
        self.line(self.phone).action_unflag()
        self.assertFlags(self.phone, False, False)

    def test_types_that_can_be_personal(self):
        """FLD-1: text-like, date, selection, number; and what data consents take."""
        for ttype in ("char", "text", "html", "date", "datetime", "integer", "float"):
            ir_field = self.make_field(f"x_of_type_{ttype}", ttype)
            with self.subTest(type=ttype):
                ir_field.privacy_personal = True
                self.assertFlags(ir_field, True, False)
        for name in ("country_id", "image_1920", "barcode", "company_registry"):
            with self.subTest(field=name):
                self.field(name).privacy_personal = True
                self.assertFlags(self.field(name), True, False)

    def test_what_may_not_be_flagged_says_why(self):
        """FLD-1: anything else is refused, with the reason."""
        needed = self.make_field("x_needed", "char", required=True)
        cases = {
            self.field("login", "res.users"): "no field of contacts",
            self.field("lang"): "Odoo needs it",
            self.field("contact_address"): "not stored",
            self.field("complete_name"): "computed",
            self.field("image_128"): "computed",
            self.field("active"): "Odoo needs it",
            self.field("category_id"): "cannot be erased",
            self.field("employee"): "cannot be erased",
            needed: "required",
        }
        for ir_field, reason in cases.items():
            with self.subTest(field=ir_field.name):
                with self.assertRaisesRegex(ValidationError, reason):
                    ir_field.write({"privacy_personal": True})
                self.assertFlags(ir_field, False, False)

    def test_one_refused_field_refuses_all(self):
        with self.assertRaisesRegex(ValidationError, r"Language \(Contact\)"):
            (self.phone | self.field("lang"))._privacy_flag({"privacy_personal": True})
        self.assertFlags(self.phone, False, False)

    def test_sensitive_implies_personal(self):
        """FLD-2; below the ORM too."""
        self.phone.privacy_sensitive = True
        self.assertFlags(self.phone, True, True)
        self.phone.privacy_personal = False
        self.assertFlags(self.phone, False, False)
        self.phone.write({"privacy_sensitive": True, "privacy_personal": False})
        self.assertFlags(self.phone, True, True)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE ir_model_fields SET privacy_personal = FALSE WHERE id = %s",
                [self.phone.id],
            )

    def test_sensitive_field_gets_a_data_consent_switched_off(self):
        """FLD-2: it appears among the consents by itself, named as the field."""
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        self.line(self.phone).action_flag_sensitive()
        purpose = self.purpose(self.phone)
        self.assertRecordValues(
            purpose,
            [
                {
                    "kind": "data",
                    "name": "Phone",
                    "text": False,
                    "active": False,
                    "default_selection": "no",
                    "stage": "draft",
                }
            ],
        )
        label = self.phone.with_context(lang="fr_FR").field_description
        self.assertEqual(purpose.with_context(lang="fr_FR").name, label)
        action = self.env.ref("privacy_guard.consent_purpose_action")._get_action_dict()
        shown = self.env["consent.purpose"].with_context(**eval(action["context"]))  # noqa: S307
        self.assertIn(purpose, shown.with_user(self.officer).search([]))
        # people are not affected before it is completed
        self.make_contact(phone="1").phone = "2"

    def test_what_cannot_carry_a_consent_cannot_be_sensitive(self):
        """FLD-2: personal it may be; the reason is said."""
        cases = {
            "email": "could not be asked",
            "name": "could not be asked",
            "barcode": "every company",
            "image_1920": "cannot be withheld",
        }
        for name, reason in cases.items():
            line = self.line(self.field(name))
            with self.subTest(field=name):
                with self.assertRaisesRegex(ValidationError, reason):
                    line.action_flag_sensitive()
                self.assertIn(reason, line.sensitive_blocker)
                line.action_flag_personal()

    def test_unflagging_deletes_a_draft_and_archives_what_was_published(self):
        """FLD-2: evidence refers to published texts."""
        self.phone.privacy_sensitive = True
        self.line(self.phone).action_unflag()
        self.assertFalse(self.purpose(self.phone))
        published = self.make_data_purpose("city")
        self.assertFlags(self.field("city"), True, True)
        self.line(self.field("city")).action_unflag()
        self.assertFlags(self.field("city"), False, False)
        self.assertFalse(published.active)
        self.field("city").privacy_sensitive = True
        self.assertEqual(self.purpose(self.field("city")), published)

    def test_a_field_with_a_consent_is_sensitive(self):
        """FLD-2, the other way round: both screens tell the same."""
        purpose = self.make_data_purpose("phone", active=False)
        self.assertFlags(self.phone, True, True)
        self.phone.privacy_sensitive = False
        purpose.active = True
        self.assertFlags(self.phone, True, True)
        draft = self.env["consent.purpose"].create(
            {"name": "City", "kind": "data", "field_id": self.field("city").id}
        )
        draft.field_id = self.field("zip")
        self.assertFlags(self.field("city"), True, False)
        draft.unlink()
        self.assertFlags(self.field("zip"), True, False)

    def test_limits_of_consents_hold_when_switching_on(self):
        """FLD-6: flagging is unlimited, switching on is not."""
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.limit_data_consents", 1
        )
        self.make_data_purpose("city")
        self.phone.privacy_sensitive = True
        purpose = self.purpose(self.phone)
        purpose.text = "May we?"
        purpose._publish()
        with self.assertRaisesRegex(ValidationError, "At most 1 .*Settings"):
            purpose.active = True

    def test_limit_of_encrypted_fields_is_a_setting(self):
        """FLD-6."""
        fields = self.env["ir.model.fields"]
        self.assertEqual(fields._privacy_limit_encrypted(), 5)
        settings = self.env["res.config.settings"]
        settings.create({"privacy_limit_encrypted_fields": 0}).set_values()
        self.assertEqual(fields._privacy_limit_encrypted(), 0)
        with self.assertRaises(ValidationError):
            settings.create({"privacy_limit_encrypted_fields": -1})

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_roles(self):
        """Officers and superuser only; the Settings right is not enough."""
        roles = {
            "internal": "base.group_user",
            "user": "privacy_guard.group_privacy_user",
            "portal": "base.group_portal",
            "settings": "base.group_system",
        }
        for role, groups in roles.items():
            ir_field = self.phone.with_user(self.make_user(role, groups))
            for name in FLAGS:
                with self.subTest(role=role, flag=name):
                    with self.assertRaises(AccessError):
                        ir_field.write({name: True})
                    self.assertFlags(self.phone, False, False)
        self.phone.with_user(self.officer).write({"privacy_personal": True})
        self.assertFlags(self.phone, True, False)

    def test_officer_may_write_the_flags_and_nothing_else(self):
        custom = self.make_field().with_user(self.officer)
        for vals in ({"help": "?"}, {"help": "?", "privacy_personal": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                custom.write(vals)

    def test_settings_administrator_flags_by_no_other_way(self):
        settings = self.make_user("settings", "base.group_system")
        ir_model = self.env["ir.model"]._get("res.partner").with_user(settings)
        custom = self.make_field()
        fields = self.env["ir.model.fields"].with_user(settings)
        vals = {
            "name": "x_other",
            "field_description": "Other",
            "model_id": ir_model.id,
            "ttype": "char",
            "privacy_personal": True,
        }
        ways = {
            "create": lambda: fields.create(vals),
            "the lines of the model": lambda: ir_model.write(
                {"field_id": [(1, custom.id, {"privacy_personal": True})]}
            ),
            "web_save": lambda: custom.with_user(settings).web_save(
                {"privacy_sensitive": True}, {"name": {}}
            ),
            "context": lambda: (
                custom.with_user(settings)
                .with_context(install_mode=True, module="base", import_file=True)
                .write({"privacy_personal": True})
            ),
        }
        # commands on lines are done as the user whose request it is
        request = patch.object(
            self.env.transaction, "default_env", self.env(user=settings.id)
        )
        for name, way in ways.items():
            with self.subTest(way=name), request, self.assertRaises(AccessError):
                way()
        self.env.flush_all()
        self.assertFlags(custom, False, False)

    def test_import_is_refused(self):
        settings = self.make_user("settings", "base.group_system")
        fields = self.env["ir.model.fields"]
        rows = [["base.field_res_partner__phone", "True"]]
        result = fields.with_user(settings).load(["id", "privacy_personal"], rows)
        self.assertFalse(result["ids"])
        self.assertIn("privacy officer", result["messages"][0]["message"])
        self.assertFlags(self.phone, False, False)

    def test_removed_is_nobodys_to_write(self):
        """It goes with erasing: the superuser does not write it either."""
        for user in (self.officer, self.env.user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.phone.with_user(user).write({"privacy_removed": True})
        with self.assertRaises(AccessError):
            self.make_field(privacy_removed=True)

    def test_methods_are_not_for_rpc(self):
        """RPC refuses names that begin with an underscore."""
        ours = [
            name
            for cls in type(self.phone).mro()
            if "privacy_guard" in cls.__module__
            for name, value in vars(cls).items()
            if callable(value)
            and not name.startswith("_")
            and not getattr(value, "_api_private", False)
            # core's own, on every model
            and not hasattr(models.BaseModel, name)
        ]
        self.assertEqual(set(ours), set())

    # ------------------------------------------------------------------
    # Registry, upgrades, other modules
    # ------------------------------------------------------------------

    def test_flagging_does_not_set_the_models_up_again(self):
        """A custom field's flags do not cost a reload of the registry."""
        custom = self.make_field()
        with patch.object(type(self.registry), "_setup_models__") as setup:
            (custom | self.phone).write({"privacy_sensitive": True})
            (custom | self.phone).write({"privacy_personal": False})
        setup.assert_not_called()

    def test_custom_field_of_the_field_editor(self):
        """FLD-1, FLD-2: made by an administrator over RPC, flagged like any other."""
        admin = self.env.ref("base.user_admin")
        values = {
            "name": "x_passport",
            "field_description": "Passport",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "ttype": "char",
            "state": "manual",
            "privacy_sensitive": True,
        }
        custom = self.env["ir.model.fields"].with_user(admin).create(values)
        self.assertFlags(custom, True, True)
        purpose = self.purpose(custom)
        self.assertEqual((purpose.name, purpose.active), ("Passport", False))
        purpose.text = "May we keep your passport number?"
        purpose._publish()
        purpose.active = True
        ann = self.make_contact(x_passport="P1")
        with self.assertRaisesRegex(UserError, "Passport of Ann"):
            ann.x_passport = "P2"
        self.answer(ann, purpose, "refused")
        self.assertFalse(ann.x_passport)

    def test_copy_of_a_field_is_not_flagged(self):
        custom = self.make_field()
        custom.privacy_personal = True
        copied = custom.copy({"name": "x_copied", "field_description": "Copied"})
        self.assertFlags(copied, False, False)

    def test_flags_survive_upgrades(self):
        """What `-u base` does with fields: reflect them anew, changed ones too."""
        custom = self.make_field()
        (self.phone | custom).write({"privacy_sensitive": True})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_model_fields SET copied = NOT copied, help = NULL WHERE id = %s",
            [self.phone.id],
        )
        self.env.invalidate_all()
        fields = self.env["ir.model.fields"].with_context(module="base")
        with patch.object(type(self.registry), "post_init"):  # of init_models only
            fields._reflect_fields(["res.partner"])
        self.assertFlags(self.phone, True, True)
        self.assertFlags(custom, True, True)

    def load(self, mode, value):
        """Load what another module ships, as its installation or upgrade does."""
        data = f"""
            <odoo noupdate="1">
                <record id="base.field_res_partner__phone" model="ir.model.fields">
                    <field name="privacy_personal" eval="{value}" />
                </record>
            </odoo>"""
        importer = xml_import(self.env, "mail", {}, mode)
        importer.parse(etree.fromstring(data))

    def test_flags_shipped_by_another_module(self):
        """Set on installation; an officer's decision survives its upgrades."""
        self.load("init", "True")
        self.assertFlags(self.phone, True, False)
        self.line(self.phone).action_unflag()
        self.load("update", "True")
        self.assertFlags(self.phone, False, False)

    def test_flagging_many_takes_a_constant_number_of_queries(self):
        names = ("city", "zip", "street", "street2", "comment", "website", "phone")
        fields = [self.field(name) for name in names]

        def flag(some):
            some = self.env["ir.model.fields"].union(*some)
            some.mapped("privacy_personal")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            some._privacy_flag({"privacy_personal": True})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        flag(fields[:1])  # fills the caches
        self.assertEqual(flag(fields[1:3]), flag(fields[3:]))
