from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .encryption_common import MASKED, VALUE, EncryptionCommon


@tagged("post_install", "-at_install")
class TestEncryptionElsewhere(EncryptionCommon):
    """What other parts of Odoo do with encrypted values (FLD-4, FLD-5)."""

    encrypted = ("ref", "street", "vat")

    # ------------------------------------------------------------------
    # Related fields
    # ------------------------------------------------------------------

    def test_inherited_field_of_users(self):
        user = self.make_user("kim")
        user.partner_id.ref = VALUE
        for first, second in ((True, False), (False, True)):
            self.env.invalidate_all()
            seen = {
                su: user.with_user(self.employee).sudo(su).ref for su in (first, second)
            }
            self.assertEqual(seen, {True: VALUE, False: MASKED})
        user.with_user(self.env.ref("base.user_admin")).ref = "NEW-9999"
        self.assertEqual(user.partner_id.sudo().ref, "NEW-9999")

    def test_search_through_relations(self):
        user = self.make_user("kim")
        user.partner_id.ref = VALUE
        users = self.env["res.users"].with_user(self.employee)
        self.assertIn(user, users.search([("ref", "=", VALUE)]))
        self.assertIn(user, users.search([("partner_id.ref", "=", VALUE)]))
        for attempt in (
            lambda: users.search([("ref", "ilike", "BE")]),
            lambda: users.search([], order="ref"),
            lambda: users._read_group([], ["ref"]),
            lambda: users._read_group([], ["partner_id.ref"]),
        ):
            with self.assertRaisesRegex(UserError, "is encrypted"):
                attempt()

    def test_related_field_of_another_model(self):
        field = self.env["ir.model.fields"].create(
            {
                "model_id": self.env.ref("base.model_res_partner_bank").id,
                "name": "x_owner_ref",
                "field_description": "Owner",
                "ttype": "char",
                "related": "partner_id.ref",
                "store": False,
            }
        )
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "BE1", "partner_id": self.ann.id}
        )
        self.assertEqual(bank.sudo().x_owner_ref, VALUE)
        self.assertEqual(bank.with_user(self.employee).x_owner_ref, MASKED)
        self.assertEqual(
            bank.with_user(self.employee).read(["x_owner_ref"])[0]["x_owner_ref"],
            MASKED,
        )
        field.unlink()

    def test_computed_field_is_not_shared_with_those_who_see_masks(self):
        self.ann.street = "Secret street 1234"
        self.env.invalidate_all()
        self.assertIn("Secret street", self.ann.sudo().contact_address)
        shown = self.ann.with_user(self.employee).contact_address
        self.assertNotIn("Secret", shown)
        self.assertIn("••••1234", shown)
        self.assertIn("Secret street", self.ann.sudo().contact_address)

    def test_masks_that_come_by_a_related_field(self):
        """Fields of users that are their contact's."""
        user = self.make_user("kim")
        user.partner_id.ref = VALUE
        administered = user.with_user(self.env.ref("base.user_admin"))
        administered.write({"ref": MASKED, "function": "Doctor"})
        self.assertEqual(user.partner_id.sudo().ref, VALUE)
        self.assertEqual(user.partner_id.function, "Doctor")
        with self.assertRaisesRegex(UserError, "is a mask"):
            administered.ref = "••••9999"
            self.env.flush_all()

    def test_a_mask_as_default_is_refused(self):
        self.env["ir.default"].set("res.partner", "ref", MASKED)
        with self.assertRaisesRegex(UserError, "is a mask"):
            self.make_contact("Bea Example")

    # ------------------------------------------------------------------
    # Contacts of a company, merging
    # ------------------------------------------------------------------

    def test_address_of_a_company_goes_to_its_contacts(self):
        company = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "street": "Long street 77"}
        )
        child = (
            self.env["res.partner"]
            .with_user(self.employee)
            .create({"name": "Bea", "parent_id": company.id, "type": "contact"})
        )
        self.assertEqual(child.sudo().street, "Long street 77")
        self.assertEqual(child.street, "••••t 77")
        company.with_user(self.employee).street = "Other street 88"
        self.assertEqual(child.sudo().street, "Other street 88")

    def test_mask_that_a_form_took_over_from_the_company(self):
        company = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "street": "Long street 77"}
        )
        child = (
            self.env["res.partner"]
            .with_user(self.employee)
            .create(
                {
                    "name": "Bea",
                    "parent_id": company.id,
                    "type": "other",
                    "street": "••••t 77",
                }
            )
        )
        self.assertEqual(child.sudo().street, "Long street 77")

    def test_commercial_field_goes_to_the_contacts(self):
        company = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "vat": "XX-1234567890"}
        )
        child = self.env["res.partner"].create({"name": "B", "parent_id": company.id})
        self.assertEqual(child.sudo().vat, "XX-1234567890")
        child.with_user(self.employee).vat = "XX-0000000001"
        self.assertEqual(company.sudo().vat, "XX-0000000001")

    def test_merging_takes_the_value_over(self):
        bea = self.make_contact("Bea Example")
        admin = self.env.ref("base.user_admin")
        self.env["base.partner.merge.automatic.wizard"].with_user(admin)._merge(
            (self.ann | bea).ids, bea
        )
        self.assertEqual(bea.sudo().ref, VALUE)
        self.assertEqual(bea.with_user(self.employee).ref, MASKED)

    # ------------------------------------------------------------------
    # Constraints, rendering
    # ------------------------------------------------------------------

    def test_constraints_see_values_and_tell_nobody(self):
        cls = type(self.env["res.partner"])

        seen = []

        def check(partners):
            for partner in partners:
                seen.append(str(partner.ref))
                raise ValidationError(self.env._("%s is wrong", partner.ref))

        check._constrains = ("ref", "function")
        self.patch(cls, "_constraint_methods", [*cls._constraint_methods, check])
        with self.assertRaisesRegex(ValidationError, f"^{MASKED} is wrong"):
            self.ann.with_user(self.employee).function = "Doctor"
        self.assertEqual(seen, [VALUE])

    def test_mails_show_masks_whoever_sends_them(self):
        self.officer.group_ids += self.env.ref("mail.group_mail_template_editor")
        for source in ("{{ object.ref }}", "{{ object.sudo().ref }}"):
            for env in (self.env, self.env(user=self.officer)):
                text = env["mail.render.mixin"]._render_template(
                    source, "res.partner", self.ann.ids
                )[self.ann.id]
                self.assertEqual(text, MASKED)
        self.assertEqual(self.ann.sudo().ref, VALUE)

    def test_what_a_mask_stands_for_is_out_of_reach_of_templates(self):
        with self.assertRaises(UserError) as caught:
            self.env["mail.render.mixin"]._render_template(
                "{{ object.ref.__privacy_value__ }}", "res.partner", self.ann.ids
            )
        self.assertNotIn(VALUE, str(caught.exception))

    def test_pages_and_reports_show_masks(self):
        view = self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "key": "privacy_guard.test_masks",
                "arch": '<t t-name="x"><p t-esc="o.sudo().ref"/></t>',
            }
        )
        html = self.env["ir.qweb"]._render(view.id, {"o": self.ann})
        self.assertIn(MASKED, html)
        self.assertNotIn(VALUE, html)

    def test_cards_of_the_web_client_show_masks(self):
        for subject in (self.ann.sudo(), self.ann.with_user(self.employee)):
            store = Store().add(subject, ["name", "ref"])
            [card] = store.get_result()["res.partner"]
            self.assertEqual((card["name"], card["ref"]), ("Ann Example", MASKED))

    # ------------------------------------------------------------------
    # Reveal and access log
    # ------------------------------------------------------------------

    def lines(self):
        return self.env["privacy.access.log"].search([("res_id", "=", self.ann.id)])

    def test_reveal_is_the_officers_and_logged(self):
        before = self.lines()
        value = self.ann.with_user(self.officer).privacy_reveal("ref")
        self.assertEqual((value, type(value)), (VALUE, str))
        line = self.lines() - before
        self.assertRecordValues(
            line,
            [
                {
                    "user_id": self.officer.id,
                    "action": "reveal",
                    "field_name": "ref",
                    "res_model": "res.partner",
                }
            ],
        )

    def test_reveal_is_refused_to_others(self):
        before = self.lines()
        admin = self.make_user("sam", "base.group_system,base.group_partner_manager")
        user = self.make_user("pim", "privacy_guard.group_privacy_user")
        for other in (self.employee, user, admin):
            with self.assertRaises(AccessError):
                self.ann.with_user(other).privacy_reveal("ref")
        with self.assertRaises(UserError):
            self.ann.with_user(self.officer).privacy_reveal("name")
        self.assertEqual(self.lines(), before)

    def test_officer_reveals_only_what_they_may_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ann",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.ann.id})]",
            }
        )
        with self.assertRaises(AccessError):
            self.ann.with_user(self.officer).privacy_reveal("ref")

    def test_changes_are_logged(self):
        before = self.lines()
        self.ann.with_user(self.employee).write({"ref": "NEW-1", "function": "x"})
        self.ann.with_user(self.employee).write({"ref": "NEW-1"})
        line = self.lines() - before
        self.assertRecordValues(
            line, [{"user_id": self.employee.id, "action": "change"}]
        )

    def test_log_is_not_edited(self):
        self.ann.with_user(self.officer).privacy_reveal("ref")
        line = self.lines()[0]
        for user in (self.env.user, self.officer):
            with self.assertRaises(UserError):
                line.with_user(user).write({"action": "change"})
            with self.assertRaises(UserError):
                line.with_user(user).unlink()
        with self.assertRaises(AccessError):
            line.with_user(self.employee).read(["action"])

    def test_turning_on_and_off_is_logged(self):
        lines = self.env["privacy.access.log"].search([("res_id", "=", 0)])
        self.assertEqual(
            set(lines.mapped(lambda line: (line.field_name, line.action))),
            {("ref", "encrypt"), ("street", "encrypt"), ("vat", "encrypt")},
        )
