import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import PrivacyCommon

VALUES = {
    "boolean": True,
    "char": "x",
    "date": "2026-01-01",
    "datetime": "2026-01-01 00:00:00",
    "float": 7.0,
    "integer": 7,
    "text": "x",
}


@tagged("post_install", "-at_install")
class TestPrefilled(PrivacyCommon):
    """What nobody writes, and what only an officer decides, does not come in as a
    default: neither of the context of a call nor for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user("officer", "privacy_guard.group_privacy_officer")
        boss = cls.make_user("boss", groups="base.group_system")
        cls.defaults = cls.env["ir.default"].with_user(boss)

    def own(self, is_transient):
        return [
            model
            for name, model in self.env.items()
            if name.startswith(("consent.", "privacy."))
            and not model._abstract
            and model._transient == is_transient
        ]

    def value_of(self, field):
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        return VALUES.get(field.type)

    def test_nothing_of_ours_has_a_default_for_good(self):
        added = [
            ("ir.model.fields", "privacy_personal"),
            ("res.partner", "message_bounce"),
        ]
        ours = [
            (model._name, name)
            for model in self.own(False) + self.own(True)
            for name, field in model._fields.items()
            if field.store and model._auto
        ]
        for model_name, name in ours + added:
            value = self.value_of(self.env[model_name]._fields[name])
            if value is None or not self.env["ir.model.fields"]._get(model_name, name):
                continue
            with self.subTest(model=model_name, field=name):
                with self.assertRaisesRegex(ValidationError, "have a default"):
                    self.defaults.set(model_name, name, value)

    def test_a_default_from_before_counts_for_nothing(self):
        field = self.env["ir.model.fields"]._get("consent.purpose", "version")
        self.env.cr.execute(
            "INSERT INTO ir_default (field_id, json_value) VALUES (%s, %s)",
            [field.id, json.dumps(7)],
        )
        self.env.registry.clear_cache()
        self.assertFalse(self.env["consent.purpose"].create({"name": "New"}).version)

    def test_no_context_prefills_what_nobody_writes(self):
        for model in self.own(False):
            names = [
                name
                for name, field in model._fields.items()
                if field.readonly and field.store and self.value_of(field) is not None
            ]
            values = {name: self.value_of(model._fields[name]) for name in names}
            context = {f"default_{name}": value for name, value in values.items()}
            usual = model.default_get(names)
            with self.subTest(model=model._name):
                prefilled = model.with_context(**context).default_get(names)
                self.assertEqual(prefilled.keys(), usual.keys())

    def test_no_context_answers_a_dialogue(self):
        ours = {name: model for model in self.own(True) for name in [model._name]}
        for name in ("consent.answer", "consent.answer.line", "consent.publish"):
            self.assertIn(name, ours)
        for model in ours.values():
            values = {
                name: value
                for name, field in model._fields.items()
                if (value := self.value_of(field)) is not None
                and name not in ("res_model", "res_id", "decision")
            }
            context = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(model=model._name):
                usual = model.default_get(list(values))
                prefilled = model.with_context(**context).default_get(list(values))
                self.assertEqual(prefilled.keys(), usual.keys())

    def test_an_officer_forges_no_answer(self):
        purpose, ann = self.make_purpose(), self.make_contact()
        lines = [(0, 0, {"purpose_id": purpose.id, "answer": "granted"})]
        wizard = self.env["consent.answer"].with_user(self.officer)
        dialogue = Form(
            wizard.with_context(
                default_partner_id=ann.id,
                default_answer="granted",
                default_line_ids=lines,
                default_channel="letter",
                default_note="x",
            )
        )
        self.assertFalse(dialogue.channel or dialogue.note)
        self.assertEqual(dialogue.partner_id, ann, "whom it is about is taken")
        dialogue.channel, dialogue.note = "phone", "She called."
        with self.assertRaises(UserError):
            dialogue.save().action_record()
        self.assertEqual(ann.consent_ids.mapped("value"), ["applicable"])

    def test_nothing_is_published_without_a_text(self):
        purposes = self.env["consent.purpose"].with_user(self.officer)
        purpose = purposes.with_context(default_version=5).create({"name": "Sly"})
        self.assertFalse(purpose.version)
        with self.assertRaises(ValidationError):
            purpose.active = True
        # as whoever owns the database may
        self.env.cr.execute(
            "UPDATE consent_purpose SET version = 5 WHERE id = %s", [purpose.id]
        )
        purpose.invalidate_recordset()
        with self.assertRaises(ValidationError):
            purpose.active = True

    def test_nobody_tags_a_stopped_person(self):
        ann = self.make_contact()
        ann._privacy_stop("asked")
        tags, links = self.env["res.partner.category"], [(6, 0, [ann.id])]
        with self.assertRaises(UserError):
            tags.with_context(default_partner_ids=links).create({"name": "Hot"})
        self.assertFalse(ann.category_id)

    def test_no_new_field_is_flagged_by_the_context(self):
        values = {
            "name": "x_prefilled",
            "model_id": self.env.ref("base.model_res_partner").id,
            "ttype": "char",
        }
        sly = {"default_privacy_personal": True, "default_privacy_sensitive": True}
        fields = self.env["ir.model.fields"].with_user(self.defaults.env.user)
        defaults = fields.with_context(**sly).default_get([*values, "privacy_personal"])
        self.assertNotIn("privacy_personal", defaults)
        with self.assertRaises(AccessError):
            fields.create({**values, "privacy_personal": True})
