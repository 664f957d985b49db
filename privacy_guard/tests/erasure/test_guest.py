from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .erasure_common import ErasureCommon

USER = "privacy_guard.group_privacy_user"
OFFICER = "privacy_guard.group_privacy_officer"


@tagged("post_install", "-at_install")
class TestGuest(ErasureCommon):
    """ERA-3: who is known by an address and has no record is erased by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chat = cls.env["mail.guest"].create(
            {"name": "Gus", "email": "GUS@Guest.example"}
        )
        cls.other = cls.env["mail.guest"].create(
            {"name": "Other", "email": "agus@guest.example"}
        )
        cls.written = cls.ann.message_post(
            body="Canary song", email_from="Gus <gus@guest.example>", author_id=False
        )

    def begin_address(self, address, user=None):
        """:return: the dry run, as the officer"""
        wizard = self.env["privacy.erase.address"].with_user(user or self.officer)
        action = wizard.create({"email": address}).action_begin()
        return (
            self.env[action["res_model"]]
            .browse(action["res_id"])
            .with_user(user or self.officer)
        )

    def test_era3_a_guest_is_erased_by_the_address(self):
        erasure = self.begin_address(" Gus <gus@GUEST.example>")
        self.assertEqual(erasure.subject_ids.subject_name, "gus@guest.example")
        self.assertEqual(
            self.lines(erasure, "mail.guest"), {("anonymise", "email, name")}
        )
        self.assertEqual(erasure.own_ids.mapped("res_model"), ["privacy.guest"])
        self.execute(erasure)
        self.assertEqual(erasure.state, "done")
        self.assertEqual(erasure.subject_ids.mapped("state"), ["erased"])
        self.assertEqual(self.chat.name, f"erased-{self.chat.id}")
        self.assertFalse(erasure.finding_ids)
        left = "".join(map(self.texts, [self.chat, self.written, *self.guests()]))
        for word in ("gus@", "Canary song"):
            self.assertNotIn(word, left)
        self.assertEqual(self.other.email, "agus@guest.example")
        self.assertEqual(self.ann.privacy_status, "active")
        # nor does the address come back
        again = self.make_contact("Gus", email="gus@guest.example")
        self.assertEqual(again.privacy_status, "stopped")

    def guests(self):
        return self.env["privacy.guest"].sudo().search([])

    def test_era1_a_contact_is_erased_as_such(self):
        erasure = self.begin_address("ann@canary.example")
        self.assertEqual(erasure.subject_ids.partner_id, self.ann)
        login = self.make_user("login@guest.example", email="else@guest.example")
        erasure = self.begin_address("Login@guest.example")
        self.assertEqual(erasure.subject_ids.partner_id, login.partner_id)
        self.assertEqual(erasure.subject_ids.state, "refused")
        self.assertFalse(self.guests())
        erasure = self.begin_address("gus@guest.example")
        later = self.make_contact("Gus", email="gus@guest.example")
        self.execute(erasure)
        self.assertEqual(erasure.subject_ids.state, "refused")
        self.assertIn("erase the contact", erasure.subject_ids.blocker)
        self.assertEqual(later.privacy_status, "active")
        self.assertEqual(self.chat.name, "Gus")

    def test_era4_an_unproven_address_is_nobody_s(self):
        self.env.cr.execute(
            "UPDATE res_partner SET email = %(new)s, email_normalized = %(new)s"
            " WHERE id = %(id)s",
            {"new": "gus@guest.example", "id": self.ann.id},
        )
        self.ann.invalidate_recordset()
        until = self.ann.create_date + timedelta(days=7)
        self.ann._privacy_set_proof([(self.ann.id, ["ann@canary.example"], until)])
        erasure = self.begin_address("gus@guest.example")
        self.assertEqual(erasure.subject_ids.mapped("res_model"), ["privacy.guest"])
        self.execute(erasure)
        self.assertEqual(self.ann.privacy_status, "active")

    def test_who_may_and_what_is_no_address(self):
        for address in ("Gus", "gus@guest.example, ann@canary.example"):
            with self.assertRaisesRegex(UserError, "one e-mail address"):
                self.begin_address(address)
        self.assertFalse(self.guests())
        with self.assertRaises(AccessError):
            self.begin_address("gus@guest.example", self.make_user("clerk", USER))
        guest = self.begin_address("gus@guest.example").subject_ids
        seen = self.env["privacy.guest"].browse(guest.res_id)
        with self.assertRaises(AccessError):
            seen.with_user(self.make_user("second", OFFICER)).read(["email"])
        with self.assertRaises(UserError):
            seen.sudo().write({"email": "x@guest.example"})

    def test_era2_a_backup_brings_nobody_back(self):
        self.execute(self.begin_address("gus@guest.example"))
        entries = self.env["privacy.erasure"]._journal()
        self.assertEqual(self.replay(entries), (0, 1))
        self.chat.write({"name": "Gus", "email": "Gus@guest.example"})
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM privacy_suppression")
        self.assertEqual(self.replay(entries), (1, 0))
        self.assertEqual(self.chat.name, f"erased-{self.chat.id}")
        self.assertEqual(set(self.guests().mapped("privacy_status")), {"erased"})
