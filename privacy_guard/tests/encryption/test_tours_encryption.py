from odoo.http import request
from odoo.tests import HttpCase, tagged

from odoo.addons.privacy_guard.tools.cipher import is_encrypted

from .encryption_common import EncryptionCommon


@tagged("post_install", "-at_install")
class TestToursEncryption(EncryptionCommon, HttpCase):
    """FLD-3, FLD-4, FLD-5 in a browser."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()

    def start(self, tour, login, url=None):
        url = url or f"/odoo/action-contacts.action_contacts/{self.ann.id}"
        self.start_tour(url, tour, login=login)
        self.env.invalidate_all()

    def run_the_scheduled_action_when_progress_was_seen(self):
        """Have the values converted just before the progress bar asks how far it is,
        but not before the tour has seen the bar."""
        wizards = type(self.env["privacy.encrypt"])
        read = wizards.read

        def converting_read(records, fields=None, load="_classic_read"):
            if fields == ["progress"] and "tour_saw_progress" in request.cookies:
                with self.without_commits():
                    records.env["ir.model.fields"]._privacy_convert_all()
            return read(records, fields, load)

        self.patch(wizards, "read", converting_read)

    def test_encrypt_a_field(self):
        self.run_the_scheduled_action_when_progress_was_seen()
        field = self.ir_field("ref")
        url = f"/odoo/personal-data/{field.id}"
        self.start("privacy_guard_encrypt", "ivo", url)
        self.assertEqual(field.privacy_encryption, "on")
        self.assertEqual(field.privacy_visible_chars, 3)
        self.assertTrue(is_encrypted(self.stored(self.ann)))

    def test_reveal_and_change_a_value(self):
        self.encrypt("ref")
        self.start("privacy_guard_reveal", "ivo")
        self.assertEqual(self.ann.ref, "NEW-5678")

    def test_others_see_a_mask_that_changes_nothing(self):
        self.encrypt("ref")
        before = self.stored(self.ann)
        self.start("privacy_guard_masked", "emil")
        self.assertEqual(self.ann.function, "Doctor")
        self.assertEqual(self.stored(self.ann), before)

    def test_empty_a_value(self):
        self.encrypt("ref")
        self.start("privacy_guard_clear_masked", "emil")
        self.assertFalse(self.ann.ref)

    def test_find_an_exact_value_in_the_list(self):
        self.encrypt("ref")
        self.show_ref("base.view_partner_tree", "//field[@name='phone']")
        self.show_ref("base.res_partner_kanban_view", "//footer")
        url = "/odoo/action-contacts.action_contacts"
        self.start("privacy_guard_search_encrypted", "emil", url)

    def show_ref(self, view, place):
        """Add the field, as some other add-on would."""
        self.env["ir.ui.view"].create(
            {
                "name": "ref",
                "model": "res.partner",
                "inherit_id": self.env.ref(view).id,
                "arch": f"""
                    <xpath expr="{place}" position="before">
                        <field name="ref" widget="phone"/>
                    </xpath>""",
            }
        )
