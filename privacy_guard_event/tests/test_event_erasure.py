from odoo import Command
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.erasure.erasure_common import ErasureCommon

from .event_common import EventCase


@tagged("post_install", "-at_install")
class TestEventErasure(EventCase, ErasureCommon):
    """ERA-2: registrations lose the person who attends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.make_event()
        cls.question = cls.env["event.question"].create(
            {"title": "Allergies", "question_type": "text_box"}
        )
        answer = {"question_id": cls.question.id, "value_text_box": "Canary seed"}
        cls.own = cls.register(
            cls.event,
            name="Ann Canary",
            email="Ann@Canary.example",
            phone="+32 2 555 01 02",
            company_name="Canary & Co",
            registration_answer_ids=[Command.create(answer)],
        )
        cls.booked = cls.register(
            cls.event, name="Bob Friend", email="bob@example.com", partner_id=cls.ann.id
        )

    def test_everything_is_declared(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        self.assertFalse([name for name in undeclared if name.startswith("event")])

    def test_the_attendee_goes_and_whom_they_booked_for_stays(self):
        answers = self.own.registration_answer_ids
        self.own.message_post(body="Ann Canary is allergic")
        # without an address it is of whoever booked it
        unnamed = self.register(self.event, partner_id=self.ann.id)
        unnamed.email = False
        self.assertEqual(unnamed.name, "Ann Canary")
        erasure = self.erase()
        self.assertEqual(self.ann.privacy_status, "erased")
        for registration in self.own | unnamed:
            self.assertEqual(registration.name, f"erased-{registration.id}")
        self.assertFalse(answers.exists())
        text = self.texts(self.own) + "".join(
            self.texts(message) for message in self.own.message_ids
        )
        for word in ("canary", "Canary", "5550102", "allergic"):
            self.assertNotIn(word, text)
        self.assertEqual(self.own.event_id, self.event)
        self.assertEqual(self.booked.name, "Bob Friend")
        self.assertEqual(self.booked.email, "bob@example.com")
        treatments = {
            treatment for treatment, _c in self.lines(erasure, "event.registration")
        }
        self.assertEqual(treatments, {"blank", "keep"})

    def test_era3_a_guest_is_erased_by_the_address(self):
        guest = self.register(
            self.event,
            name="Gus Canary",
            email="Gus@Guest.example",
            phone="02 555 77 66",
        )
        guest.message_post(body="Gus Canary is allergic")
        company = self.env["res.company"].create({"name": "Theirs"})
        elsewhere = self.register(
            self.make_event(company_id=company.id), name="G", email="gus@guest.example"
        )
        self.booked.message_post(body="Comes with Gus Canary, 02 555 77 66")
        erasure = (
            self.env["privacy.guest"]
            .with_user(self.officer)
            ._erase_address("gus@guest.example")
        )
        self.execute(erasure)
        text = "".join(map(self.texts, [guest, *guest.message_ids]))
        for word in ("gus@", "Gus Canary is", "555 77 66", "allergic"):
            self.assertNotIn(word, text)
        self.assertEqual(guest.name, f"erased-{guest.id}")
        self.assertEqual((guest.phone, self.booked.name), (False, "Bob Friend"))
        # what another company holds is its own
        self.assertEqual(elsewhere.email, "gus@guest.example")
        # what others wrote elsewhere is told of
        self.assertEqual(
            set(erasure.finding_ids.mapped("kind")), {"email", "name", "phone"}
        )

    def test_copies_of_data_have_registrations(self):
        self.register(self.event, name="Ann Other", email="annxcanary@example.com")
        sources = self.env["privacy.export.content"]._sources([self.ann.sudo()])
        [registrations] = [s for s in sources if s.model == "event.registration"]
        found = self.env["event.registration"].search(registrations.domain)
        self.assertEqual(found, self.own)
        [answers] = [s for s in sources if s.model == "event.registration.answer"]
        found = self.env["event.registration.answer"].search(answers.domain)
        self.assertEqual(found, self.own.registration_answer_ids)
        for source in registrations, answers:
            self.assertTrue(set(source.fields) <= self.env[source.model]._fields.keys())
