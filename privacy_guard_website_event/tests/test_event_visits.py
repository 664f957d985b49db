from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.common import PrivacyCommon
from odoo.addons.privacy_guard_event.tests.event_common import EventCase


@tagged("post_install", "-at_install")
class TestEventVisits(EventCase, PrivacyCommon):
    """A registration does not tell whose visits these were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.make_event()
        cls.ann = cls.make_contact("Ann Example", email="ann@example.com")
        cls.tracking = cls.env["consent.purpose"].with_context(active_test=False)
        cls.tracking = cls.tracking.search([("tracking_scope", "=", "document")])
        cls.tracking.text = "May we see what you look at?"
        cls.tracking._publish()
        cls.visitor = cls.env["website.visitor"].create({"access_token": "a" * 32})

    def activate(self):
        self.tracking.active = True
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)

    def register_visitor(self, **values):
        values.setdefault("email", "Ann@example.com")
        return self.register(
            self.event, name="Ann", visitor_id=self.visitor.id, **values
        )

    def test_without_the_consent_it_is_as_in_odoo(self):
        self.assertFalse(self.tracking.active)
        self.assertTrue(self.register_visitor().visitor_id)

    def test_who_has_not_consented_is_not_tied(self):
        self.activate()
        for address in ("Ann@example.com", "unknown@example.com", False):
            registration = self.register_visitor(email=address)
            self.assertFalse(registration.visitor_id)
            registration.visitor_id = self.visitor
            self.assertFalse(registration.visitor_id)
        self.assertNotEqual(self.visitor.display_name, "Ann")

    def test_consenting_ties_and_refusing_unties(self):
        self.activate()
        self.answer(self.ann, self.tracking, "granted")
        registration = self.register_visitor()
        self.assertEqual(registration.visitor_id, self.visitor)
        self.answer(self.ann, self.tracking, "refused")
        self.assertFalse(registration.visitor_id)

    def test_the_daily_cleaning_finds_what_the_status_forbids(self):
        registration = self.register_visitor()
        self.activate()
        self.assertTrue(registration.visitor_id)
        self.env["website.visitor"]._gc_privacy_registrations()
        self.assertFalse(registration.visitor_id)
