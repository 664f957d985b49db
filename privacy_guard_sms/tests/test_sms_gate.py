from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.privacy_guard.constants import MARKETING
from odoo.addons.privacy_guard.fields.mail_class import mandatory

from .sms_common import NUMBERS, SmsGateCommon

AUTOMATIC = {
    "active": "sent",
    "stopped": "privacy_stopped",
    "erasure_requested": "sent",
    "erased": "privacy_erased",
}
MARKETING_TABLE = {**AUTOMATIC, "erasure_requested": "privacy_erasure_requested"}


@tagged("post_install", "-at_install")
class TestSmsGate(SmsGateCommon):
    """Which messages may still be sent: the row of text messages, by every way
    of sending them."""

    def check(self, way, expected):
        for situation, outcome in expected.items():
            with self.subTest(way=way.__name__, situation=situation):
                self.sent.clear()
                person = self.people[situation]
                before = self.env["sms.sms"].search([])
                way(person)
                message = self.env["sms.sms"].search([]) - before
                if message.state == "outgoing":
                    message.send()
                self.assertEqual(len(message), 1)
                if outcome == "sent":
                    self.assertEqual(self.sent, [NUMBERS[situation]])
                    continue
                self.assertFalse(self.sent)
                self.assertEqual(message.state, "canceled")
                self.assertEqual(message.failure_type, outcome)
                if message.mail_message_id:
                    self.check_note(message)

    def check_note(self, message):
        note = self.env["mail.notification"].search(
            [("mail_message_id", "=", message.mail_message_id.id)]
        )
        self.assertEqual(note.sms_id_int, message.id)
        self.assertEqual(note.notification_status, "canceled")
        self.assertEqual(note.failure_type, message.failure_type)
        self.assertTrue(note.failure_reason)

    # The ways

    def composed_for_one(self, person):
        self.composer(person, "comment").action_send_sms()

    def composed_for_many(self, person):
        self.composer(person, "mass").action_send_sms()

    def composed_for_numbers(self, person):
        composer = self.composer(
            self.document,
            "numbers",
            numbers=NUMBERS[self.situation(person)],
        )
        composer.action_send_sms()

    def posted(self, person):
        self.document.with_user(self.clerk)._message_sms("Hi", partner_ids=person.ids)

    def posted_to_the_number(self, person):
        self.document.with_user(self.clerk)._message_sms(
            "Hi", sms_numbers=[NUMBERS[self.situation(person)]]
        )

    def scheduled_for_many(self, person):
        person._message_sms_schedule_mass("Hello")

    def run_by_an_action(self, person):
        template = self.env["sms.template"].create(
            {
                "name": "Hello",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Hello",
            }
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "Send",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "sms",
                "sms_template_id": template.id,
                "sms_method": "note",
            }
        )
        action.with_context(active_model="res.partner", active_ids=person.ids).run()

    def created(self, person):
        self.env["sms.sms"].create(
            {"number": NUMBERS[self.situation(person)], "body": "Hello"}
        )

    def situation(self, person):
        return next(name for name, one in self.people.items() if one == person)

    def test_the_accounts_of_text_messages_are_in_the_log_of_settings(self):
        """ROL-3: without one, nobody is told that their refusal was heard."""
        service = self.env.ref("sms.iap_service_sms")
        accounts, log = self.env["iap.account"], self.env["privacy.setting.log"]
        account = accounts.create(
            {"service_id": service.id, "account_token": "Of the account"}
        )
        others = self.env["res.company"].create({"name": "Elsewhere"})
        for values, count in (
            ({"company_ids": others.ids}, 1),
            ({"account_token": "Of another"}, 1),
            ({"state": "registered"}, 0),
        ):
            before = log.search([], limit=1).id
            account.write(values)
            lines = log.search([("id", ">", before)])
            with self.subTest(values):
                self.assertEqual(
                    lines.mapped("key"), [f"iap.account SMS ({account.id})"] * count
                )
        said = log.search([("key", "=like", "iap.account%")]).mapped("value_to")
        self.assertGreater(len(said), 2)
        self.assertNotRegex(str(said), "Of the|Of another")

    def test_automatic_and_by_hand(self):
        for way in (
            self.composed_for_one,
            self.composed_for_numbers,
            self.posted,
            self.posted_to_the_number,
            self.run_by_an_action,
            self.created,
        ):
            self.check(way, AUTOMATIC)

    def test_the_same_text_to_many_people(self):
        self.check(self.composed_for_many, MARKETING_TABLE)
        self.check(self.scheduled_for_many, MARKETING_TABLE)

    # Consents

    def test_marketing_needs_an_answer_that_allows_it(self):
        purpose = self.make_purpose(name="Offers by text message", covers_sms=True)
        ann = self.people["active"]
        self.ask(ann, purpose)
        for answer, sent in (("refused", False), ("granted", True)):
            self.answer(ann, purpose, answer)
            self.sent.clear()
            self.composer(ann, "mass", mass_force_send=True).action_send_sms()
            self.assertEqual(bool(self.sent), sent)
        self.answer(ann, purpose, "refused")
        self.check(self.posted, {"active": "sent"})

    def test_a_consent_about_email_says_nothing_about_text_messages(self):
        purpose = self.make_purpose(name="Newsletter", covers_email=True)
        self.ask(self.people["active"], purpose)
        self.answer(self.people["active"], purpose, "refused")
        self.check(self.composed_for_many, {"active": "sent"})

    def test_blacklisted_whatever_the_sender_unticks(self):
        self.env["phone.blacklist"].create({"number": NUMBERS["active"]})
        composer = self.composer(
            self.people["active"], "mass", use_exclusion_list=False
        )
        composer.action_send_sms()
        message = self.messages_to(self.people["active"])
        self.assertEqual(message.failure_type, "privacy_no_marketing_consent")

    # Numbers

    def test_a_number_is_everyone_who_has_it(self):
        twin = self.make_contact("Twin", phone="0470 11 00 02")
        self.posted(twin)
        self.assertEqual(self.messages_to(twin).failure_type, "privacy_stopped")

    def test_a_number_is_known_however_it_is_written(self):
        for number in ("0470110002", "+32 470/11.00.02", "0032470110002"):
            message = self.env["sms.sms"].create({"number": number, "body": "Hello"})
            self.assertEqual(message.failure_type, "privacy_stopped", number)

    def test_archived_people_have_stopped_too(self):
        ann = self.people["active"]
        ann._privacy_set_status("stopped", "test")
        self.env.cr.execute(
            "UPDATE res_partner SET active = FALSE WHERE id = %s", ann.ids
        )
        self.env.invalidate_all()
        message = self.env["sms.sms"].create(
            {"number": NUMBERS["active"], "body": "Hello"}
        )
        self.assertEqual(message.failure_type, "privacy_stopped")

    # Later

    def test_asked_once_more_before_sending(self):
        ann = self.people["active"]
        self.document._message_sms("Hi", partner_ids=ann.ids, put_in_queue=True)
        message = self.messages_to(ann)
        self.assertEqual(message.state, "outgoing")
        ann._privacy_set_status("stopped", "test")
        message.send()
        self.assertFalse(self.sent)
        self.assertEqual(message.failure_type, "privacy_stopped")
        self.check_note(message)

    def test_sending_again_asks_again(self):
        message = self.env["sms.sms"].create(
            {"number": NUMBERS["stopped"], "body": "Hello"}
        )
        message.state = "error"
        message.resend_failed()
        message.action_set_outgoing()
        message.send()
        self.assertFalse(self.sent)
        self.assertEqual(message.failure_type, "privacy_stopped")

    def test_others_of_the_same_batch_go_out(self):
        self.composer(self.everybody, "mass", mass_force_send=True).action_send_sms()
        self.assertEqual(self.sent, [NUMBERS["active"]])

    # Classes

    def test_owed(self):
        number = NUMBERS["stopped"]
        messages = mandatory(self.env["sms.sms"], [number])
        values = {"number": number, "body": "Your code"}
        states = [messages.create(values).state for _number in range(2)]
        self.assertEqual(states, ["outgoing", "canceled"])

    def test_number_that_may_be_anybodys(self):
        """As it is written in another country, without a contact to tell which."""
        person = self.make_contact(
            "Jan Example", phone="010 123 45 67", country_id=self.env.ref("base.nl").id
        )
        person._privacy_set_status("stopped", "test")
        self.assertEqual(person.phone_sanitized, "+31101234567")
        message = self.env["sms.sms"].create({"number": person.phone, "body": "Hello"})
        self.assertEqual(
            (message.state, message.failure_type), ("error", "sms_number_format")
        )
        message.state = "outgoing"
        message.send()
        self.assertFalse(self.sent)
        self.assertEqual(message.state, "error")

    def test_no_caller_says_what_it_is(self):
        admin = self.make_user("boss", groups="base.group_system")
        queue = self.env["sms.sms"].with_user(admin)
        values = {"number": NUMBERS["stopped"], "body": "Hello"}
        for context in (
            {"privacy_class_given": "mandatory"},
            {"privacy_posted": "manual"},
        ):
            message = queue.with_context(**context).create(values)
            self.assertEqual(message.failure_type, "privacy_stopped")
        for attempt in (
            lambda: message.write({"privacy_class": "mandatory"}),
            lambda: queue.with_context(default_privacy_class="mandatory").create(
                values
            ),
            lambda: queue.create({**values, "privacy_class": "mandatory"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_callers_may_be_stricter(self):
        queue = self.env["sms.sms"].with_context(**{MARKETING: True})
        message = queue.create(
            {"number": NUMBERS["erasure_requested"], "body": "Hello"}
        )
        self.assertEqual(message.failure_type, "privacy_erasure_requested")

    # What people see

    def test_the_writer_is_told(self):
        for situation, told in (("stopped", True), ("active", False)):
            composer = self.composer(self.people[situation], "comment")
            self.assertEqual(bool(composer.privacy_warning), told)

    def test_the_writer_of_a_batch_is_told_who_is_left_out(self):
        warning = self.composer(self.everybody, "mass").privacy_warning
        self.assertIn("3 of 4 people", warning)
        self.assertIn(
            "Stopped Example, Erasure_requested Example, Erased Example", warning
        )
        self.assertNotIn("Active", warning)
        active = self.people["active"]
        self.assertFalse(self.composer(active | active, "mass").privacy_warning)

    def test_purposes_say_what_they_are_about(self):
        purpose = self.make_purpose(name="Offers by text message")
        with Form(purpose) as form:
            form.covers_sms = True
        self.assertTrue(purpose.covers_sms)

    # Reach

    def test_rch1_reach_is_what_the_gate_says(self):
        """RCH-1: by number and by person."""
        offers = self.make_purpose(name="Offers", covers_sms=True)
        mail = self.make_purpose(name="Mail", covers_email=True)
        people = {
            "active": self.people["active"],
            "stopped": self.make_contact("Stan Example", phone="+32470110012"),
            "unasked": self.make_contact("Una Example", phone="+32470110011"),
            "no_number": self.make_contact("Noah Example"),
            "blacklisted": self.make_contact("Bob Example", phone="+32470110013"),
            "shared": self.make_contact("Sue Example", phone="+32470110014"),
            "sharing": self.make_contact("Stu Example", phone="+32470110014"),
        }
        everybody = self.env["res.partner"].union(*people.values())
        everybody._consent_sync()
        willing = everybody - people["unasked"] - people["sharing"]
        willing._consent_record_answers(
            {offers.id: "granted", mail.id: "granted"}, source="preferences"
        )
        people["stopped"]._privacy_set_status("stopped", "test")
        self.env["phone.blacklist"].create({"number": "+32470110013"})
        self.env.invalidate_all()
        lines = self.env["privacy.reach"].search(
            [("res_id", "in", everybody.ids), ("channel", "=", "sms")]
        )
        self.assertEqual(lines.purpose_id, offers)
        found = {line.res_id: line.reach for line in lines}
        expected = {
            "active": "reached",
            "stopped": "stopped",
            "unasked": "not_asked",
            "no_number": "no_address",
            "blacklisted": "blacklisted",
            "shared": "elsewhere",
            "sharing": "not_asked",
        }
        gate = self.env["privacy.gate"]
        for name, code in expected.items():
            person = people[name]
            keys = {person.id, person.phone_sanitized} - {False}
            refused = gate._sms_refusals({"marketing": keys})
            with self.subTest(name=name):
                self.assertEqual(found[person.id], code)
                passes = code in ("reached", "no_address")
                self.assertEqual(passes, not refused)

    # Sets

    def test_queries_do_not_grow(self):
        def people(count):
            return [
                {"number": f"+32471{count:03}{n:03}", "body": "Hello"}
                for n in range(count)
            ]

        counts = []
        for count in (10, 10, 200):
            self.env.flush_all()
            self.env.invalidate_all()
            messages = self.env["sms.sms"].create(people(count))
            self.env.flush_all()
            before = self.cr.sql_log_count
            messages._privacy_apply_gate()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_queries_of_the_warning_do_not_grow(self):
        people = self.env["res.partner"].create(
            [{"name": f"{n}", "phone": f"+32471200{n:03}"} for n in range(60)]
        )
        counts = []
        for some in (people[:2], people[:2], people):
            composer = self.composer(some, "mass", user=self.env.user)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertFalse(composer.privacy_warning)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
