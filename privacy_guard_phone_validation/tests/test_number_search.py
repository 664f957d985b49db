from odoo.addons.phone_validation.tools import phone_validation
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.privacy_guard.tools.cipher import is_encrypted

from .number_common import MASKED, NUMBER, NUMBER_MASKED, TYPED, NumberCommon

INDEX = "res_partner_phone_partial_tgm"


@tagged("post_install", "-at_install")
class TestNumberSearch(NumberCommon):
    """FLD-3, FLD-5: numbers are encrypted with what is derived from them, and found by
    their exact value before, while and after."""

    encrypted = ()

    def both_columns(self, record):
        return [self.stored(record, name) for name in ("phone", "phone_sanitized")]

    def indexes(self):
        self.env.cr.execute("SELECT 1 FROM pg_class WHERE relname = %s", [INDEX])
        return self.env.cr.rowcount

    def check_blacklist(self):
        """The same rows in each state, for the people concerned and all others."""
        listed, other = self.ann, self.bea | self.cid | self.dan
        name = "phone_sanitized_blacklisted"
        self.assertEqual(self.found((name, "=", True)), listed)
        self.assertEqual(self.found((name, "!=", True)), other)
        self.assertEqual(self.found((name, "=", False)), other)
        self.assertEqual(self.found((name, "!=", False)), listed)
        self.env.invalidate_all()
        people = self.people.with_user(self.employee)
        for name in ("phone_sanitized_blacklisted", "phone_blacklisted"):
            self.assertEqual(people.mapped(name), [True, False, False, False])

    def check_exact_number(self, *others):
        for text in (TYPED, "0470/11.22.33", *others):
            with self.subTest(text):
                found = self.found(("phone_mobile_search", "=", text))
                self.assertEqual(found, self.ann)
        self.assertEqual(self.found(("phone_mobile_search", "=", False)), self.dan)
        self.assertEqual(
            self.found(("phone_mobile_search", "!=", False)), self.people - self.dan
        )
        self.assertEqual(
            self.found(("phone_mobile_search", "=", "ask at the desk")), self.cid
        )

    # ------------------------------------------------------------------
    # On, off, and on the way
    # ------------------------------------------------------------------

    def test_encrypted_with_what_is_derived(self):
        self.assertEqual(self.both_columns(self.ann), [TYPED, NUMBER])
        self.encrypt("phone")
        for stored in self.both_columns(self.ann):
            self.assertTrue(is_encrypted(stored))
        ann = self.ann.with_user(self.employee)
        self.assertEqual(
            ann.read(["phone", "phone_sanitized"]),
            [
                {
                    "id": ann.id,
                    "phone": MASKED,
                    "phone_sanitized": NUMBER_MASKED,
                }
            ],
        )
        ann.phone = "+32 470 55 44 33"
        for stored in self.both_columns(self.ann):
            self.assertTrue(is_encrypted(stored))
        self.assertEqual(ann.phone_sanitized, "••••4433")
        self.assertEqual(self.ann.sudo().phone_sanitized, "+32470554433")

    def test_blacklist_before_while_and_after(self):
        self.check_blacklist()
        self.field._privacy_encrypt(4)
        self.check_blacklist()
        self.convert()
        self.check_blacklist()
        self.field._privacy_decrypt()
        self.check_blacklist()
        self.convert()
        self.check_blacklist()
        self.assertEqual(self.both_columns(self.ann), [TYPED, NUMBER])

    def test_exact_number_before_while_and_after(self):
        others = (NUMBER, "0032 470 112233")
        self.check_exact_number()
        self.field._privacy_encrypt(4)
        self.check_exact_number(*others)
        self.convert()
        self.check_exact_number(*others)
        self.field._privacy_decrypt()
        self.check_exact_number(*others)
        self.convert()
        self.check_exact_number()
        self.assertEqual(self.found(("phone_mobile_search", "ilike", "1122")), self.ann)

    def test_one_column_of_the_two_is_converted_first(self):
        """Each of them is searched the way that its own state needs."""
        for turn in (
            lambda: self.field._privacy_encrypt(4),
            self.field._privacy_decrypt,
        ):
            turn()
            for name in ("phone", "phone_sanitized"):
                with self.without_commits():
                    while self.ir_field(name)._privacy_is_unfinished():
                        self.ir_field(name)._privacy_convert_batch()
                self.check_blacklist()
                self.check_exact_number()

    def test_index_of_plain_numbers_goes_and_comes_back(self):
        self.assertTrue(self.indexes())
        self.encrypt("phone")
        self.assertFalse(self.indexes())
        self.env["res.partner"].init()  # as when an add-on is updated
        self.assertFalse(self.indexes())
        self.field._privacy_decrypt()
        self.convert()
        self.assertTrue(self.indexes())

    def test_sms_marketing_forbids_it(self):
        self.patch(self.registry, "models", {**self.registry.models})
        self.registry.models["mailing.sms.test"] = self.registry["base"]
        with self.assertRaisesRegex(UserError, "SMS Marketing"):
            self.field._privacy_encrypt(4)
        self.ir_field("ref")._privacy_encrypt(4)

    # ------------------------------------------------------------------
    # FLD-5: what is found, and what is refused
    # ------------------------------------------------------------------

    def test_part_of_a_number_is_refused(self):
        self.encrypt("phone")
        for operator in ("ilike", "like", "not ilike", "=like", "=ilike", ">"):
            for text in ("112", NUMBER, "Ann"):
                with (
                    self.subTest(operator=operator, text=text),
                    self.assertRaisesRegex(UserError, "Phone Number is encrypted"),
                ):
                    self.found(("phone_mobile_search", operator, text))

    def test_other_numbers_are_not_found(self):
        self.encrypt("phone")
        name = "phone_mobile_search"
        for text in (MASKED, NUMBER_MASKED, "112233", "+3247011223", "0470 11 22 3"):
            self.assertFalse(self.found((name, "=", text)))
        self.assertEqual(self.found((name, "!=", TYPED)), self.people - self.ann)
        self.assertEqual(self.found((name, "in", [TYPED, "x"])), self.ann)
        self.assertEqual(
            self.found((name, "not in", [TYPED, "+32470998877"])), self.cid | self.dan
        )

    def test_search_box_asks_for_the_exact_number(self):
        view = self.env.ref("base.view_res_partner_filter")
        partners = self.env["res.partner"].with_user(self.employee)
        box = '<field name="phone_mobile_search"'
        self.assertIn(box + "/>", partners.get_view(view.id, "search")["arch"])
        self.encrypt("phone")
        arch = partners.get_view(view.id, "search")["arch"]
        self.assertIn(box + ' operator="="/>', arch)

    def test_archived_numbers_are_not_on_the_blacklist(self):
        self.encrypt("phone")
        self.env["phone.blacklist"].search([("number", "=", NUMBER)]).action_archive()
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search([("phone_sanitized_blacklisted", "=", True)])
        self.assertNotIn(self.ann, found)

    def test_where_numbers_are_not_formatted(self):
        """Odoo does without the library that formats numbers."""
        self.patch(phone_validation, "phone_format", lambda number, *_, **__: number)
        eva = self.make_contact("Eva Example", phone="0470 11 22 33 44")
        self.people |= eva
        self.encrypt("phone")
        name = "phone_mobile_search"
        self.assertEqual(self.found((name, "=", "0470 11 22 33 44")), eva)
        self.assertEqual(self.found((name, "=", NUMBER)), self.ann)
        self.assertFalse(self.found((name, "=", "0470112233")))
        self.assertEqual(eva.with_user(self.employee).phone_sanitized, "••••3 44")

    def test_users_find_by_the_number_of_their_contact(self):
        user = self.make_user("kim")
        user.partner_id.phone = TYPED
        self.encrypt("phone")
        users = self.env["res.users"].with_user(self.employee)
        self.assertIn(user, users.search([("phone_sanitized_blacklisted", "=", True)]))
        self.assertEqual(users.search([("phone_mobile_search", "=", NUMBER)]), user)
        with self.assertRaisesRegex(UserError, "is encrypted"):
            users.search([("phone_mobile_search", "ilike", "1122")])

    def test_queries_do_not_grow_with_the_blacklist(self):
        self.encrypt("phone")

        def queries(numbers):
            self.env["phone.blacklist"].create([{"number": n} for n in numbers])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.found(("phone_sanitized_blacklisted", "=", True))
            return self.env.cr.sql_log_count - before

        queries(["+32470000000"])
        few = queries(["+32470000001"])
        self.assertEqual(queries([f"+3247000{n}" for n in range(1000, 1100)]), few)

    # ------------------------------------------------------------------
    # Uninstalling
    # ------------------------------------------------------------------

    def test_not_uninstalled_while_numbers_are_encrypted(self):
        modules = self.env["ir.module.module"]
        own = modules.search([("name", "=", "privacy_guard_phone_validation")])
        self.encrypt("phone")
        for name in (own.name, "phone_validation"):
            with self.assertRaisesRegex(UserError, "numbers of Contact are encrypted"):
                modules.search([("name", "=", name)]).button_uninstall()
        self.field._privacy_decrypt()
        with self.assertRaises(UserError):
            own.button_uninstall()
        self.convert()
        own.button_uninstall()
        self.assertEqual(own.state, "to remove")
