from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..withholding.withholding_common import WithholdingCommon


@tagged("post_install", "-at_install")
class TestWizardSwitchOn(WithholdingCommon):
    """Switching on says first how many values will be withheld, with an officer's
    rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env, "officer", groups="privacy_guard.group_privacy_officer"
        )
        cls.phone.active = False
        cls.ann, cls.ben, cls.cid = (
            cls.make_contact(name, phone="1") for name in ("Ann", "Ben", "Cid")
        )
        cls.make_contact("Without a number")
        cls.phone.condition = "[('name', 'in', ('Ann', 'Ben', 'Cid'))]"

    def open(self, action):
        """:return: the wizard that an action of the interface opens"""
        self.assertEqual(action["res_model"], "consent.switch.on")
        wizards = self.env["consent.switch.on"].with_user(self.officer)
        return wizards.with_context(**action["context"]).create({})

    def test_shows_the_number_and_asks_for_confirmation(self):
        """Nothing changes before the officer has confirmed."""
        purpose = self.phone.with_user(self.officer)
        wizard = self.open(purpose.action_unarchive())
        self.assertFalse(self.phone.active)
        self.assertEqual(wizard.value_count, 3)
        self.assertEqual((wizard.is_sealed, wizard.days), (True, 30))
        form = Form(wizard)
        self.assertEqual(form.value_count, 3)
        wizard.action_switch_on()
        self.assertTrue(self.phone.active)

    def test_values_of_people_who_answered_do_not_count(self):
        self.phone.active = True
        self.env["consent.record"]._sync("res.partner", window=(1, self.cid.id))
        self.answer(self.ann, self.phone, "granted")
        self.phone.active = False
        wizard = self.open(self.phone.with_user(self.officer).action_unarchive())
        self.assertEqual(wizard.value_count, 2)

    def test_no_dialogue_where_nothing_is_withheld(self):
        nobody = self.make_data_purpose("function", active=False)
        offers = self.make_purpose(name="Offers", active=False)
        both = (nobody | offers).with_user(self.officer)
        self.assertFalse(both.action_unarchive())
        self.assertTrue(nobody.active and offers.active)

    def test_several_at_once(self):
        """From the list, with one that withholds nothing."""
        offers = self.make_purpose(name="Offers", active=False)
        both = (self.phone | offers).with_user(self.officer)
        wizard = self.open(both.action_unarchive())
        self.assertEqual(wizard.value_count, 3)
        wizard.action_switch_on()
        self.assertTrue(self.phone.active and offers.active)

    def test_publishing_that_switches_on_asks_too(self):
        purpose = self.env["consent.purpose"].create(
            {
                "name": "Job",
                "text": "May we keep your job?",
                "kind": "data",
                "field_id": self.env["ir.model.fields"]
                ._get("res.partner", "function")
                .id,
            }
        )
        self.ann.function = "Baker"
        publish = self.env["consent.publish"].with_user(self.officer)
        action = publish.create({"purpose_id": purpose.id}).action_publish()
        self.assertEqual((purpose.version, purpose.active), (1, False))
        self.open(action).action_switch_on()
        self.assertTrue(purpose.active)

    def test_without_a_key_it_says_what_to_do(self):
        self.key_file.unlink()
        wizard = self.open(self.phone.with_user(self.officer).action_unarchive())
        self.assertIn("Ask your administrator", wizard.blocker)
        with self.assertRaisesRegex(UserError, "Ask your administrator"):
            wizard.action_switch_on()
        self.assertFalse(self.phone.active)
        self.env["ir.config_parameter"].set_param("privacy_guard.withhold", "erase")
        wizard.invalidate_recordset()
        self.assertFalse(wizard.blocker or wizard.is_sealed)
        wizard.action_switch_on()
        self.assertTrue(self.phone.active)

    def test_the_officer_may_do_without_the_dialogue(self):
        self.phone.with_user(self.officer).active = True
        self.assertTrue(self.phone.active)

    def test_others_switch_nothing_on(self):
        user = self.make_user("clerk", groups="privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            self.env["consent.switch.on"].with_user(user).create(
                {"purpose_ids": self.phone.ids}
            )
        with self.assertRaises(AccessError):
            self.phone.with_user(user).action_unarchive()
        self.assertFalse(self.phone.active)
