import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestFieldLocks(PrivacyCommon):
    """Locks and erasure hold for every way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact(phone="1")

    def test_ways_in(self):
        """List and form (web_save), RPC, import, superuser, automation."""
        user = self.make_user("clerk")
        ann = self.ann.with_user(user)
        ways = {
            "write": lambda: ann.write({"phone": "2"}),
            "web_save": lambda: ann.web_save({"phone": "2"}, {"phone": {}}),
            "web_save_multi": lambda: ann.web_save_multi(
                [{"phone": "2"}], {"phone": {}}
            ),
            "attribute": lambda: setattr(ann, "phone", "2"),
            "sudo": lambda: ann.sudo().write({"phone": "2"}),
            "context keys": lambda: ann.with_context(
                tracking_disable=True, install_mode=True, import_file=True
            ).write({"phone": "2"}),
            "child of a company": lambda: self.env["res.partner"].create(
                {"name": "X", "child_ids": [(1, self.ann.id, {"phone": "2"})]}
            ),
            "server action": self.run_server_action,
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                with self.assertRaisesRegex(UserError, "Phone of Ann Example"):
                    way()
                self.ann.invalidate_recordset()
                self.assertEqual(self.ann.phone, "1")

    def run_server_action(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Write",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "record.write({'phone': '2'})",
            }
        )
        action.with_context(
            active_model="res.partner", active_id=self.ann.id, active_ids=self.ann.ids
        ).run()

    def test_who_may_not_write_learns_nothing_of_the_lock(self):
        reader = self.make_user("reader", "base.group_user")
        with self.assertRaises(AccessError):
            self.ann.with_user(reader).write({"phone": "2"})

    def test_import(self):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "ann",
                "model": "res.partner",
                "res_id": self.ann.id,
            }
        )
        result = self.env["res.partner"].load(
            ["id", "name", "phone"], [["__import__.ann", "Ann Example", "2"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Phone of Ann Example", result["messages"][0]["message"])
        self.assertEqual(self.ann.phone, "1")

    def test_untouched_values_are_no_edit(self):
        """Imports and forms send them along."""
        self.ann.write({"phone": "1", "function": "Baker"})
        self.assertEqual(self.ann.function, "Baker")

    def test_one_locked_record_refuses_the_whole_write(self):
        ben = self.make_contact("Ben Example", phone="3")
        self.answer(ben, self.purpose, "granted")
        with self.assertRaises(UserError):
            (ben | self.ann).write({"phone": "2"})
        self.assertEqual(ben.phone, "3")

    def test_control_fields_are_refused(self):
        """Contact Status and the like change through named methods only."""
        user = self.make_user("clerk", "base.group_user,base.group_partner_manager")
        for vals in (
            {"privacy_status": "duplicate"},
            {"preferences_version": 5},
            {"consent_requested_at": "2020-01-01 00:00:00"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.ann.with_user(user).write(vals)
            with self.subTest(create=vals), self.assertRaises(AccessError):
                self.env["res.partner"].create({"name": "New", **vals})

    def test_skipping_by_context_leaves_out_but_never_writes(self):
        user = self.make_user("clerk")
        ann = self.ann.with_user(user).with_context(privacy_skip_locked=True)
        ann.write({"phone": "2", "function": "Baker", "privacy_status": "erased"})
        self.assertEqual(
            (self.ann.phone, self.ann.function, self.ann.privacy_status),
            ("1", "Baker", "active"),
        )

    def test_company_address_skips_locked_fields(self):
        self.make_data_purpose("city")
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        company = self.make_contact("Company", is_company=True, city="Gent")
        self.ann.parent_id = company
        self.assertFalse(self.ann.city)
        logger = "odoo.addons.privacy_guard.models.gate.privacy_gate"
        with self.assertLogs(logger, logging.INFO):
            company.write({"city": "Brugge", "zip": "8000"})
        self.assertEqual((self.ann.city, self.ann.zip), (False, "8000"))

    def test_erasing_clears_message_history(self):
        """Erasing a field also removes its old values from the tracking."""
        tracked = self.env["mail.tracking.value"]
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        message = self.ann.message_post(body="changed")
        value = tracked.create(
            {
                "field_id": field.id,
                "mail_message_id": message.id,
                "old_value_char": "1",
                "new_value_char": "2",
            }
        )
        self.answer(self.ann, self.purpose, "refused")
        self.assertFalse(value.exists())
        self.assertFalse(self.ann.phone)

    def test_erasing_makes_no_contact_the_last_modified(self):
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self.answer(self.ann, self.purpose, "refused")
        self.env.flush_all()
        self.assertEqual(self.ann.write_date.year, 2020)

    def test_erasing_takes_a_constant_number_of_queries(self):
        def erase(number):
            contacts = self.env["res.partner"].create(
                [
                    {"name": "C", "email": f"{number}-{i}@example.com", "city": "1"}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            contacts._privacy_erase_field("city")
            self.env.flush_all()
            self.assertFalse(any(contacts.mapped("city")))
            return self.env.cr.sql_log_count - before

        erase(1)  # fills the caches
        self.assertEqual(erase(2), erase(250))

    def test_new_field_types_can_be_erased(self):
        industry = self.env["res.partner.industry"].create({"name": "Bakery"})
        self.purpose.active = False
        values = {
            "industry_id": industry.id,
            "partner_latitude": 1.5,
            "comment": "<p>Likes bread</p>",
            "city": "Gent",
        }
        purposes = {name: self.make_data_purpose(name) for name in values}
        ben = self.make_contact("Ben Example", **values)
        for purpose in purposes.values():
            self.answer(ben, purpose, "refused")
        for name in values:
            with self.subTest(field=name):
                self.assertFalse(ben[name])

    def test_forms_show_locked_fields_read_only(self):
        with Form(self.ann) as form, self.assertRaisesRegex(AssertionError, "readonly"):
            form.phone = "2"
        self.assertIn("not been asked", self.ann.privacy_lock_hint)
        self.answer(self.ann, self.purpose, "granted")
        with Form(self.ann) as form:
            form.phone = "2"
        self.assertEqual(self.ann.phone, "2")

    def test_new_contact_in_a_form(self):
        with Form(self.env["res.partner"]) as form:
            form.name = "New"
            form.phone = "1"
        self.assertEqual(self.value(form.record, self.purpose), "applicable")

    def test_gate_asks_the_database_once_for_many(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"C{i}", "email": f"c{i}@example.com"} for i in range(50)]
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            locked = self.env["privacy.gate"]._locked_fields(contacts)
        self.assertEqual(set(locked), set(contacts.ids))
