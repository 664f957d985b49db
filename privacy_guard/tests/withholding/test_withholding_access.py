from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from .withholding_common import WithholdingCommon

NUMBER = "+32 2 555 00 01"
MODEL = "consent.sealed.value"
ROLES = {
    "internal": "base.group_user",
    "user": "privacy_guard.group_privacy_user",
    "officer": "privacy_guard.group_privacy_officer",
    "system": "base.group_system",
}
FURTHER = "base.group_allow_export,base.group_partner_manager"
READS = {
    "read": lambda rows: rows.read([]),
    "search": lambda rows: rows.search([]),
    "search_read": lambda rows: rows.search_read([]),
    "search_count": lambda rows: rows.search_count([]),
    "web_read": lambda rows: rows.web_read({"res_id": {}}),
    "web_search_read": lambda rows: rows.web_search_read([], {"res_id": {}}),
    "name_search": lambda rows: rows.name_search(""),
    "formatted_read_group": lambda rows: rows.formatted_read_group(
        [], ["res_id"], ["__count"]
    ),
    "export_data": lambda rows: rows.export_data(["res_id"]),
    "copy": lambda rows: rows.copy(),
    "write": lambda rows: rows.write({"res_id": 1}),
    "unlink": lambda rows: rows.unlink(),
    "create": lambda rows: rows.create({"res_id": 1}),
}


@tagged("post_install", "-at_install")
class TestWithholdingAccess(WithholdingCommon):
    """Nobody can read what is withheld, by whatever way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"{role}_role", groups=f"{groups},{FURTHER}")
            for role, groups in ROLES.items()
        }
        cls.users["portal"] = new_test_user(
            cls.env, "portal_role", groups="base.group_portal"
        )
        cls.users["public"] = cls.env.ref("base.public_user")

    def setUp(self):
        super().setUp()
        self.ann = self.make_waiting(phone=NUMBER)
        self.row = self.sealed.search([("res_id", "=", self.ann.id)])

    def test_who_uninstalls_is_told_how_many_come_back(self):
        dialogue = self.env["privacy.uninstall"].with_user(self.users["officer"])
        before = dialogue.create({}).withheld_count
        self.make_waiting("Bob Example")
        self.assertEqual(dialogue.create({}).withheld_count, before + 1)

    def test_table_of_roles_and_ways_in(self):
        for role, user in self.users.items():
            for name, read in READS.items():
                with self.subTest(role=role, way=name):
                    with self.assertRaises(UserError):
                        read(self.row.with_user(user))

    def test_no_way_in_knows_what_is_sealed(self):
        """Not even for the superuser: it is no field."""
        self.assertNotIn("sealed", self.row.fields_get())
        self.assertNotIn("sealed", self.row.read()[0])
        rows = self.row
        for error, way in (
            (ValueError, lambda: rows.read(["sealed"])),
            (ValueError, lambda: rows.search([("sealed", "like", "pgs1")])),
            (ValueError, lambda: rows.search([], order="sealed")),
            (ValueError, lambda: rows.formatted_read_group([], ["sealed"])),
            (ValueError, lambda: rows.export_data(["sealed"])),
            (AttributeError, lambda: rows.sealed),
        ):
            with self.assertRaises(error):
                way()

    def test_an_access_right_of_ones_own_reads_no_value(self):
        """Who may change settings may grant themself the rows, which hold no value."""
        model = self.env["ir.model"]._get(MODEL)
        group = self.env.ref("base.group_system")
        self.env["ir.model.access"].with_user(self.users["system"]).create(
            {
                "name": "mine",
                "model_id": model.id,
                "group_id": group.id,
                "perm_read": True,
            }
        )
        [row] = self.row.with_user(self.users["system"]).read()
        self.assertEqual(row["res_id"], self.ann.id)
        self.assertNotIn("pgs1", str(row))

    def test_a_field_of_ones_own_reads_no_value(self):
        """A related or computed field of Odoo's field editor finds no field to read."""
        self.addCleanup(self.registry.reset_changes)
        fields_ = self.env["ir.model.fields"].with_user(self.users["system"])
        common = {"state": "manual", "model_id": self.env["ir.model"]._get_id(MODEL)}
        with self.assertRaises(UserError):
            fields_.create(
                {
                    **common,
                    "name": "x_mine",
                    "ttype": "text",
                    "related": "purpose_id.sealed",
                }
            )
        partner = self.env["ir.model"]._get_id("res.partner")
        link = {
            "state": "manual",
            "model_id": partner,
            "name": "x_withheld_id",
            "ttype": "many2one",
            "relation": MODEL,
        }
        fields_.create(link)
        with self.assertRaises(UserError):
            fields_.create(
                {
                    "state": "manual",
                    "model_id": partner,
                    "name": "x_value",
                    "ttype": "text",
                    "related": "x_withheld_id.sealed",
                }
            )

    def test_the_contact_says_nothing_of_the_value(self):
        """Searching by guess finds nobody, reading shows nothing."""
        for role in ("internal", "user", "officer", "system"):
            partners = self.env["res.partner"].with_user(self.users[role])
            contact = partners.browse(self.ann.id)
            with self.subTest(role=role):
                for operator, guess in (
                    ("=", NUMBER),
                    ("like", "555"),
                    ("=like", "+32%"),
                    ("!=", False),
                    ("in", [NUMBER]),
                    (">", "+"),
                ):
                    for name in ("phone", "phone_sanitized"):
                        found = partners.search([(name, operator, guess)])
                        self.assertNotIn(contact, found)
                self.assertNotIn(contact, partners.search([("name", "ilike", "555")]))
                self.assertNotIn("555 00", str(contact.read()))
                self.assertNotIn("555 00", str(contact.export_data(["phone"])))
                self.assertFalse(contact.copy({"email": f"{role}@x.org"}).phone)

    def test_what_others_may_read_about_it_holds_no_value(self):
        for model_name in ("consent.record", "consent.event", "consent.report"):
            model = self.env[model_name].with_user(self.users["officer"])
            rows = model.search([("res_id", "=", self.ann.id)])
            self.assertTrue(rows)
            self.assertNotIn("555 00", str(rows.read()))
            self.assertNotIn("pgs1", str(rows.read()))

    def test_methods_are_not_for_rpc(self):
        """Every method of ours begins with an underscore, which RPC refuses."""
        own = {
            name
            for cls in type(self.sealed).mro()
            if cls.__module__.startswith("odoo.addons.privacy_guard")
            for name, value in vars(cls).items()
            if callable(value) and not name.startswith("_")
        }
        self.assertFalse({name for name in own if not hasattr(BaseModel, name)})
