from odoo.tests import HttpCase, tagged

from .sms_common import SmsGateCommon


@tagged("post_install", "-at_install")
class TestTours(SmsGateCommon, HttpCase):
    """What the writer of text messages sees, in a browser."""

    def test_write_to_one(self):
        stopped = self.people["stopped"]
        url = f"/odoo/action-contacts.action_contacts/{stopped.id}"
        self.start_tour(url, "privacy_guard_sms_one", login="clerk")

    def test_write_to_many(self):
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "People",
                "res_model": "res.partner",
                "view_mode": "list",
                "domain": [("id", "in", self.everybody.ids)],
            }
        )
        url = f"/odoo/action-{action.id}"
        self.start_tour(url, "privacy_guard_sms_many", login="clerk")
        states = {
            name: self.messages_to(person).state for name, person in self.people.items()
        }
        self.assertEqual(states.pop("active"), "outgoing")
        self.assertEqual(set(states.values()), {"canceled"})
