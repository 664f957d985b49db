from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestDuplicates(PrivacyCommon):
    """DUP-1 to DUP-3, and reopening."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_param = cls.env["ir.config_parameter"].set_param
        set_param("privacy_guard.enabled", False)
        cls.old, cls.tie, cls.new, cls.alone = cls.env["res.partner"].create(
            [
                {"name": "Old", "email": "same@example.com"},
                {"name": "Tie", "email": "Tie <SAME@example.com>"},
                {"name": "New", "email": "same@example.com"},
                {"name": "Alone", "email": "alone@example.com"},
            ]
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s",
            [cls.old.id],
        )
        set_param("privacy_guard.enabled", "True")

    def flag(self):
        before = self.env["res.partner"]._privacy_duplicate_count()
        flagged = self.env["res.partner"]._privacy_flag_duplicates()
        self.assertEqual(before, flagged, "the wizard announces what happens")
        return flagged

    def test_dup1_last_modified_is_primary_highest_id_on_a_tie(self):
        self.assertEqual(self.flag(), 2)
        self.assertEqual(self.new.privacy_status, "active")
        self.assertEqual(
            (self.old | self.tie).mapped("privacy_status"), ["duplicate"] * 2
        )
        self.assertEqual(self.alone.privacy_status, "active")
        self.assertEqual(self.flag(), 0)

    def test_dup1_archived_never_beats_one_in_use(self):
        self.new.active = False
        self.flag()
        self.assertEqual(self.tie.privacy_status, "active")
        self.assertEqual(self.new.privacy_status, "duplicate")

    def test_dup1_employees_are_left_alone(self):
        user = self.make_user("worker")
        user.partner_id.sudo().email = "worker@example.com"
        self.env.cr.execute(
            "UPDATE res_partner SET email_normalized = 'same@example.com',"
            " write_date = '2019-01-01' WHERE id = %s",
            [user.partner_id.id],
        )
        self.env.invalidate_all()
        self.flag()
        self.assertEqual(user.partner_id.privacy_status, "active")

    def test_dup2_locked(self):
        purpose = self.make_purpose()
        self.flag()
        for contact in (self.old, self.old.sudo()):
            with self.assertRaisesRegex(
                UserError, "Old is locked: the contact is a dup"
            ):
                contact.write({"city": "Gent"})
        self.env["consent.record"]._sync("res.partner", window=(1, 10**9))
        self.assertEqual(self.value(self.old, purpose), "not_applicable")
        self.assertEqual(self.value(self.new, purpose), "applicable")

    def test_dup2_chatter_and_login_still_work(self):
        self.flag()
        self.old.message_post(body="A note")
        self.old.tz = "Europe/Brussels"

    def test_dup2_officer_reopens_and_status_is_restored_from_the_log(self):
        self.old._privacy_set_status("stopped", "the person asked")
        self.env.cr.execute(
            "UPDATE res_partner SET privacy_status = 'active' WHERE id = %s",
            [self.old.id],
        )
        self.env.invalidate_all()
        self.flag()
        officer = self.make_user(
            "officer", "privacy_guard.group_privacy_officer,base.group_partner_manager"
        )
        self.old.with_user(officer)._privacy_reopen("not the same person")
        self.assertEqual(self.old.privacy_status, "active")
        log = self.env["privacy.status.log"].search(
            [("res_id", "=", self.old.id)], limit=1
        )
        self.assertEqual(
            (log.status_from, log.status_to, log.user_id, log.reason),
            ("duplicate", "active", officer, "not the same person"),
        )
        self.old.city = "Gent"
        self.assertEqual(self.flag(), 0, "a reopened contact stays open")
        self.assertEqual(self.new.privacy_status, "active")

    def test_dup2_reopening_is_refused_to_others(self):
        self.flag()
        for groups in (
            "base.group_user,base.group_partner_manager",
            "privacy_guard.group_privacy_user,base.group_partner_manager",
        ):
            user = self.make_user(groups.split(".")[0] + str(len(groups)), groups)
            with self.assertRaises(AccessError):
                self.old.with_user(user)._privacy_reopen("because")
        with self.assertRaises(UserError):
            self.new._privacy_reopen("it is none")

    def test_dup3_ways_in(self):
        Partner = self.env["res.partner"]
        ways = {
            "create": lambda: Partner.create(
                {"name": "X", "email": "ALONE@example.com"}
            ),
            "formatted": lambda: Partner.create(
                {"name": "X", "email": '"X" <alone@example.com>'}
            ),
            "write": lambda: self.new.write({"email": "alone@example.com"}),
            "name_create": lambda: Partner.name_create("X <alone@example.com>"),
            "two at once": lambda: Partner.create(
                [{"name": "X", "email": "xx@example.com"}] * 2
            ),
        }
        for name, way in ways.items():
            with (
                self.subTest(way=name),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                way()

    def test_dup3_addresses_of_a_contact_share_its_email(self):
        """A delivery address is no contact of its own, neither new nor flagged."""
        delivery = self.env["res.partner"].create(
            {
                "name": "Alone, shed",
                "parent_id": self.alone.id,
                "type": "delivery",
                "email": "alone@example.com",
            }
        )
        self.alone.write({"email": "Alone <alone@example.com>"})
        self.flag()
        self.assertEqual(
            (delivery | self.alone).mapped("privacy_status"), ["active"] * 2
        )

    def test_dup3_import(self):
        result = self.env["res.partner"].load(
            ["name", "email"], [["X", "alone@example.com"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("already used by Alone", result["messages"][0]["message"])

    def test_dup3_hides_a_contact_the_user_may_not_see(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.alone.company_id = other
        user = self.make_user("clerk")
        with self.assertRaises(UserError) as caught:
            self.env["res.partner"].with_user(user).create(
                {"name": "X", "email": "alone@example.com"}
            )
        self.assertNotIn("Alone", str(caught.exception))

    def test_dup3_saving_again_is_no_conflict(self):
        self.flag()
        self.new.write({"email": "same@example.com", "city": "Gent"})
        self.assertEqual(self.new.city, "Gent")
