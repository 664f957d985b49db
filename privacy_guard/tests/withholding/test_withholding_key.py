from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import keyring
from ..asking.asking_common import AskingCommon
from .withholding_common import WithholdingCommon

LOGGER = "odoo.addons.privacy_guard"


@tagged("post_install", "-at_install")
class TestWithholdingKey(WithholdingCommon, AskingCommon):
    """Without a usable key nothing is withheld, and nothing is lost."""

    def take_key_away(self):
        self.key_file.rename(self.key_file.with_suffix(".away"))

    def put_key_back(self):
        self.key_file.with_suffix(".away").rename(self.key_file)

    def break_seals(self, people):
        self.env.cr.execute(
            """UPDATE consent_sealed_value
                  SET sealed = regexp_replace(sealed, '[^:]+$', repeat('A', 60))
                WHERE res_id = ANY(%s)""",
            [[person.id for person in people]],
        )

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    def test_people_are_asked_for_the_other_consents(self):
        people = self.people(3, phone="1")
        self.take_key_away()
        with self.assertLogs(LOGGER, "ERROR") as logs:
            self.run_job(self.daily)
        self.assertEqual(len(logs.records), 1, "once per run")
        self.assertIn("There is no key file", logs.output[0])
        for person in people:
            self.assertEqual(self.value(person, self.newsletter), "waiting")
            self.assertEqual(self.value(person, self.phone), "applicable")
            self.assertEqual(person.phone, "1")
            [mail] = self.mails(person)
            self.assertNotIn("Keep phone", mail.body_html)

    def test_they_are_asked_once_there_is_a_key(self):
        ann = self.make_contact(phone="1")
        self.take_key_away()
        with mute_logger("odoo.addons.privacy_guard.models.asking.consent_asking_due"):
            self.run_job(self.daily)
        self.put_key_back()
        ann._consent_mark_requested("2020-01-01 00:00:00")
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, self.phone), "waiting")
        self.assertEqual(len(self.withheld(ann)), 1)

    def test_no_key_is_needed_to_erase_at_once(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold", "erase")
        ann = self.make_contact(phone="1")
        self.take_key_away()
        self.run_job(self.daily)
        self.assertEqual(self.value(ann, self.phone), "waiting")
        self.assertFalse(ann.phone)

    def test_no_key_is_needed_without_such_consents(self):
        self.phone.active = False
        ann = self.make_contact(phone="1")
        self.take_key_away()
        with self.assertNoLogs(LOGGER, "ERROR"):
            self.run_job(self.daily)
        self.assertEqual(self.value(ann, self.newsletter), "waiting")

    def test_telling_of_revised_texts_needs_no_key(self):
        ann = self.make_contact(phone="1")
        self.answer(ann, self.phone, "granted")
        self.phone.text = "May we go on keeping your number?"
        self.phone._publish()
        self.take_key_away()
        self.run_job(self.weekly)
        self.assertTrue(self.consent(ann, self.phone).review_told_at)

    def test_the_button_says_why(self):
        ann = self.make_contact(phone="1")
        self.answer(ann, self.newsletter, "granted")
        self.take_key_away()
        with self.assertRaisesRegex(UserError, "withheld without a key"):
            ann.action_send_consent_request()
        self.assertEqual(ann.phone, "1")

    def test_whatever_withholds_is_refused(self):
        """Below the asking too: nothing is recorded where nothing can be sealed."""
        ann = self.make_contact(phone="1")
        self.take_key_away()
        with mute_logger(LOGGER + ".models.withholding.consent_sealed_value_seal"):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                self.ask(ann, self.phone)
        self.assertIn("log says what is wrong", str(refusal.exception))
        self.assertNotIn(str(self.key_file), str(refusal.exception))
        self.assertEqual(self.value(ann, self.phone), "applicable")
        self.assertEqual(ann.phone, "1")

    # ------------------------------------------------------------------
    # Coming back
    # ------------------------------------------------------------------

    def test_granted_while_the_key_is_missing(self):
        """The answer stands; the value comes back when the key does."""
        ann = self.make_waiting(phone="1")
        self.take_key_away()
        with self.assertLogs(LOGGER, "ERROR"):
            self.answer(ann, self.phone, "granted")
        self.assertEqual(self.value(ann, self.phone), "granted")
        self.let_time_pass(ann)
        with self.assertLogs(LOGGER, "ERROR"):
            self.run_daily()
        self.assertEqual(len(self.withheld(ann)), 1, "its time is not over: granted")
        self.put_key_back()
        self.run_daily()
        self.assertEqual(ann.phone, "1")
        self.assertFalse(self.withheld(ann))

    def test_refused_while_the_key_is_missing(self):
        """Destroying needs no key."""
        ann = self.make_waiting(phone="1")
        self.take_key_away()
        self.answer(ann, self.phone, "refused")
        self.assertFalse(self.withheld(ann))

    def test_changed_mind_while_the_key_is_missing(self):
        ann = self.make_waiting(phone="1")
        self.take_key_away()
        with mute_logger(LOGGER + ".models.withholding.consent_sealed_value_seal"):
            self.answer(ann, self.phone, "granted")
        self.answer(ann, self.phone, "refused")
        self.put_key_back()
        self.run_daily()
        self.assertFalse(ann.phone)
        self.assertFalse(self.withheld(ann))

    def test_one_key_of_several_is_missing(self):
        """Values under the others come back."""
        ann = self.make_waiting(phone="1")
        self.take_key_away()
        keyring.create()
        ben = self.make_waiting("Ben Example", phone="2")
        with self.assertLogs(LOGGER, "ERROR") as logs:
            self.phone.active = False
        self.assertIn(self.sealed._key_ids()[0], logs.output[0])
        self.assertEqual((ann.phone, ben.phone), (False, "2"))
        self.assertEqual(len(self.withheld(ann)), 1)

    def test_what_cannot_be_opened_does_not_hold_up_the_rest(self):
        self.patch(self.registry["consent.sealed.value"], "_BATCH_SIZE", 2)
        people = [self.make_waiting(f"Person {i}", phone=f"{i}") for i in range(6)]
        broken = people[:3]
        self.break_seals(broken)
        with mute_logger(LOGGER + ".models.withholding.consent_sealed_value_seal"):
            self.phone.active = False
            self.run_daily()
        self.assertEqual([p.phone for p in people[3:]], ["3", "4", "5"])
        self.assertEqual(len(self.withheld(*broken)), 3)

    def test_withheld_later_what_could_not_be(self):
        """A consent that waits with its value on the contact, whatever the reason, is
        put right as soon as there is a key."""
        ann = self.make_waiting(phone="1")
        self.phone.active = False
        self.phone.active = True
        self.take_key_away()
        self.run_daily()
        self.assertEqual(ann.phone, "1")
        self.assertTrue(self.phone.to_enforce)
        self.put_key_back()
        self.run_daily()
        self.assertFalse(ann.phone)
        self.assertFalse(self.phone.to_enforce)
        self.assertEqual(len(self.withheld(ann)), 1)

    # ------------------------------------------------------------------
    # Rotation and uninstalling
    # ------------------------------------------------------------------

    def test_reseal(self):
        people = [self.make_waiting(f"Person {i}", phone=f"{i}") for i in range(5)]
        [old] = self.sealed._key_ids()
        self.assertEqual(self.sealed._reseal(10), 0)
        new = keyring.rotate().active_id
        before = self.withheld(*people)
        self.assertEqual([self.sealed._reseal(2) for _i in range(3)], [3, 1, 0])
        self.assertFalse(set(before) & set(self.withheld(*people)))
        self.assertEqual(self.sealed._key_ids(), [new])
        keyring.remove(old)
        self.phone.active = False
        self.assertEqual([p.phone for p in people], ["0", "1", "2", "3", "4"])

    def test_reseal_ends_with_what_cannot_be_opened(self):
        ann, ben = self.make_waiting(), self.make_waiting("Ben Example")
        self.break_seals([ann])
        old = self.sealed._key_ids()
        keyring.rotate()
        with self.assertLogs(LOGGER, "ERROR"):
            self.assertEqual(self.sealed._reseal(1), 1)
            self.assertEqual(self.sealed._reseal(1), 0)
        self.assertEqual(len(self.sealed._key_ids()), 2)
        self.assertIn(old[0], self.sealed._key_ids())
        self.answer(ben, self.phone, "granted")
        self.assertTrue(ben.phone)

    def test_reseal_without_a_key_file(self):
        self.take_key_away()
        with self.assertRaises(keyring.KeyringError):
            self.sealed._reseal(10)

    def test_restore_all(self):
        """Before uninstalling: whatever the consents say."""
        people = [self.make_waiting(f"Person {i}", phone=f"{i}") for i in range(5)]
        self.break_seals(people[:2])
        with mute_logger(LOGGER + ".models.withholding.consent_sealed_value_seal"):
            remaining = [self.sealed._restore_all(2) for _i in range(3)]
        self.assertEqual(remaining, [3, 2, 0])
        self.assertEqual([p.phone for p in people[2:]], ["2", "3", "4"])
        self.assertEqual(len(self.withheld(*people)), 2)
