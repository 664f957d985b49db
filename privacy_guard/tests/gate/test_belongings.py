from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..withholding.withholding_common import WithholdingCommon


@tagged("post_install", "-at_install")
class TestBelongings(WithholdingCommon):
    """ASK-2: addresses, bank accounts and contacts below a person are the person's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact(phone="1")
        cls.answer(cls, cls.ann, cls.phone, "granted")
        cls.shed = cls.make_below(cls.ann, "Shed", type="delivery", phone="2")
        cls.assistant = cls.make_below(cls.shed, "Assistant")
        cls.bank = cls.env["res.partner.bank"].create(
            {"acc_number": "1234", "partner_id": cls.ann.id}
        )
        cls.below = cls.shed | cls.assistant

    @classmethod
    def make_below(cls, parent, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": parent.id, **values}
        )

    def assertRefused(self, ways):
        for name, way in ways.items():
            with (
                self.subTest(way=name),
                self.assertRaisesRegex(UserError, "asked us to stop"),
                self.env.cr.savepoint(),
            ):
                way()
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------
    # Who has stopped
    # ------------------------------------------------------------------

    def test_stp1_what_belongs_to_a_stopped_person_is_locked(self):
        other = self.make_contact("Otto Example")
        below_other = self.make_below(other, "Otto's shed", type="delivery")
        self.ann._privacy_stop("asked")
        banks = self.env["res.partner.bank"]
        self.assertRefused(
            {
                "address": lambda: self.shed.write({"street": "New"}),
                "superuser": lambda: self.shed.sudo().write({"street": "New"}),
                "contact two below": lambda: self.assistant.write({"phone": "3"}),
                "both at once": lambda: self.below.write({"comment": "New"}),
                "taken out": lambda: self.shed.write({"parent_id": False}),
                "archived": lambda: self.shed.write({"active": False}),
                "deleted": self.shed.unlink,
                "deleted two below": self.assistant.unlink,
                "new address": lambda: self.make_below(self.ann, "New", type="invoice"),
                "new contact two below": lambda: self.make_below(self.shed, "New"),
                "moved below": lambda: below_other.write({"parent_id": self.ann.id}),
                "by the list of the person's contacts": lambda: self.ann.write(
                    {"child_ids": [(0, 0, {"name": "New"})]}
                ),
                "account changed": lambda: self.bank.write({"acc_number": "5678"}),
                "account deleted": self.bank.unlink,
                "new account": lambda: banks.create(
                    {"acc_number": "5678", "partner_id": self.ann.id}
                ),
                "new account of an address": lambda: banks.create(
                    {"acc_number": "5678", "partner_id": self.shed.id}
                ),
            }
        )
        self.assertEqual(below_other.parent_id, other)

    def test_import_below_a_stopped_person(self):
        self.ann._privacy_stop("asked")
        result = self.env["res.partner"].load(
            ["name", "parent_id/.id", "type"], [["New", str(self.ann.id), "delivery"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("asked us to stop", result["messages"][0]["message"])

    def test_the_person_is_told_no_more_than_the_user_may_write(self):
        """Others of a user who may not write contacts: the right is checked first."""
        self.ann._privacy_stop("asked")
        reader = self.make_user("reader", "base.group_user")
        with self.assertRaisesRegex(UserError, "not allowed to modify"):
            self.shed.with_user(reader).write({"street": "New"})

    def test_accounting_counts_up(self):
        self.ann._privacy_stop("asked")
        self.shed.write({"tz": "Europe/Brussels"})
        self.shed.message_post(body="Delivered")

    def test_a_company_and_its_people_are_not_each_other(self):
        firm = self.make_contact("Firm", is_company=True)
        self.ann.parent_id = firm
        colleague = self.make_contact("Cleo Example", parent_id=firm.id)
        depot = self.make_below(firm, "Depot", type="delivery")
        self.ann._privacy_stop("asked")
        (colleague | depot | firm).write({"comment": "New"})
        with self.assertRaises(UserError):
            self.shed.comment = "New"

    def test_reopening_reopens_all(self):
        self.ann._privacy_stop("asked")
        self.ann._privacy_resume("withdrawn")
        self.below.write({"comment": "New"})
        self.bank.acc_number = "5678"

    def test_nothing_new_for_who_was_erased(self):
        self.ann._privacy_set_status("erased", "asked")
        with self.assertRaisesRegex(UserError, "was erased"):
            self.make_below(self.ann, "New", type="delivery")

    def test_queries_do_not_grow(self):
        def count(number):
            people = self.env["res.partner"].create(
                [{"name": f"P{i}"} for i in range(number)]
            )
            places = self.env["res.partner"].create(
                [
                    {"name": "Shed", "parent_id": p.id, "type": "delivery"}
                    for p in people
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["privacy.gate"]._lock_reasons(places, {"phone", "street"})
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(40), count(3))

    # ------------------------------------------------------------------
    # What a person refused
    # ------------------------------------------------------------------

    def test_whoever_imports_is_told_what_is_left_out(self):
        """Of each row, and why; a row that would change somebody who is locked is
        refused, also where it does so by a contact below a new one."""
        self.answer(self.ann, self.phone, "refused")
        partners = self.env["res.partner"].with_user(self.manager())
        names = ["name", "parent_id/.id", "type", "phone"]
        rows = [
            ["Free Example", "", "contact", "4"],
            ["Ann's house", str(self.ann.id), "delivery", "5"],
        ]
        result = partners.load(names, rows)
        house = partners.browse(result["ids"][1])
        self.assertEqual((house.name, house.phone), ("Ann's house", False))
        [told] = result["messages"]
        self.assertEqual((told["type"], told["record"]), ("warning", 1))
        self.assertIn("Phone of Ann Example, Ann's house", told["message"])
        self.assertIn("not given consent", told["message"])
        # in Odoo's dialog messages are errors
        user = type(self.env.user)
        with patch.object(user, "_bus_send", autospec=True) as send:
            result = partners.with_context(import_file=True).load(names, rows)
        self.assertTrue(result["ids"])
        self.assertFalse(result["messages"])
        self.assertIn("Ann's house", send.call_args.args[2]["message"])
        self.ann._privacy_stop("asked")
        names = ["name", "child_ids/.id", "child_ids/function"]
        result = partners.load(names, [["Firm", str(self.ann.id), "Boss"]])
        self.assertFalse(result["ids"])
        self.assertIn("asked us to stop", result["messages"][0]["message"])

    def manager(self):
        return self.make_user("mia", "base.group_partner_manager")

    def test_an_address_obeys_the_consents_of_its_person(self):
        self.answer(self.ann, self.phone, "refused")
        self.assertFalse(self.shed.phone, "refused is erased")
        with self.assertRaisesRegex(UserError, "Phone of .*Shed is locked"):
            self.shed.phone = "3"
        self.assertIn("phone", self.shed.privacy_locked_fields)
        new = self.make_below(self.ann, "Office", type="invoice", phone="3", city="G")
        self.assertEqual((new.phone, new.city), (False, "G"))
        self.answer(self.ann, self.phone, "granted")
        self.shed.phone = "3"

    def test_an_address_keeps_its_value_while_the_person_is_asked(self):
        self.ask(self.ann, self.phone)
        self.assertFalse(self.ann.phone)
        self.assertEqual(self.shed.phone, "2")
        with self.assertRaises(UserError):
            self.shed.phone = "3"
        new = self.make_below(self.ann, "Office", type="invoice", phone="3")
        self.assertFalse(new.phone)

    def test_a_contact_below_a_person_answers_for_themself(self):
        self.answer(self.ann, self.phone, "refused")
        helper = self.make_below(self.ann, "Helper", phone="3")
        self.assertEqual(helper.phone, "3")

    def test_an_address_that_is_moved_below_the_person(self):
        self.answer(self.ann, self.phone, "refused")
        depot = self.env["res.partner"].create(
            {"name": "Depot", "type": "delivery", "phone": "9"}
        )
        depot.parent_id = self.ann
        self.assertFalse(depot.phone)
