from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from odoo.addons.privacy_guard.tests.common import PrivacyCommon


class TestDigest(PrivacyCommon):
    """REQ-1: requests in the digest mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.env["privacy.request"]._make(
            cls.make_contact(), "erasure", "letter"
        )
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Privacy",
                "company_id": cls.env.company.id,
                "kpi_privacy_request": True,
                "kpi_privacy_request_overdue": True,
            }
        )

    def figures(self, user):
        digest = self.digest.with_user(user).with_context(
            start_datetime=fields.Datetime.now() - timedelta(days=7),
            end_datetime=fields.Datetime.now() + timedelta(days=1),
        )
        digest.invalidate_recordset()
        return (
            digest.kpi_privacy_request_value,
            digest.kpi_privacy_request_overdue_value,
        )

    def test_counts_what_came_in_and_what_is_overdue(self):
        user = self.make_user("looker", "privacy_guard.group_privacy_user")
        self.assertEqual(self.figures(user), (1, 0))
        self.request._set({"deadline": fields.Date.today() - timedelta(days=90)})
        self.assertEqual(self.figures(user), (1, 1))

    def test_is_left_out_for_who_may_not_see_requests(self):
        with self.assertRaises(AccessError):
            self.figures(self.make_user("clerk"))

    def test_leads_to_the_requests(self):
        actions = self.digest._compute_kpis_actions(self.env.company, self.env.user)
        self.assertIn("privacy_request_action", actions["kpi_privacy_request"])
