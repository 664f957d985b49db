from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import freeze_time

from ..common import PrivacyCommon


class TestRequest(PrivacyCommon):
    """REQ-1: what a person asks of us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact("Ann Example")
        cls.requests = cls.env["privacy.request"]

    def make(self, kind="rectification", channel="letter", **options):
        return self.requests._make(self.ann, kind, channel, **options)

    def test_has_reference_deadline_and_state(self):
        request = self.make()
        month = fields.Date.today() + relativedelta(months=1)
        self.assertRecordValues(
            request,
            [
                {
                    "state": "new",
                    "deadline": month,
                    "email": "ann.example@example.com",
                    "partner_id": self.ann.id,
                    "is_overdue": False,
                }
            ],
        )
        self.assertRegex(request.name, r"^PR/\d{4}/\d{4}$")

    def test_an_archived_company_of_an_officer_hinders_nobody(self):
        gone = self.env["res.company"].create({"name": "Gone"})
        officer = self.make_user(
            "handler",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            company_ids=[(6, 0, (self.env.company | gone).ids)],
        )
        self.env.company.privacy_officer_id = officer
        gone.active = False
        self.assertEqual(self.make("stop", "page").user_id, officer)

    def test_asking_again_is_the_same_request(self):
        first = self.make()
        self.assertEqual(self.make(channel="call"), first)
        self.assertNotEqual(self.make("access"), first)
        first._execute()
        self.assertNotEqual(self.make(), first)

    def test_two_at_once_make_one(self):
        """Who did not see the other's request starts again."""
        first = self.make()
        rows = self.env["privacy.request.subject"]
        with (
            patch.object(type(rows), "_open_of", lambda *args: rows),
            self.assertRaises(ConcurrencyError),
        ):
            self.make()
        self.assertEqual(self.make(), first)

    def test_what_nobody_confirmed_is_gone_after_a_day(self):
        request = self.make(state="unconfirmed")
        self.requests._gc_unconfirmed()
        self.assertTrue(request.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.requests._gc_unconfirmed()
        self.assertFalse(request.exists())

    def test_nobody_writes_past_the_named_methods(self):
        request = self.make()
        with self.assertRaises(UserError):
            request.write({"state": "done"})
        with self.assertRaises(UserError):
            request.unlink()
        with self.assertRaises(UserError):
            request.copy()
