from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .withholding_common import WithholdingCommon

NUMBER = "+32 2 555 00 01"


@tagged("post_install", "-at_install")
class TestWithholding(WithholdingCommon):
    """Waiting with default no: gone from the contact, sealed, and what follows."""

    def test_waiting_seals_and_leaves_no_trace(self):
        ann = self.make_waiting(phone=NUMBER)
        [sealed] = self.withheld(ann)
        self.assertTrue(sealed.startswith("pgs1:"))
        self.assertNotIn("555 00", sealed)
        self.assertFalse(ann.phone_sanitized, "what is computed from it goes too")

    def test_old_values_leave_the_history(self):
        """ERA: a withheld value is not in the message history either."""
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        ann = self.make_contact(phone=NUMBER)
        message = ann.message_post(body="changed")
        tracking = self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_char": NUMBER,
            }
        )
        self.ask(ann, self.phone)
        self.assertFalse(tracking.exists())

    def test_granted_brings_the_value_back(self):
        ann = self.make_waiting(phone=NUMBER)
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, NUMBER)
        self.assertTrue(ann.phone_sanitized, "what is computed from it is back too")
        self.assertFalse(self.withheld(ann))

    def assertNotedAlone(self, person, log):
        """JOB-5: of all it is this one that could not be done, with the reason."""
        [item] = self.env["privacy.job.item"].search(
            [("queue", "=", self.sealed._name)]
        )
        self.assertEqual(item.partner_id, person)
        self.assertIn("RaiseException", item.reason)
        self.assertIn(f"res.partner {person.id}", "".join(log.output))

    def test_one_that_cannot_come_back_holds_up_nobody(self):
        """JOB-4: it stays withheld, is logged, and comes back another day."""
        people = [self.make_waiting(f"Person {n}") for n in range(3)]
        self.refuse_changes(people[1], "phone")
        with (
            mute_logger("odoo.sql_db", "odoo.addons.privacy_guard.attempts"),
            self.assertLogged("mixins.privacy_job_item") as log,
        ):
            self.phone.active = False
        self.assertNotedAlone(people[1], log)
        self.env.invalidate_all()
        self.assertEqual([bool(person.phone) for person in people], [True, False, True])
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner")
        self.run_daily()
        self.assertTrue(people[1].phone)

    def test_coming_back_is_no_modification(self):
        """DUP-1: neither makes a contact the last modified one."""
        ann = self.make_contact(phone=NUMBER)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", [ann.id]
        )
        ann.invalidate_recordset()
        for step in (self.ask, lambda *args: self.answer(*args, "granted")):
            step(ann, self.phone)
            self.env.flush_all()  # what is computed from it too
            ann.invalidate_recordset()
            self.assertEqual(ann.write_date, fields.Datetime.to_datetime("2020-01-01"))
        self.assertEqual(ann.phone, NUMBER)

    def test_refused_destroys(self):
        ann = self.make_waiting()
        self.answer(ann, self.phone, "refused")
        self.assertFalse(self.withheld(ann))
        self.answer(ann, self.phone, "granted")
        self.assertFalse(ann.phone)

    def test_lapse_brings_the_value_back(self):
        self.phone.condition = "[('country_id.code', '=', 'BE')]"
        ann = self.make_waiting(phone=NUMBER, country_id=self.belgium.id)
        ann.country_id = self.italy
        self.assertEqual(self.value(ann, self.phone), "not_applicable")
        self.assertEqual(ann.phone, NUMBER)
        self.assertFalse(self.withheld(ann))

    def test_default_yes_withholds_nothing(self):
        purpose = self.make_data_purpose(
            "city", default_selection="yes", legal_basis="legitimate_interests"
        )
        ann = self.make_contact(city="Ghent")
        self.ask(ann, purpose)
        self.assertEqual(ann.city, "Ghent")
        self.assertFalse(self.withheld(ann))

    def test_no_value_nothing_sealed(self):
        ann = self.make_contact()
        self.ask(ann, self.phone)
        self.assertFalse(self.withheld(ann))

    def test_erasing_a_field_destroys_what_is_withheld_of_it(self):
        function = self.make_data_purpose("function")
        ann = self.make_waiting(function="Baker")
        self.ask(ann, function)
        ann._privacy_erase_field("phone")
        self.assertEqual(len(self.withheld(ann)), 1)
        self.answer(ann, function, "granted")
        self.assertEqual(ann.function, "Baker")

    def test_deleting_the_contact_deletes_what_is_withheld(self):
        ann, ben = self.make_waiting(), self.make_waiting("Ben Example")
        with self.assertLogged("subject.consent_subject_mixin") as logs:
            ann.unlink()
        self.assertIn(str(ann.id), logs.output[0])
        self.assertFalse(self.withheld(ann))
        self.assertTrue(self.withheld(ben))

    def test_nothing_comes_back_to_an_erased_person(self):
        ann = self.make_waiting()
        ann._privacy_set_status("erased", "test")
        self.assertEqual(self.value(ann, self.phone), "not_applicable")
        self.assertFalse(ann.phone)
        self.assertFalse(self.withheld(ann))

    def test_stopped_person_who_grants_gets_it_back(self):
        """STP-1: the lock is for users, not for the person's own answer."""
        ann = self.make_waiting(phone=NUMBER)
        ann._privacy_set_status("stopped", "test")
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, NUMBER)

    def test_a_value_that_is_there_stays(self):
        ann = self.make_waiting()
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '2' WHERE id = %s", [ann.id]
        )
        ann.invalidate_recordset()
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, "2")
        self.assertFalse(self.withheld(ann))

    def test_bound_to_its_contact_and_field(self):
        """Exchanging what is sealed of two contacts in the database does not give the
        one the other's value."""
        ann, ben = self.make_waiting(), self.make_waiting("Ben Example", phone="2")
        self.env.cr.execute(
            """UPDATE consent_sealed_value mine SET sealed = other.sealed
                 FROM consent_sealed_value other
                WHERE mine.res_id = %s AND other.res_id = %s""",
            [ann.id, ben.id],
        )
        with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
            self.answer(ann, self.phone, "granted")
        self.assertFalse(ann.phone)
        self.assertEqual(len(self.withheld(ann)), 1, "kept, to be looked into")

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------

    def test_condition_on_the_value_itself(self):
        """Asking for a value must not end the consent that there is one."""
        self.phone.condition = "[('phone', '!=', False)]"
        ann = self.make_waiting(phone=NUMBER)
        events = self.events(ann, self.phone)
        self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        ann.phone_sanitized = False  # a save that evaluates too
        self.assertEqual(self.events(ann, self.phone), events)
        self.assertEqual(self.phone.matched_count, 1)
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, NUMBER)

    def test_condition_of_another_consent(self):
        """Whom we asked about text messages to a number that is withheld meanwhile."""
        sms = self.make_purpose(condition="[('phone_sanitized', '!=', False)]")
        ann = self.make_contact(phone=NUMBER)
        self.ask(ann, self.phone, sms)
        self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        self.assertEqual(self.value(ann, sms), "waiting")
        self.answer(ann, self.phone, "refused")
        self.env["consent.record"]._sync("res.partner", window=(ann.id, ann.id))
        self.assertEqual(self.value(ann, sms), "not_applicable")

    # ------------------------------------------------------------------
    # Switching off and on
    # ------------------------------------------------------------------

    def test_switching_off_brings_all_back(self):
        ann, ben = self.make_waiting(phone="1"), self.make_waiting("Ben", phone="2")
        self.phone.active = False
        self.assertEqual((ann.phone, ben.phone), ("1", "2"))
        self.assertFalse(self.withheld(ann, ben))
        self.assertEqual(self.value(ann, self.phone), "waiting")

    def test_switching_off_many(self):
        """What is more than a batch is brought back in the background."""
        self.patch(self.registry["consent.sealed.value"], "_BATCH_SIZE", 2)
        people = [self.make_waiting(f"Person {i}", phone=f"{i}") for i in range(5)]
        self.phone.active = False
        self.assertEqual(len(self.withheld(*people)), 3)
        self.run_daily()
        self.assertEqual([p.phone for p in people], ["0", "1", "2", "3", "4"])
        self.assertFalse(self.withheld(*people))

    def test_changing_the_default_to_yes_brings_back(self):
        ann = self.make_waiting(phone=NUMBER)
        self.phone.write(
            {"default_selection": "yes", "legal_basis": "legitimate_interests"}
        )
        self.assertEqual(ann.phone, NUMBER)

    def test_switching_on_again_withholds_and_erases_again(self):
        ann, ben = self.make_waiting(phone="1"), self.make_contact("Ben Example")
        self.answer(ben, self.phone, "refused")
        self.phone.active = False
        ben.phone = "2"
        self.phone.active = True
        self.run_daily()
        self.assertFalse(ann.phone or ben.phone)
        self.assertEqual(len(self.withheld(ann)), 1)
        self.assertFalse(self.withheld(ben))
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, "1")

    def test_enabling_again_withholds_and_erases_again(self):
        """Values may have been written while consents were disabled."""
        ann, ben = self.make_waiting(phone="1"), self.make_contact("Ben Example")
        self.answer(ben, self.phone, "refused")
        self.run_daily()
        self.assertFalse(self.phone.to_enforce)
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        (ann | ben).phone = "2"
        self.env["privacy.gate"]._enable()
        self.run_daily()
        self.assertFalse(ann.phone or ben.phone)
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, "2")

    def test_one_that_cannot_be_enforced_holds_up_nobody(self):
        """JOB-4: what is due meanwhile is done, and the rest another day."""
        people = self.env["res.partner"]
        for number in range(3):
            people += self.make_waiting(f"Person {number}")
        self.phone.active = False
        self.refuse_changes(people[1], "phone")
        self.phone.active = True
        with (
            mute_logger("odoo.sql_db", "odoo.addons.privacy_guard.attempts"),
            self.assertLogged("mixins.privacy_job_item") as log,
        ):
            self.run_daily()
        self.assertNotedAlone(people[1], log)
        self.assertEqual(
            [bool(person.phone) for person in people], [False, True, False]
        )
        self.assertTrue(self.phone.to_enforce)
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner")
        self.run_daily()
        self.assertFalse(people[1].phone)

    def test_switching_wakes_the_background_job(self):
        cron = self.env.ref("privacy_guard.ir_cron_withheld_values")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.phone.active = False
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))

    # ------------------------------------------------------------------
    # The time
    # ------------------------------------------------------------------

    def test_one_that_cannot_be_destroyed_holds_up_nobody(self):
        """JOB-4: what is due meanwhile is done, and the rest another day."""
        people = [self.make_waiting(f"Person {number}") for number in range(3)]
        self.let_time_pass(*people)
        self.env.cr.execute(
            f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON consent_event FOR EACH ROW
               WHEN (NEW.res_id = {people[1].id}) EXECUTE FUNCTION refuse();
            """
        )
        with (
            mute_logger("odoo.sql_db", "odoo.addons.privacy_guard.attempts"),
            self.assertLogged("mixins.privacy_job_item") as log,
        ):
            self.run_daily()
        self.assertNotedAlone(people[1], log)
        self.assertEqual([len(self.withheld(p)) for p in people], [0, 1, 0])
        self.env.cr.execute("DROP TRIGGER refuse ON consent_event")
        self.run_daily()
        self.assertFalse(self.withheld(people[1]))

    def test_destroyed_after_the_set_number_of_days(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold_days", "7")
        ann = self.make_waiting()
        row = self.sealed.search([("res_id", "=", ann.id)])
        self.assertEqual(row.destroy_on, fields.Date.today() + timedelta(days=7))
        self.run_daily()
        self.assertTrue(self.withheld(ann), "not before")
        self.let_time_pass(ann)
        self.run_daily()
        self.assertFalse(self.withheld(ann))
        self.assertEqual(self.value(ann, self.phone), "waiting")
        self.answer(ann, self.phone, "granted")
        self.assertFalse(ann.phone)

    def test_nothing_is_destroyed_of_who_asked_to_stop(self):
        """STP-2: afterwards everything is as before."""
        ann = self.make_waiting()
        self.let_time_pass(ann)
        ann._privacy_stop("test")
        self.run_daily()
        self.assertTrue(self.withheld(ann))
        ann._privacy_resume("test")
        self.run_daily()
        self.assertFalse(self.withheld(ann))

    def test_destruction_is_evidence(self):
        """The person's timeline tells what became of the value (GDPR Art. 5(2))."""
        ann = self.make_waiting()
        self.let_time_pass(ann)
        with self.assertLogged("withholding.consent_sealed_value_due"):
            self.run_daily()
        event = self.events(ann, self.phone)[-1]
        self.assertEqual((event.kind, event.source), ("destroy", "system"))
        self.assertEqual((event.value_from, event.value_to), ("waiting", "waiting"))
        self.assertFalse(list(self.env["consent.event"]._verify()))

    def test_zero_days_is_never(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold_days", "0")
        ann = self.make_waiting()
        self.assertFalse(self.sealed.search([("res_id", "=", ann.id)]).destroy_on)
        self.run_daily()
        self.assertTrue(self.withheld(ann))

    def test_nothing_runs_while_consents_are_disabled(self):
        ann = self.make_waiting()
        self.let_time_pass(ann)
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.run_daily()
        self.assertTrue(self.withheld(ann))

    def test_batches(self):
        """More than a batch is dealt with in one run."""
        self.patch(self.registry["consent.sealed.value"], "_BATCH_SIZE", 2)
        people = [self.make_waiting(f"Person {i}") for i in range(5)]
        self.let_time_pass(*people)
        self.run_daily()
        self.assertFalse(self.withheld(*people))

    # ------------------------------------------------------------------
    # The setting
    # ------------------------------------------------------------------

    def test_erase_at_once(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold", "erase")
        ann = self.make_contact(phone=NUMBER)
        self.ask(ann, self.phone)
        self.assertFalse(ann.phone)
        self.assertFalse(self.withheld(ann))
        self.answer(ann, self.phone, "granted")
        self.assertFalse(ann.phone)

    def test_erase_at_once_does_not_touch_what_is_withheld_already(self):
        ann = self.make_waiting(phone=NUMBER)
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold", "erase")
        self.run_daily()
        self.answer(ann, self.phone, "granted")
        self.assertEqual(ann.phone, NUMBER)

    # ------------------------------------------------------------------
    # The form
    # ------------------------------------------------------------------

    def test_the_form_says_that_a_value_is_withheld(self):
        ann = self.make_waiting(phone=NUMBER)
        employee = self.make_user("employee")
        hint = ann.with_user(employee).privacy_lock_hint
        self.assertIn("has not answered yet", hint)
        self.assertIn("withheld until the person answers", hint)
        self.assertIn("at most until", hint)
        self.assertNotIn(NUMBER, hint)
        self.env.cr.execute("UPDATE consent_sealed_value SET destroy_on = NULL")
        self.env.invalidate_all()
        self.assertNotIn("at most", ann.privacy_lock_hint)

    def test_the_form_says_nothing_where_there_is_nothing(self):
        ann = self.make_contact()
        self.ask(ann, self.phone)
        self.assertIn("has not answered yet", ann.privacy_lock_hint)
        self.assertNotIn("withheld", ann.privacy_lock_hint)

    def test_the_list_of_consents_tells_what_is_withheld(self):
        ann, ben = self.make_waiting(), self.make_contact("Ben Example")
        self.ask(ben, self.phone)
        report = self.env["consent.report"]
        found = report.search([("is_withheld", "=", True)])
        self.assertEqual(found.mapped("res_id"), [ann.id])
