from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .encryption_common import VALUE, EncryptionCommon


@tagged("post_install", "-at_install")
class TestEncryptionViews(EncryptionCommon):
    """FLD-4: how views show encrypted fields, and the way to the access log."""

    encrypted = ("ref", "function")

    def nodes(self, view_type, xpath):
        partners = self.env["res.partner"].with_user(self.employee)
        arch = etree.fromstring(partners.get_view(view_type=view_type)["arch"])
        return arch.xpath(xpath)

    def test_forms_have_the_widget(self):
        [ref] = self.nodes("form", "//field[@name='ref']")
        self.assertEqual(ref.get("widget"), "privacy_masked")
        for other in self.nodes("form", "//field[@name='city']"):
            self.assertNotEqual(other.get("widget"), "privacy_masked")

    def test_whatever_another_module_sets_afterwards(self):
        contacts = self.env.registry["res.partner"]
        get_view = contacts._get_view

        def with_widget(model, *args, **kwargs):
            arch, view = get_view(model, *args, **kwargs)
            for node in arch.xpath("//field[@name='ref']"):
                node.set("widget", "field_partner_autocomplete")
            return arch, view

        self.patch(contacts, "_get_view", with_widget)
        self.env.registry.clear_cache("templates")
        [ref] = self.nodes("form", "//field[@name='ref']")
        self.assertEqual(ref.get("widget"), "privacy_masked")

    def test_views_within_a_form_are_treated_by_their_own_kind(self):
        xpath = "//field[@name='child_ids']//{}//field[@name='function']"
        [node] = self.nodes("form", xpath.format("form"))
        self.assertEqual(node.get("widget"), "privacy_masked")
        [node] = self.nodes("form", xpath.format("kanban"))
        self.assertIsNone(node.get("widget"))

    def test_lists_have_the_widget_and_cards_show_text(self):
        for inherited, place in (
            ("base.view_partner_tree", "//field[@name='phone']"),
            ("base.res_partner_kanban_view", "//footer"),
        ):
            self.env["ir.ui.view"].create(
                {
                    "name": "ref",
                    "model": "res.partner",
                    "inherit_id": self.env.ref(inherited).id,
                    "arch": f"""<xpath expr="{place}" position="before">
                                    <field name="ref" widget="phone"/>
                                </xpath>""",
                }
            )
        [node] = self.nodes("list", "//field[@name='ref']")
        self.assertEqual(node.get("widget"), "privacy_masked")
        [node] = self.nodes("kanban", "//field[@name='ref']")
        self.assertIsNone(node.get("widget"))

    # ------------------------------------------------------------------
    # Access log
    # ------------------------------------------------------------------

    def test_number_of_accesses(self):
        ann = self.ann.with_user(self.officer)
        before = ann.privacy_access_count
        ann.privacy_reveal("ref")
        ann.ref = "NEW-5678"
        self.env.invalidate_all()
        self.assertEqual(ann.privacy_access_count, before + 2)
        self.assertFalse(ann.new({"name": "Bea"}).privacy_access_count)

    def test_number_of_accesses_is_the_officers(self):
        user = self.make_user("pim", "privacy_guard.group_privacy_user")
        for other in (self.employee, user):
            with self.assertRaises(AccessError):
                self.ann.with_user(other).read(["privacy_access_count"])

    def test_number_of_accesses_costs_the_same_for_any_number(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "ref": f"R-{n}"} for n in range(20)]
        )

        def queries(count):
            partners = people[:count].with_user(self.officer)
            partners.invalidate_recordset()
            partners.mapped("name")
            before = self.cr.sql_log_count
            self.assertEqual(partners.mapped("privacy_access_count"), [1] * count)
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual((queries(1), queries(20)), (1, 1))

    def test_log_is_searched_by_the_label_of_the_field(self):
        self.ann.with_user(self.officer).privacy_reveal("ref")
        log = self.env["privacy.access.log"].with_user(self.officer)
        found = log.search([("field_label", "ilike", "referen")])
        self.assertEqual(set(found.mapped("field_name")), {"ref"})
        self.assertIn("reveal", found.mapped("action"))
        self.assertFalse(log.search([("field_label", "ilike", VALUE)]))
        self.assertIn("function", log.search([]).mapped("field_name"))
