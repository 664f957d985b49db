from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.privacy_guard.fields.masked import everyone_masked

from .number_common import MASKED, NUMBER, NUMBER_MASKED, NumberCommon


@tagged("post_install", "-at_install")
class TestNumberFormatting(NumberCommon):
    """FLD-4: what works with a number shows nobody more of it than its mask."""

    def as_user(self, record):
        self.env.invalidate_all()
        return record.with_user(self.employee)

    def test_formatted_number_is_a_mask_for_people(self):
        ann = self.as_user(self.ann)
        self.assertEqual(str(ann._phone_format(fname="phone")), NUMBER_MASKED)
        self.assertEqual(str(ann._phone_format()), NUMBER_MASKED)
        self.assertEqual(ann.sudo()._phone_format(), NUMBER)
        self.assertEqual(ann._phone_format(number="0470 55 44 33"), "+32470554433")

    def test_code_compares_numbers_not_masks(self):
        twin = self.make_contact("Eva Example", phone=NUMBER)
        like = self.make_contact("Fay Example", phone="+32471112233")
        ann, twin, like = (
            person._phone_format() for person in self.as_user(self.ann | twin | like)
        )
        self.assertEqual(str(ann), str(like))
        self.assertTrue(ann == twin and ann != like)
        self.assertIn(ann, [NUMBER])
        self.assertIn(ann, {NUMBER})
        self.assertNotIn(like, [ann, NUMBER])
        self.assertEqual(len({ann, twin, like}), 2)

    def test_mask_from_a_form_stands_for_the_own_number(self):
        ann = self.as_user(self.ann)
        for mask in (MASKED, NUMBER_MASKED):
            self.assertEqual(ann._phone_format(number=mask), NUMBER)
            self.assertEqual(str(ann._phone_format(number=mask)), NUMBER_MASKED)
            # only for those who see the mask: code would give the number away
            self.assertFalse(ann.sudo()._phone_format(number=mask))
        bea = self.as_user(self.bea)
        self.assertFalse(bea._phone_format(number=NUMBER_MASKED))

    def test_digits_of_a_mask_are_no_number(self):
        partners = self.env["res.partner"]
        self.assertFalse(partners._phone_format(number="••••0470112233"))
        with self.assertRaisesRegex(UserError, "••••0470112233 is no valid"):
            partners._phone_format(number="••••0470112233", raise_exception=True)

    def test_errors_show_the_mask(self):
        with self.assertRaises(UserError) as caught:
            self.as_user(self.cid)._phone_format(raise_exception=True)
        self.assertIn("••••desk", str(caught.exception))
        self.assertNotIn("ask at", str(caught.exception))

    def test_mask_of_a_contact_that_the_user_may_not_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ann",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.ann.id})]",
            }
        )
        with self.assertRaises(AccessError):
            self.as_user(self.ann)._phone_format(number=NUMBER_MASKED)

    # ------------------------------------------------------------------
    # Forms
    # ------------------------------------------------------------------

    def test_form_leaves_a_number_that_was_not_typed(self):
        self.ann.phone = "0470112233"
        before = self.stored(self.ann, "phone")
        with Form(self.as_user(self.ann)) as form:
            for country in (self.italy, self.belgium):
                form.country_id = country
                self.assertEqual(form.phone, "••••2233")
        self.assertEqual(self.stored(self.ann, "phone"), before)
        self.assertEqual(self.ann.phone, "0470112233")

    def test_form_formats_what_is_typed(self):
        for person in (self.as_user(self.ann), self.env["res.partner"]):
            with Form(person.with_user(self.employee)) as form:
                form.name = "Gus Example"
                form.phone = "0470554433"
                self.assertEqual(form.phone, "+32 470 55 44 33")
            self.assertEqual(form.record.sudo().phone, "+32 470 55 44 33")
            self.assertEqual(form.record.phone, "••••4 33")

    def test_mask_of_the_formatted_number_changes_nothing(self):
        """Forms send it back although it is computed."""
        values = {"phone": "+32 470 55 44 33", "phone_sanitized": "••••4433"}
        ann = self.as_user(self.ann)
        ann.write(values)
        eva = ann.create({"name": "Eva Example", **values})
        self.assertEqual(
            (ann | eva).sudo().mapped("phone_sanitized"), ["+32470554433"] * 2
        )

    def test_code_formats_what_is_stored(self):
        """The portal does so after a person has edited their address."""
        self.ann.sudo()._onchange_phone_validation()
        self.assertEqual(self.ann.sudo().phone, "+32 470 11 22 33")

    # ------------------------------------------------------------------
    # Blacklist
    # ------------------------------------------------------------------

    def blacklisted(self, number):
        domain = [("number", "=", number)]
        return bool(self.env["phone.blacklist"].search_count(domain))

    def test_ordinary_users_code_adds_and_removes(self):
        bea = self.as_user(self.bea)
        bea._phone_set_blacklisted()
        self.assertTrue(self.blacklisted("+32470998877"))
        self.assertTrue(self.as_user(self.bea).phone_blacklisted)
        bea._phone_reset_blacklisted()
        self.assertFalse(self.blacklisted("+32470998877"))
        self.assertFalse(self.env["phone.blacklist"].search([("number", "like", "•")]))

    def unblacklist(self, record, user, phone=NUMBER_MASKED):
        """What the button on the form and its dialogue do."""
        action = record.with_user(user).phone_action_blacklist_remove()
        wizard = self.env[action["res_model"]].with_user(user)
        wizard = wizard.with_context(
            active_model=record._name,
            active_id=record.id,
            default_phone=phone,
            tracking_disable=False,
        ).create({"reason": "Asked by phone"})
        wizard.action_unblacklist_apply()
        self.cr.flush()
        return wizard

    def test_button_removes_the_number_behind_the_mask(self):
        admin = self.make_user("sam", "base.group_system,base.group_partner_manager")
        for phone in (MASKED, NUMBER_MASKED):
            self.ann._phone_set_blacklisted()
            wizard = self.unblacklist(self.ann, admin, phone)
            self.assertFalse(self.blacklisted(NUMBER))
            self.assertEqual(self.stored(wizard, "phone"), phone)
        entry = self.env["phone.blacklist"].with_context(active_test=False)
        entry = entry.search([("number", "=", NUMBER)])
        self.assertIn("Asked by phone", str(entry.message_ids.mapped("body")))

    def test_button_refuses_the_mask_of_another(self):
        admin = self.make_user("sam", "base.group_system,base.group_partner_manager")
        for record in (self.bea, self.env["res.partner"]):
            with self.assertRaisesRegex(UserError, "is a mask"):
                self.unblacklist(record, admin)
        self.assertTrue(self.blacklisted(NUMBER))

    def test_button_is_the_administrators(self):
        with self.assertRaises(AccessError):
            self.unblacklist(self.ann, self.employee)

    def test_deleting_a_portal_account_blocks_the_number(self):
        user = self.make_user("kim", "base.group_portal")
        user.partner_id.phone = "+32 470 66 55 44"
        self.env.invalidate_all()
        user.with_user(user).sudo()._deactivate_portal_user(request_blacklist=True)
        self.assertTrue(self.blacklisted("+32470665544"))

    def test_templates_know_who_is_on_the_blacklist(self):
        with everyone_masked(self.env):
            people = (self.ann | self.bea).sudo()
            self.assertEqual(people.mapped("phone_blacklisted"), [True, False])
            self.assertEqual(self.ann.sudo().phone, MASKED)
