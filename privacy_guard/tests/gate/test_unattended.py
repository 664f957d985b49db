import logging

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PrivacyCommon

GATE = "odoo.addons.privacy_guard.models.gate.privacy_gate"


@tagged("post_install", "-at_install")
class TestUnattended(PrivacyCommon):
    """JOB-5: whoever has stopped, or was erased, never stops the others where nobody is
    there to answer: scheduled actions, and modules that are being loaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.ben, cls.cem = cls.people = cls.env["res.partner"].union(
            *(cls.make_contact(name, city="Ghent") for name in ("Ann", "Ben", "Cem"))
        )
        cls.ben._privacy_set_status("stopped", "test")
        cls.cem._privacy_set_status("erased", "test")

    def scheduled(self, code, user=None):
        """Have a scheduled action run a line of code with all of them."""
        action = self.env["ir.cron"].create(
            {
                "name": "Of an add-on",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "state": "code",
                "code": f"people = model.browse({self.people.ids})\n{code}",
                "user_id": (user or self.env.ref("base.user_root")).id,
            }
        )
        with self.enter_registry_test_mode():
            result = action.method_direct_trigger()
        self.env.invalidate_all()
        return result

    def cities(self):
        return self.people.mapped("city")

    def test_scheduled_action_changes_the_others(self):
        with self.assertLogs(GATE, logging.INFO) as logged:
            self.assertIs(self.scheduled("people.write({'city': 'Bruges'})"), True)
        self.assertEqual(
            [person.city for person in self.people], ["Bruges", "Ghent", "Ghent"]
        )
        told = "\n".join(logged.output)
        self.assertIn(str(self.ben.ids[0]), told)
        self.assertNotIn("Ben", told)

    def test_scheduled_action_archives_and_deletes_the_others(self):
        self.scheduled("people.action_archive()")
        self.assertEqual(self.people.mapped("active"), [False, True, True])
        stopped, written = self.ben, self.ben.write_date
        stopped.message_post(body="Keep this")
        stopped.message_subscribe(self.env.user.partner_id.ids)
        said = stopped.message_ids, stopped.message_follower_ids
        self.scheduled("(people[0] | people[1]).unlink()")
        self.assertFalse(self.ann.exists())
        self.assertTrue(stopped.exists())
        self.assertEqual(stopped.write_date, written)
        # core deletes them by the ids it was called with
        self.assertTrue(all(said))
        self.assertEqual((stopped.message_ids, stopped.message_follower_ids), said)

    def test_nobody_follows_by_what_is_left_out(self):
        seller = self.make_user("seller")
        self.scheduled(f"people.write({{'user_id': {seller.id}}})")
        skipping = self.people.with_context(privacy_skip_locked=True)
        skipping[1:].write({"user_id": seller.id})
        self.assertEqual(self.people.user_id, self.people[0].user_id)
        follows = [seller.partner_id in p.message_partner_ids for p in self.people]
        self.assertEqual(follows, [True, False, False])

    def test_counters_are_counted(self):
        """Bounces of a mail that is sent by hand, or was under way."""
        self.scheduled(
            "for person in people: person._message_receive_bounce('x', person)"
        )
        self.assertEqual(self.people.mapped("message_bounce"), [1, 1, 1])

    def test_module_that_is_loaded_changes_the_others(self):
        """A hook or a migration script, one by one or at once."""
        self.registry.ready = False
        self.addCleanup(setattr, self.registry, "ready", True)
        self.people.write({"city": "Bruges"})
        for person in self.people:
            person.street = "Market 1"
        self.registry.ready = True
        self.env.invalidate_all()
        for person, city, street in zip(
            self.people,
            ("Bruges", "Ghent", "Ghent"),
            ("Market 1", False, False),
            strict=True,
        ):
            self.assertEqual((person.city, person.street), (city, street))

    def test_whoever_is_there_is_refused(self):
        """Neither a single record, nor the rights of a user, nor what a remote caller
        can say changes that."""
        with self.assertRaisesRegex(UserError, "Ben"):
            self.people.write({"city": "Bruges"})
        context = {
            "cron_id": self.env.ref("privacy_guard.ir_cron_erasures").id,
            "install_mode": True,
            "module": "base",
            "privacy_guard_scheduled": True,
        }
        with self.assertRaisesRegex(UserError, "Ben"):
            self.people.with_context(**context).sudo().write({"city": "Bruges"})
        with self.assertRaisesRegex(UserError, "Ben"):
            self.people.with_context(**context).unlink()
        clerk = self.make_user("clerk")
        clerk.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        for code, user in (
            ("people[1].write({'city': 'Bruges'})", None),
            ("people.write({'city': 'Bruges'})", clerk),
        ):
            with self.assertLogs("odoo.addons.base.models.ir_cron", "ERROR"):
                self.scheduled(code, user)
            self.assertEqual(self.cities(), ["Ghent"] * 3)
