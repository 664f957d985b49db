from odoo.tests import tagged

from .registration_common import RegistrationCase


@tagged("post_install", "-at_install")
class TestEventTour(RegistrationCase):
    """A visitor registers in a browser."""

    def test_register(self):
        url = self.event.website_url
        self.start_tour(url, "privacy_guard_website_event_register")
        registration = self.registrations()
        self.assertEqual(registration.email, "ann@example.com")
        self.assertFalse(registration.phone)
        content = self.pending("ann@example.com").sudo()._content()
        notice = self.newsletter._current_notices()[self.newsletter.id]
        self.assertEqual(content["notice_ids"], notice.ids)
