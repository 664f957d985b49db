import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.models.encryption import privacy_encryption_search

from .encryption_common import VALUE, EncryptionCommon

ADDON = "odoo.addons.privacy_guard"


@tagged("post_install", "-at_install")
class TestEncryptionSearch(EncryptionCommon):
    """ENC-1: where else is it, before encrypting and afterwards?"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben = cls.make_contact("Ben Example")
        cls.ben.write(
            {
                "function": VALUE,
                "comment": f"<p>had <b>{VALUE}</b> once</p>",
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET privacy_other_addresses = %s WHERE id = %s",
            [json.dumps({"card": VALUE}), cls.ben.id],
        )
        cls.file = cls.env["ir.attachment"].create(
            {"name": "x.bin", "raw": b"x", "mimetype": "application/x"}
        )
        cls.file.index_content = f"scan of {VALUE}, page 1"

    def begin(self, name="ref", user=None, **options):
        field = self.ir_field(name).with_user(user or self.officer)
        return field.env["privacy.encryption.search"]._begin(field, **options)

    def work(self, search):
        while search.state != "done":
            search.sudo()._do_batch()
        return search

    def found(self, search):
        return {
            f"{found.table_name}.{found.column_name}": (found.whole, found.within)
            for found in search.finding_ids
            if found.whole or found.within
        }

    def test_every_column_is_searched_for_all_values(self):
        """Also when a batch ends within a table: each row is counted once."""
        search = self.begin(seconds=0)
        with patch.object(privacy_encryption_search, "BATCH_SECONDS", 0):
            self.work(search)
        self.assertEqual(
            self.found(search),
            {
                "res_partner.function": (1, 0),
                "res_partner.comment": (0, 1),
                "res_partner.privacy_other_addresses": (0, 1),
                "ir_attachment.index_content": (0, 1),
            },
        )
        self.assertEqual(search.searched, search.total)
        self.assertEqual(search.progress, 100)
        places = search.finding_ids.mapped("place")
        self.assertIn("Job Position of Contact", places)
        self.env.flush_all()
        for table in ("privacy_encryption_search", "privacy_encryption_finding"):
            self.env.cr.execute(f"SELECT 1 FROM {table} t WHERE t::text ~ 'REG'")
            self.assertFalse(self.env.cr.fetchall(), "no value is kept")

    def test_a_value_that_cannot_be_read_holds_up_no_other(self):
        self.store(self.make_contact("Cid Example", ref="C-1"), self.stored(self.ann))
        with mute_logger(f"{ADDON}.models.encryption.privacy_encryption_column"):
            search = self.work(self.begin())
        self.assertEqual(self.found(search)["res_partner.function"], (1, 0))

    def test_a_first_look_is_shown_at_once(self):
        """Before encrypting, in the dialogue."""
        self.ben.function = "Agent of Ghent 77"
        self.make_contact("Cid Example", comment="our Agent of Ghent 77")
        field = self.ir_field("function").with_user(self.officer)
        wizard = field.env["privacy.encrypt"].create({"field_id": field.id})
        action = wizard.action_where_else()
        search = field.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(search.state, "sample")
        self.assertEqual(self.found(search)["res_partner.comment"], (0, 1))
        self.assertGreater(search.value_count, 0)
        self.work(search)
        self.assertEqual(self.found(search)["res_partner.comment"], (0, 1))

    def test_what_may_be_a_coincidence_is_weak_evidence(self):
        self.ann.ref = "Spy"
        self.ben.write({"function": "Spy", "comment": "<p>a Spy who</p>"})
        search = self.work(self.begin())
        weak = {found.column_name: found.weak for found in search.finding_ids}
        self.assertEqual(weak.get("function"), 1)
        self.assertNotIn("comment", weak)
        [finding] = search.finding_ids.filtered(lambda f: f.column_name == "function")
        with self.assertRaisesRegex(UserError, "coincidence"):
            finding.action_clear()

    def test_a_copy_is_cleared(self):
        self.ann.function = VALUE
        stopped = self.make_contact("Cid Example", ref="BE-80-REG-1", function="x")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET function = 'BE-80-REG-1',"
            " privacy_status = 'stopped' WHERE id = %s",
            stopped.ids,
        )
        bank = self.env["res.bank"].create({"name": "B", "street": VALUE})
        self.env.invalidate_all()
        search = self.work(self.begin())
        found = {finding.column_name: finding for finding in search.finding_ids}
        for name, reason in {
            "comment": "no text field",
            "index_content": "Odoo needs it",
            "street": "belongs to other records",
        }.items():
            with self.assertRaisesRegex(UserError, reason):
                found[name].action_clear()
        with self.assertRaises(AccessError):
            found["function"].with_user(self.employee).sudo(False).action_clear()
        found["function"].action_clear()
        self.env.invalidate_all()
        self.assertFalse(self.ann.function)
        self.assertEqual(self.ben.function, VALUE, "a stranger's text is theirs")
        self.assertEqual(stopped.function, "BE-80-REG-1")
        self.assertEqual(bank.street, VALUE)
        self.assertEqual(
            (found["function"].state, found["function"].whole), ("open", 2)
        )
        self.assertIn("Not cleared: 2", found["function"].reason)
        self.assertEqual(found["function"].user_id, self.officer)
        self.assertIn(VALUE, self.ben.comment)
        self.assertEqual(self.ann.ref, VALUE)

    def test_nothing_is_cleared_before_the_field_is_encrypted(self):
        self.ben.write({"function": "Agent of Ghent 77", "city": "Agent of Ghent 77"})
        search = self.work(self.begin("function"))
        [finding] = search.finding_ids.filtered(lambda f: f.column_name == "city")
        with self.assertRaisesRegex(UserError, "not encrypted"):
            finding.action_clear()
        self.assertEqual(self.ben.city, "Agent of Ghent 77")

    def test_what_was_accepted_with_a_reason_remains_so(self):
        search = self.work(self.begin())
        finding = search.finding_ids.filtered(lambda f: f.column_name == "comment")
        accept = finding.env["privacy.encryption.accept"].create(
            {"finding_ids": finding.ids, "reason": " "}
        )
        with self.assertRaisesRegex(UserError, "Say why"):
            accept.action_accept()
        accept.reason = "Ben asked for it"
        accept.action_accept()
        action = search.action_search_again()
        again = self.work(search.browse(action["res_id"]))
        states = {one.column_name: (one.state, one.reason) for one in again.finding_ids}
        self.assertEqual(states["comment"], ("accepted", "Ben asked for it"))
        self.assertEqual(states["function"], ("open", False))

    def test_it_is_searched_once_all_values_are_encrypted(self):
        searches = self.env["privacy.encryption.search"]
        self.assertTrue(searches.search([("field_id", "=", self.ir_field("ref").id)]))

    def test_officers_only(self):
        for user in (self.employee, self.make_user("pim", "base.group_system")):
            with self.assertRaises(AccessError):
                self.begin(user=user)
        search = self.begin()
        with self.assertRaises(AccessError):
            search.with_user(self.employee).read(["state"])
        with self.assertRaises(UserError):
            search.sudo().write({"state": "done"})
