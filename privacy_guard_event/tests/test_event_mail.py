from odoo.addons.mail.tests.common import MailCase
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.common import PrivacyCommon

from .event_common import EventCase


@tagged("post_install", "-at_install")
class TestEventMail(EventCase, PrivacyCommon, MailCase):
    """Which mail may be sent: what an event sends by itself is automatic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(covers_email=True)
        cls.event = cls.make_event()

    def mails(self, registration):
        return self.env["mail.mail"].search(
            [("model", "=", registration._name), ("res_id", "=", registration.id)]
        )

    def test_registrations_have_no_field_of_ours(self):
        """Odoo copies contacts that the user may not read into them: we add nothing."""
        names = self.env["event.registration"]._fields
        self.assertFalse([n for n in names if n.startswith(("privacy_", "consent_"))])

    def test_what_was_refused_is_not_stored_with_a_registration(self):
        """Whoever registers the person, and however."""
        phone, ann = self.make_data_purpose("phone"), self.make_contact("Ann Example")
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        self.answer(ann, phone, "refused")
        number = {"phone": "+3225550102"}
        defaults = self.event.with_context(default_phone="+3225550102")
        made = [
            self.register(self.event, email=ann.email, **number),
            self.register(self.event, partner_id=ann.id, **number),
            defaults.registration_ids.create(
                {"event_id": self.event.id, "email": ann.email}
            ),
        ]
        cem = self.make_contact("Cem", email="cem@example.com")
        cem._privacy_stop("test")
        made.append(self.register(self.event, email=cem.email, **number))
        other = self.register(self.event, email="bob@example.com", **number)
        self.assertTrue(other.phone)
        made[0].phone = "+3225550102"
        other.email = ann.email
        self.assertFalse(any(one.phone for one in [*made, other]))

    def test_a_ticket_needs_no_consent(self):
        """It is service, no marketing: the person has ordered it."""
        ann = self.make_contact("Ann Example")
        self.newsletter_refused(ann)
        registration = self.register(self.event, name="Ann", email=ann.email)
        [mail] = self.mails(registration)
        self.assertEqual(mail.sudo().privacy_class, "automatic")
        self.assertEqual(mail.state, "outgoing")

    def test_a_registration_is_an_inquiry(self):
        """TIM-3: of who attends, as long as it stands."""
        purpose = self.make_purpose(
            name="News for customers",
            legal_basis="business_relationship",
            company_id=self.env.company.id,
        )
        ann, bob = self.make_contact("Ann Example"), self.make_contact("Bob")
        made = self.register(self.event, partner_id=ann.id)
        self.register(self.event, partner_id=bob.id, email="child@example.com")
        self.env.invalidate_all()
        self.assertEqual(self.consent(ann, purpose).related_by, "inquiry")
        self.assertFalse(self.consent(bob, purpose).related_by)
        made.action_cancel()
        self.env.invalidate_all()
        self.assertFalse(self.consent(ann, purpose).related_by)
        cid = self.make_contact("Cid")
        other = self.register(self.event, partner_id=cid.id)
        self.env.invalidate_all()
        self.assertTrue(self.consent(cid, purpose).related_by)
        other.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.consent(cid, purpose).related_by)
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def newsletter_refused(self, person):
        person._consent_record_answers(
            {self.newsletter.id: "refused"}, source="preferences"
        )

    def test_who_has_stopped_gets_none_and_the_registration_says_why(self):
        ann = self.make_contact("Ann Example")
        ann._privacy_set_status("stopped", "test")
        registration = self.register(self.event, name="Ann", email=ann.email)
        [mail] = self.mails(registration)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(mail.failure_type, "privacy_stopped")
        [notification] = registration.message_ids.notification_ids
        self.assertEqual(notification.notification_status, "canceled")
        self.assertEqual(notification.failure_type, "privacy_stopped")

    def test_reminders_obey_as_well(self):
        ann, bea = self.make_contact("Ann Example"), self.make_contact("Bea Example")
        for person in ann, bea:
            self.register(self.event, name=person.name, email=person.email)
        ann._privacy_set_status("stopped", "test")
        self.env["mail.mail"].search([]).unlink()
        reminder = self.env["event.mail"].create(
            {
                "event_id": self.event.id,
                "interval_nbr": 2,
                "interval_unit": "days",
                "interval_type": "before_event",
                "template_ref": self.template("event.event_reminder"),
            }
        )
        reminder.execute()
        states = {
            mail.email_to: mail.state
            for registration in self.event.registration_ids
            for mail in self.mails(registration)
        }
        self.assertEqual(len(states), 2)
        for address, state in states.items():
            stopped = ann.email in address
            self.assertEqual(state, "cancel" if stopped else "outgoing")

    def test_a_user_may_send_the_ticket_by_hand(self):
        ann = self.make_contact("Ann Example")
        ann._privacy_set_status("stopped", "test")
        registration = self.register(self.event, name="Ann", email=ann.email)
        clerk = self.make_user("clerk", groups="event.group_event_user")
        with self.mock_mail_gateway():
            registration.with_user(clerk).message_post(
                body="Your ticket",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=ann.ids,
            )
        self.assertIn(ann.email, str([mail["email_to"] for mail in self._mails]))
