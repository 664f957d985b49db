from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.tools.cipher import is_encrypted

from .encryption_common import MASKED, VALUE, EncryptionCommon


@tagged("post_install", "-at_install")
class TestEncryptionValues(EncryptionCommon):
    """FLD-3, FLD-4: ciphertext at rest, masks for people, values for code."""

    def as_user(self, record, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user or self.employee)

    def test_column_holds_ciphertext(self):
        self.assertTrue(is_encrypted(self.stored(self.ann)))
        self.assertNotIn(VALUE, self.stored(self.ann))

    def test_superuser_code_sees_the_value(self):
        self.env.invalidate_all()
        self.assertEqual(self.ann.sudo().ref, VALUE)
        self.assertEqual(self.as_user(self.ann).sudo().ref, VALUE)

    def test_ways_out_show_the_mask(self):
        ann = self.as_user(self.ann)
        self.assertEqual(ann.ref, MASKED)
        self.assertEqual(ann.read(["ref"])[0]["ref"], MASKED)
        self.assertIs(type(ann.read(["ref"])[0]["ref"]), str)
        self.assertEqual(ann.web_read({"ref": {}})[0]["ref"], MASKED)
        self.assertEqual(ann.export_data(["ref"])["datas"], [[MASKED]])
        self.assertEqual(ann.mapped("ref"), [MASKED])
        self.assertEqual(ann.copy_data()[0]["ref"], MASKED)

    def test_mask_also_when_code_read_the_value_before(self):
        self.assertEqual(self.ann.sudo().ref, VALUE)
        self.assertEqual(self.ann.with_user(self.employee).ref, MASKED)

    def test_officers_see_the_mask_too(self):
        self.assertEqual(self.as_user(self.ann, self.officer).ref, MASKED)

    def test_writing(self):
        ann = self.as_user(self.ann)
        ann.ref = "NEW-5678"
        self.assertTrue(is_encrypted(self.stored(self.ann)))
        self.assertEqual(ann.ref, "••••5678")
        self.assertEqual(ann.sudo().ref, "NEW-5678")

    def test_emptying(self):
        self.as_user(self.ann).ref = False
        self.assertIsNone(self.stored(self.ann))

    def test_untouched_mask_changes_nothing(self):
        before = self.stored(self.ann)
        self.as_user(self.ann).write({"ref": MASKED, "function": "Doctor"})
        self.assertEqual(self.stored(self.ann), before)
        self.assertEqual(self.ann.function, "Doctor")

    def test_writing_another_mask_is_refused(self):
        with self.assertRaisesRegex(UserError, "is a mask"):
            self.as_user(self.ann).write({"ref": "••••9999"})
        with self.assertRaisesRegex(UserError, "is a mask"):
            self.env["res.partner"].with_user(self.employee).create(
                {"name": "Bea", "ref": MASKED}
            )

    def test_form(self):
        with Form(self.as_user(self.ann)) as form:
            self.assertEqual(form.ref, MASKED)
            form.function = "Doctor"
        self.assertEqual(self.ann.ref, VALUE)
        with Form(self.ann.with_user(self.employee)) as form:
            form.ref = "TYPED-0000"
            self.assertEqual(form.ref, "TYPED-0000")
        self.assertEqual(self.ann.ref, "TYPED-0000")

    def test_values_of_two_contacts_cannot_be_exchanged(self):
        """ENC-1: whoever writes to the table has nobody read another's value."""
        bea = self.make_contact("Bea Example", ref="OTHER-5678")
        self.store(bea, self.stored(self.ann))
        with mute_logger("odoo.addons.privacy_guard.fields.encrypted"):
            self.assertIn("cannot be decrypted", bea.with_user(self.employee).ref)
            with self.assertRaisesRegex(UserError, "cannot be decrypted"):
                bea.sudo().mapped("ref")
        self.assertEqual(self.ann.ref, VALUE)

    def test_each_of_many_new_contacts_has_a_value_of_its_own(self):
        """Their ids are reserved by one query for all, and none is used twice."""

        def queries(count):
            vals = [{"name": f"P{n}", "ref": VALUE} for n in range(count)]
            vals[-1].pop("ref")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            people = partners.create(vals)
            self.env.flush_all()
            spent = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            self.assertEqual(people.mapped("ref"), [VALUE] * (count - 1) + [False])
            self.assertEqual(people.ids, sorted(people.ids))
            return spent

        partners = self.env["res.partner"].with_context(tracking_disable=True)
        queries(2)  # fills caches
        self.assertEqual(queries(2), queries(40))

    def test_a_default_for_the_contacts_without_a_value(self):
        """Core writes the default of a column once for all rows."""
        bea, cid = self.make_contact("Bea Example"), self.make_contact("Cid Example")
        self.env.flush_all()
        field = self.env["res.partner"]._fields["ref"]
        self.patch(field, "default", lambda model: "NONE-0000")
        self.env["res.partner"]._init_column("ref")
        self.env.invalidate_all()
        self.assertEqual((bea | cid).mapped("ref"), ["NONE-0000"] * 2)
        self.assertEqual(self.ann.ref, VALUE)

    def test_copying_keeps_the_value(self):
        copy = self.as_user(self.ann).copy({"email": "copy@example.com"})
        self.assertEqual(copy.ref, MASKED)
        self.assertEqual(copy.sudo().ref, VALUE)
        self.assertNotEqual(self.stored(copy), self.stored(self.ann))

    def test_code_that_copies_values_between_contacts(self):
        bea = self.make_contact("Bea Example")
        ann = self.as_user(self.ann)
        bea.with_user(self.employee).write({"ref": ann.ref})
        self.assertEqual(bea.sudo().ref, VALUE)

    def test_a_mask_in_another_field_is_only_a_mask(self):
        self.as_user(self.ann).function = self.as_user(self.ann).ref
        self.assertEqual(self.ann.sudo().function, MASKED)

    def test_short_values_show_no_more_than_half(self):
        self.ann.ref = "1234"
        self.assertEqual(self.as_user(self.ann).ref, "••••34")

    def test_import(self):
        result = (
            self.env["res.partner"]
            .with_user(self.employee)
            .load(["name", "ref"], [["Cid", "C-1"], ["Dan", "D-1"]])
        )
        self.assertFalse(result["messages"])
        cid = self.env["res.partner"].browse(result["ids"][0])
        self.assertTrue(is_encrypted(self.stored(cid)))

    # ------------------------------------------------------------------
    # FLD-5
    # ------------------------------------------------------------------

    def found(self, *domain):
        partners = self.env["res.partner"].with_user(self.employee)
        return partners.search(Domain(list(domain)) & Domain("id", "in", self.pair.ids))

    def test_search_by_exact_value(self):
        bea = self.make_contact("Bea Example", ref="OTHER")
        cid = self.make_contact("Cid Example")
        self.pair = self.ann | bea | cid
        for domain, expected in [
            ([("ref", "=", VALUE)], self.ann),
            ([("ref", "=", VALUE.lower())], cid.browse()),
            ([("ref", "in", [VALUE, "OTHER"])], self.ann | bea),
            ([("ref", "in", [VALUE, False])], self.ann | cid),
            ([("ref", "=", False)], cid),
            ([("ref", "!=", False)], self.ann | bea),
            ([("ref", "!=", VALUE)], bea | cid),
            ([("ref", "not in", [VALUE, False])], bea),
            ([("ref", "=", MASKED)], cid.browse()),
        ]:
            with self.subTest(domain):
                self.assertEqual(self.found(*domain), expected)
                self.assertEqual(
                    self.pair.with_user(self.employee).filtered_domain(domain), expected
                )

    def test_what_cannot_work_is_refused(self):
        partners = self.env["res.partner"].with_user(self.employee)
        for name, attempt in {
            "ilike": lambda: partners.search([("ref", "ilike", "BE")]),
            "=like": lambda: partners.search([("ref", "=like", "BE%")]),
            ">": lambda: partners.search([("ref", ">", "A")]),
            "order": lambda: partners.search([], order="ref"),
            "group": lambda: partners._read_group([], ["ref"]),
            "group by RPC": lambda: partners.formatted_read_group([], ["ref"]),
            "aggregate": lambda: partners._read_group([], [], ["ref:array_agg"]),
            "max": lambda: partners._read_group([], [], ["ref:max"]),
            "through": lambda: partners.search([("child_ids.ref", "ilike", "BE")]),
            "filter": lambda: self.ann.filtered_domain([("ref", "like", "BE")]),
            "context": lambda: partners.with_context(privacy_fetching=True).search(
                [], order="ref"
            ),
        }.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "is encrypted"):
                attempt()

    def test_name_search_finds_exact_values(self):
        partners = self.env["res.partner"].with_user(self.employee)
        self.assertIn(self.ann.id, [i for i, _n in partners.name_search(VALUE)])
        self.assertNotIn(self.ann.id, [i for i, _n in partners.name_search(VALUE[:6])])
        self.assertIn(self.ann.id, [i for i, _n in partners.name_search("Ann Exa")])

    def test_search_box_of_contacts_works(self):
        view = self.env.ref("base.view_res_partner_filter")
        partners = self.env["res.partner"].with_user(self.employee)
        arch = partners.get_view(view.id, "search")["arch"]
        self.assertIn("(&#39;ref&#39;, &#39;=&#39;", arch.replace("'", "&#39;"))

    def test_fields_get_offers_neither_sorting_nor_grouping(self):
        info = self.env["res.partner"].fields_get(["ref"])["ref"]
        self.assertFalse(info["sortable"] or info["groupable"])
