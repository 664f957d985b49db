from odoo.tests import HttpCase, tagged

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestTours(MailingCommon, HttpCase):
    """What the author of a mailing sees, in a browser."""

    def test_choose_a_consent_and_send(self):
        groups = "base.group_user,mass_mailing.group_mass_mailing_user"
        self.make_user("author", groups=groups, email="author@example.com")
        mailing = self.make_mailing(privacy_purpose_id=False)
        action = "mass_mailing.mailing_mailing_action_mail"
        url = f"/odoo/action-{action}/{mailing.id}"
        self.start_tour(url, "privacy_guard_mailing", login="author")
        self.assertEqual(mailing.privacy_purpose_id, self.purpose)
        self.assertEqual(mailing.state, "in_queue")
