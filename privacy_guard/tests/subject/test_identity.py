import json
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from ...models.page.privacy_mail_post import PER_ADDRESS_AND_IP
from ..common import PrivacyCommon

# what a user types into each of them
TYPED = {
    "char": "thief@example.com",
    "boolean": False,
    "many2one": 1,
}


@tagged("post_install", "-at_install")
class TestIdentity(PrivacyCommon):
    """Who somebody is follows from what users edit, and is nobody's to write (IDN-1);
    a "no" binds whatever else is edited (IDN-5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(covers_email=True)
        cls.phone = cls.make_data_purpose("phone")
        cls.user = cls.make_user("sally")
        cls.ann = cls.make_contact(phone="1")
        cls.as_user = cls.ann.with_user(cls.user)
        firm = {"name": "Firm", "is_company": True}
        cls.firm = cls.env["res.partner"].create(firm).id

    def derived(self):
        """:return: list of (model, name) of every derived column"""
        return [
            (self.env[model], name)
            for model in self.env["consent.record"]._subject_models()
            for name in self.env[model]._privacy_derived_names()
        ]

    def test_idn5_taking_an_address_away_frees_it_for_nobody(self):
        """Until another one is proven it is the person's, and so is their no."""
        for taken in (False, "moved@example.com"):
            ann = self.make_contact("Bea", email="bea@example.com", phone="1")
            self.answer(ann, self.newsletter, "refused")
            self.answer(ann, self.phone, "refused")
            address = ann.email
            ann.with_user(self.user).email = taken
            gate = self.env["privacy.gate"]
            with self.subTest(taken=taken):
                with self.assertRaises(UserError):
                    self.make_contact("New", email=address, phone="2")
                refusals = gate._mail_refusals({"marketing": {address}})
                self.assertTrue(refusals)
                place = self.make_contact(
                    "Door", email=address, phone="2", type="other", parent_id=self.firm
                )
                self.assertFalse(place.phone)
                place.with_user(self.user).phone = "3"
                self.assertFalse(place.phone)
                place.unlink()
                later = fields.Datetime.now() + timedelta(days=8)
                with patch.object(fields.Datetime, "now", lambda d=later: d):
                    if taken:
                        self.make_contact("New", email=address).unlink()
            ann.unlink()

    @contextmanager
    def others(self, model):
        """Somebody else, who commits at once what this transaction does not see."""
        self.env.cr.execute("SELECT 1")
        with self.env.registry.cursor() as cr:
            records = self.env(cr=cr, user=self.env.ref("base.user_root").id)[model]
            made = records.with_context(active_test=False).search([])
            yield records
        made_ids = made.ids

        def clean():
            with self.env.registry.cursor() as cr:
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE NOT id = ANY(%s)",
                        SQL.identifier(records._table),
                        made_ids,
                    )
                )

        self.addCleanup(clean)

    def test_dup3_two_at_once_get_no_two_contacts(self):
        """Each has found the address unused: who is the second begins again."""
        address = {"name": "Kim", "email": "kim@example.com"}
        # they do not see the consents of this test
        off = patch.object(
            type(self.env["privacy.gate"]), "_is_enabled", return_value=False
        )
        with off, self.others("res.partner") as partners:
            partners.create(address)
        with self.assertRaises(ConcurrencyError):
            self.make_contact(**address)
        with self.assertRaises(ConcurrencyError):
            self.ann.email = "kim@example.com"

    def test_rte1_those_who_post_at_once_are_counted(self):
        posted = ("kim@example.com", "192.0.2.1")
        with self.others("privacy.mail.post") as posts:
            for _post in range(PER_ADDRESS_AND_IP - 1):
                self.assertTrue(posts._may_pass(*posted))
        posts = self.env["privacy.mail.post"]
        self.assertTrue(posts._may_pass(*posted))
        self.assertFalse(posts._may_pass(*posted))

    def test_stp1_a_stop_is_not_left_by_a_place_that_becomes_a_contact(self):
        self.ann._privacy_stop("asked")
        values = {"email": self.ann.email, "type": "other", "parent_id": self.firm}
        for change in ({"type": "contact"}, {"parent_id": False}):
            place = self.make_contact("Door", **values).with_user(self.user)
            with self.subTest(change=change):
                with self.assertRaises(UserError):
                    place.write(change)

    def test_stp1_who_has_stopped_is_not_duplicated(self):
        ann = self.ann.with_user(self.user)
        self.assertTrue(ann.copy({"email": "copy@example.com"}))
        self.ann._privacy_stop("asked")
        for email in (False, "other@example.com"):
            with self.assertRaises(UserError):
                ann.copy({"email": email})

    def test_idn1_no_default_for_good(self):
        """A new one is refused, with the reason; of one that is there from before
        nothing is believed, and contacts can be created."""
        defaults = self.env["ir.default"].with_user(
            self.make_user("boss", groups="base.group_system")
        )
        models = [*self.env["consent.record"]._subject_models(), "res.users"]
        values = {"char": "x", "boolean": True, "many2one": 1, "integer": 7}
        values |= {"selection": "stopped", "datetime": "2026-01-01 00:00:00"}
        for model in map(self.env.get, models):
            # a user hands them on to the contact
            subject = self.env["res.partner"] if model._name == "res.users" else model
            fixed = self.env["privacy.gate"]._control_fields(subject)
            for name in sorted(fixed & model._fields.keys()):
                field, fits = model._fields[name], {"email_opt_in": "double"}
                if field.type not in values:
                    continue
                value = fits.get(name, values[field.type])
                with self.subTest(model=model._name, field=name):
                    with self.assertRaisesRegex(ValidationError, "have a default"):
                        defaults.set(model._name, name, value)
                    self._default_from_before(model, name, value)
        ann = self.env["res.partner"].create({"name": "Eve"})
        self.assertEqual((ann.privacy_status, ann.email_opt_in), ("active", "none"))
        self.assertEqual(self.make_user("fay").partner_id.preferences_version, 0)

    def _default_from_before(self, model, name, value):
        field = self.env["ir.model.fields"]._get(model._name, name)
        self.env.cr.execute(
            "INSERT INTO ir_default (field_id, json_value) VALUES (%s, %s)",
            [field.id, json.dumps(value)],
        )
        self.env.registry.clear_cache()

    def test_idn1_nobody_writes_what_is_derived(self):
        for model, name in self.derived():
            with self.subTest(model=model._name, field=name):
                field = model._fields[name]
                self.assertTrue(field.store and field.compute)
                value = TYPED[field.type]
                record = model.create({model._rec_name: "Bea"})
                # not even the superuser
                with self.assertRaises(AccessError):
                    record[name] = value
                if not value:
                    continue
                with self.assertRaises(AccessError):
                    model.create({model._rec_name: "Cid", name: value})
                # of a default, and of what a form sends along, nothing is believed
                with_default = model.with_context(**{f"default_{name}": value})
                for vals in ({}, self.along(model, name, value)):
                    with suppress(AccessError):
                        made = with_default.create({model._rec_name: "Dan", **vals})
                        self.assertNotEqual(
                            made[name] and field.convert_to_write(made[name], made),
                            value,
                        )

    def along(self, model, name, value):
        """:return: values that the field follows from, and another one of its own"""
        if name == model._consent_email_field:
            return {model._primary_email: "dan@example.com", name: value}
        return {name: value}

    def test_idn1_import_names_the_field(self):
        result = self.as_user.load(
            [".id", "email_normalized"], [[str(self.ann.id), "thief@example.com"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Normalized Email", result["messages"][0]["message"])

    def test_idn1_export_can_be_imported_again(self):
        """Values that would not change are no edit."""
        names = [".id", "name", "email_normalized", "partner_share"]
        rows = self.ann.export_data(names)["datas"]
        result = self.as_user.load(names, [[str(cell) for cell in rows[0]]])
        self.assertEqual(result["ids"], self.ann.ids, result["messages"])

    def test_idn1_a_new_contact_is_no_colleague(self):
        """Other add-ons, and Odoo's own tests, say of a new one that it is outside."""
        people = self.env["res.partner"].with_user(self.user)
        outside = people.create({"name": "Ann New", "partner_share": True})
        self.assertTrue(outside.partner_share)
        with self.assertRaises(AccessError):
            people.create({"name": "Ann New", "partner_share": False})

    def test_idn1_context_leaves_it_out(self):
        self.as_user.with_context(privacy_skip_locked=True).write(
            {"email_normalized": "thief@example.com", "function": "Clerk"}
        )
        self.assertEqual(self.ann.email_normalized, "ann.example@example.com")
        self.assertEqual(self.ann.function, "Clerk")

    def test_idn1_it_follows_what_is_edited(self):
        with Form(self.as_user) as form:
            form.email = "Ann.New@example.com"
        self.assertEqual(self.ann.email_normalized, "ann.new@example.com")

    def test_idn5_opting_out_outlives_another_address(self):
        self.ann._privacy_opt_out_by_contact()
        self.as_user.email = "other@example.com"
        self.assertEqual(self.ann.email_opt_in, "opted_out_contact")

    def test_idn5_who_has_stopped_becomes_no_colleague(self):
        """Mail to colleagues is about their work, and leaves."""
        internal = self.make_user("clerk")
        portal = new_test_user(self.env, "portal", "base.group_portal")
        partners = internal.partner_id
        self.ann._privacy_set_status("stopped", "test")
        portal.partner_id._privacy_set_status("stopped", "test")
        employee = self.env.ref("base.group_user").ids
        for user, vals in (
            (internal, {"partner_id": self.ann.id}),
            (portal, {"group_ids": [Command.set(employee)]}),
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "contact of a user"),
                self.env.cr.savepoint(),
            ):
                user.write(vals)
            self.env.invalidate_all()
        self.assertEqual(internal.partner_id, partners)
        # to log in and use one's rights is no employment
        portal.write({"partner_id": self.ann.id})
        internal.write({"active": False})
        internal.partner_id._privacy_set_status("stopped", "test")
        with self.assertRaisesRegex(UserError, "contact of a user"):
            internal.write({"active": True})

    def test_idn5_refused_person_stays_one(self):
        """Whatever makes a company, an address or a colleague of them."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.answer(self.ann, self.phone, "refused")
        self.answer(self.ann, self.newsletter, "refused")
        gate = self.env["privacy.gate"]
        for vals in (
            {"is_company": True},
            {"type": "delivery", "parent_id": firm.id},
            {"is_company": False, "type": "contact"},
            {"active": False},
            {"email": "ann.other@example.com"},
        ):
            with self.subTest(vals=vals):
                self.as_user.write(vals)
                self.assertEqual(self.value(self.ann, self.phone), "refused")
                self.assertIn("phone", self.ann.privacy_locked_fields)
                self.assertEqual(
                    gate._mail_refusals({"marketing": {self.ann.id}}),
                    {("marketing", self.ann.id): "no_marketing_consent"},
                )
