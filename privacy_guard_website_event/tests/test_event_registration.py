from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.tests.common import ENDLESS
from odoo.addons.privacy_guard_website.models.privacy_web_form import BOX, FORM

from .registration_common import RegistrationCase

ANN = {"name": "Ann Example", "email": "ann@example.com", "phone": "+32 2 555 01 02"}
BOB = {"name": "Bob Example", "email": "bob@example.com", "phone": "+32 2 555 03 04"}


@tagged("post_install", "-at_install")
class TestEventRegistration(RegistrationCase):
    """Registering for an event asks as a form does."""

    def test_boxes_are_there_and_not_ticked(self):
        form = self.modal()
        text = form.text_content()
        self.assertIn("May we send you our newsletter?", text)
        # what the event asks for is asked by itself; what is not marked is not
        self.assertIn(self.phone.name, text)
        self.assertNotIn("May we send you a card?", text)
        boxes = form.xpath(f".//input[starts-with(@name, '{BOX}')]")
        self.assertEqual(len(boxes), 2)
        self.assertFalse([box for box in boxes if box.get("checked") is not None])
        self.assertNotIn("first attendee", text)
        self.assertIn("first attendee", self.modal(attendees=2).text_content())

    def test_a_value_without_its_box_is_not_stored(self):
        question = self.questions["phone"]
        response = self.register_on_page([ANN], self.newsletter)
        self.assertIn("Registration confirmed", response.text)
        registration = self.registrations()
        self.assertEqual(registration.email, "ann@example.com")
        self.assertFalse(registration.phone)
        answers = registration.registration_answer_ids
        self.assertNotIn(question, answers.question_id.ids)
        self.assertIn(self.questions["email"], answers.question_id.ids)

    def test_the_answers_wait_for_the_person(self):
        """Known or not, the registration is made, and the visitor sees the same."""
        bob = self.make_contact("Bob Known", email="bob@example.com")
        pages = []
        for person in ANN, BOB:
            response = self.register_on_page([person], self.newsletter, self.phone)
            pages.append((response.status_code, len(response.history)))
            self.assertEqual(len(self.pending(person["email"])), 1)
        self.assertEqual(*pages)
        self.assertEqual(len(self.registrations()), 2)
        self.assertFalse(any(self.registrations().mapped("phone")))
        self.assertEqual(self.value(bob, self.newsletter), "applicable")
        self.assertFalse(self.contact("ann@example.com"))
        for person in ANN, BOB:
            pending = self.pending(person["email"]).sudo()
            pending._confirm({"ip": "127.0.0.1", "user_agent": "test"})
            contact = self.contact(person["email"])
            self.assertEqual(self.value(contact, self.newsletter), "granted")
            self.assertEqual(self.value(contact, self.phone), "granted")
            self.assertEqual(contact.email_opt_in, "double")
        self.assertEqual(self.registrations()[1].phone, "+3225550304")
        self.assertEqual(bob.name, "Bob Known")
        evidence = self.env["consent.evidence"].search([("res_id", "=", bob.id)])
        self.assertIn("Registration for Bread baking", evidence.mapped("note")[0])

    def test_nobody_consents_for_somebody_else(self):
        self.register_on_page([ANN, BOB], self.newsletter, self.phone)
        ann, bob = self.registrations()
        pending = self.pending("ann@example.com").sudo()
        pending._confirm({"ip": "127.0.0.1", "user_agent": "test"})
        self.assertTrue(ann.phone)
        self.assertFalse(bob.phone)
        self.assertFalse(self.pending("bob@example.com"))

    def test_left_open_nothing_is_asked_or_sent(self):
        self.register_on_page([ANN])
        self.assertEqual(len(self.registrations()), 1)
        self.assertFalse(self.pending("ann@example.com"))
        self.assertFalse(self.env["privacy.mail.post"].search([]))

    def test_what_was_not_shown_registers_nobody(self):
        other = self.make_event(is_published=True, website_visibility="public")
        foreign = self.modal(event=other).xpath(f".//input[@name='{FORM}']/@value")[0]
        for values in (
            self.boxes(self.birthday),
            {FORM: self.token(), **self.boxes(self.newsletter)},
            {FORM: foreign},
            {f"{BOX}1x": "yes"},
        ):
            with self.subTest(values=values):
                response = self.register_on_page([ANN], **values)
                self.assertIn("nothing was saved", response.text)
                self.assertFalse(self.registrations())

    def test_a_text_that_was_revised_registers_nobody(self):
        token = self.modal().xpath(f".//input[@name='{FORM}']/@value")[0]
        old = self.boxes(self.newsletter)
        self.newsletter.text = "May we write to you every day?"
        self.newsletter._publish()
        response = self.register_on_page([ANN], **{FORM: token, **old})
        self.assertIn("has been revised", response.text)
        self.assertFalse(self.registrations())

    def test_what_is_too_long_is_no_address(self):
        """Whether a box is ticked or not."""
        for text, ticked in zip(ENDLESS, ([], [self.newsletter], []), strict=True):
            with self.subTest(text=text[:50]):
                response = self.register_on_page([{**ANN, "email": text}], *ticked)
                self.assertIn("one valid e-mail address", response.text)
        self.assertFalse(self.registrations())

    def test_a_visitor_registers_no_contact_by_its_id(self):
        """They would read its name, and register who has stopped."""
        hidden = self.make_contact("Hidden Person", email="hidden@example.com")
        values = {"1-partner_id": hidden.id}
        response = self.register_on_page([{"name": "Ann Example"}], **values)
        self.assertNotIn("Hidden", response.text)
        self.assertEqual(self.registrations().name, "Ann Example")
        response = self.register_on_page([{"email": "ann@example.com"}], **values)
        self.assertNotIn("Hidden", response.text)
        self.assertNotIn(hidden, self.registrations().partner_id)

    def test_registrations_that_are_no_ids(self):
        self.register_on_page([ANN])
        own = self.registrations().id
        path = f"/event/{self.event.id}/registration/success?registration_ids="
        for ids in ("\u00b2", "9" * 30, "", f"x,{own}0"):
            with self.subTest(ids=ids):
                self.assertLess(self.url_open(path + ids).status_code, 500)
        self.assertIn("confirmed", self.url_open(f"{path}\u00b2,{own}").text)

    @mute_logger("odoo.http")
    def test_what_the_form_does_not_hold_is_refused(self):
        """Core takes it for granted, and would break."""
        question = self.questions["name"]
        for odd in (
            {f"1-simple_choice-{question}": "x"},
            {f"1-simple_choice-{question}": "999999999"},
            {"1-name-x": "Ann"},
            {"1-name-999999999": "Ann"},
            {"x-name-1": "Ann"},
            {"1-email": "ann@example.com"},
            {"1-email": "1"},
            {"1-event_slot_id": "999999999"},
            {"1-event_ticket_id": "x"},
            {"event_ticket_id": "0"},
            {f"2-name-{question}": "No ticket"},
        ):
            with self.subTest(odd):
                response = self.register_on_page([{"name": "Ann Example"}], **odd)
                self.assertEqual(response.status_code, 400)
        self.assertFalse(self.registrations())

    def test_too_many_for_one_address(self):
        """RTE-1: they are registered, and not written to."""
        for _number in range(5):
            self.env["privacy.mail.post"]._count(ANN["email"], "127.0.0.1")
        response = self.register_on_page([ANN], self.newsletter, self.phone)
        self.assertIn("Registration confirmed", response.text)
        self.assertEqual(len(self.registrations()), 1)
        self.assertFalse(self.registrations().phone)
        self.assertFalse(self.pending(ANN["email"]))

    def test_without_consents_it_is_as_in_odoo(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.assertNotIn(FORM, str(self.modal().form_values()))
        self.register_on_page([ANN])
        self.assertTrue(self.registrations().phone)
