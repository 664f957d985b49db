from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.mail.mail_common import MailGateCommon


@tagged("post_install", "-at_install")
class TestInvitations(MailGateCommon):
    """STP-1: Odoo's calendar, which comes with leads, writes to whoever takes part."""

    def test_who_has_stopped_is_not_invited(self):
        people = self.active + self.stopped
        meetings = self.env["calendar.event"].with_user(self.clerk)
        meeting = meetings.with_context(mail_notify_force_send=False).create(
            {
                "name": "Meeting",
                "start": datetime(2090, 1, 1, 10),
                "stop": datetime(2090, 1, 1, 11),
                "partner_ids": [Command.set(people.ids)],
            }
        )
        self.assertEqual(meeting.attendee_ids.partner_id, people)
        self.assertEqual(self.mails_to(self.active).state, "outgoing")
        mail = self.mails_to(self.stopped)
        self.assertEqual((mail.state, mail.failure_type), ("cancel", "privacy_stopped"))
