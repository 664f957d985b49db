from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.exceptions import UserError

from .common import PrivacyCommon


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

    def test_asking_again_is_the_same_request(self):
        first = self.make()
        self.assertEqual(self.make(channel="call"), first)
        self.assertNotEqual(self.make("access"), first)
        first._execute()
        self.assertNotEqual(self.make(), first)

    def test_nobody_writes_past_the_named_methods(self):
        request = self.make()
        with self.assertRaises(UserError):
            request.write({"state": "done"})
        with self.assertRaises(UserError):
            request.unlink()
        with self.assertRaises(UserError):
            request.copy()
