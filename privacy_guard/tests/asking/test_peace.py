from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestPeace(AskingCommon):
    """TIM-1: who said no, or did not answer, is left in peace for some months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.condition = "[('country_id.code', '=', 'BE')]"
        cls.ann = cls.make_contact("Ann", country_id=cls.belgium.id)
        cls.start = fields.Datetime.now()
        cls.until = cls.start + relativedelta(months=6)

    def value_later(self, person=None, **later):
        """:return: what the daily run makes of somebody's consent at a later time"""
        person = person or self.ann
        with freeze_time(self.start + relativedelta(**later)):
            self.run_for(person)
        return self.value(person, self.newsletter)

    def assertAskedAfterPeace(self, person, value="applicable"):
        """Who is left in peace is listed with the reason and the date, and is asked
        when it is over."""
        self.assertEqual(self.value_later(person, days=2), value)
        self.assertTrue(self.listed(person))
        self.assertEqual(self.value_later(person, months=6, minutes=-1), value)
        self.assertEqual(self.value_later(person, months=6, minutes=1), "waiting")
        self.assertFalse(self.listed(person))
        problems = self.env["consent.event"]._verify("res.partner", person.id)
        self.assertEqual(problems, [])

    def listed(self, person):
        """:return: whether *Cannot be asked* says why and until when"""
        action = self.env.ref("privacy_guard.consent_report_action_cannot_be_asked")
        domain = [*safe_eval(action.domain), ("res_id", "=", person.id)]
        line = self.env["consent.report"].search(domain)
        if line:
            self.assertEqual(line.ineligibility, "peace")
            self.assertLess(abs(line.peace_until - self.until), timedelta(minutes=1))
        return bool(line)

    def apply_again(self, person):
        """Have the consent cease to apply, and begin to again."""
        person.country_id = self.italy
        self.assertEqual(self.value(person, self.newsletter), "not_applicable")
        person.country_id = self.belgium

    def publish_again(self, **how):
        self.newsletter.text = f"Revision {self.newsletter.version}"
        self.newsletter._publish(ask_again=True, **how)

    def test_who_does_not_answer(self):
        self.run_for(self.ann)
        self.apply_again(self.ann)
        self.assertTrue(self.ann.cannot_be_asked)
        with (
            freeze_time(self.start + timedelta(days=2)),
            self.assertRaisesRegex(UserError, "less than 6 months ago"),
        ):
            self.ann.action_send_consent_request()
        self.assertAskedAfterPeace(self.ann)

    def test_who_says_no(self):
        """A text that says the same in other words lets the no stand until then."""
        self.answer(self.ann, self.newsletter, "refused")
        self.publish_again()
        self.assertAskedAfterPeace(self.ann, "refused")
        self.assertEqual(
            self.events(self.ann, self.newsletter).mapped("kind"),
            ["apply", "answer", "review", "reset", "request"],
        )

    def test_an_objection_stands(self):
        """GDPR Art. 21: silence does not end it."""
        self.newsletter.write(
            {"default_selection": "yes", "legal_basis": "legitimate_interests"}
        )
        self.newsletter._publish()
        self.answer(self.ann, self.newsletter, "refused")
        self.publish_again()
        self.assertEqual(self.value_later(months=7), "refused")
        # nor does another text, whenever it comes
        with freeze_time(self.start + relativedelta(months=8)):
            for in_substance in (False, True):
                self.publish_again(in_substance=in_substance)
                self.assertEqual(self.value(self.ann, self.newsletter), "refused")
        kinds = self.events(self.ann, self.newsletter).mapped("kind")
        self.assertEqual(kinds, ["apply", "answer", *["review"] * 3])

    def test_who_said_no_long_ago_is_asked_with_the_new_text(self):
        self.answer(self.ann, self.newsletter, "refused")
        with freeze_time(self.start + relativedelta(months=6, minutes=1)):
            self.publish_again()
        self.assertEqual(self.value(self.ann, self.newsletter), "applicable")
        self.assertFalse(self.listed(self.ann))

    def test_a_text_that_changes_in_substance(self):
        """The officer says so: it is not the same that people are asked for."""
        bob = self.make_contact("Bob", country_id=self.belgium.id)
        self.run_for(self.ann)
        self.answer(bob, self.newsletter, "refused")
        gone = self.make_contact("Gone", country_id=self.belgium.id)
        self.ask(gone, self.newsletter)
        gone.unlink()
        self.newsletter.text = "May we sell your address?"
        officer = new_test_user(
            self.env, "officer", groups="privacy_guard.group_privacy_officer"
        )
        wizard = self.env["consent.publish"].with_user(officer)
        wizard = wizard.create({"purpose_id": self.newsletter.id, "answers": "ask"})
        self.assertEqual((wizard.answered_count, wizard.peace_count), (1, 2))
        wizard.in_substance = True
        wizard.action_publish()
        again = self.make_contact("Gone", country_id=self.belgium.id)
        self.assertFalse(self.listed(self.ann) or self.listed(bob))
        for person in self.ann, bob, again:
            self.assertEqual(self.value_later(person, days=2), "waiting")

    def test_who_is_merged_with_somebody_who_is_left_in_peace(self):
        bob = self.make_contact("Bob", country_id=self.belgium.id)
        self.ask(bob, self.newsletter)
        bob.country_id = self.italy
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.ann | bob).ids, self.ann)
        self.assertFalse(bob.exists())
        self.assertAskedAfterPeace(self.ann)

    def test_who_is_deleted_and_imported_again(self):
        self.run_for(self.ann)
        self.ann.unlink()
        [row] = self.env["consent.peace"].search([])
        self.assertNotIn("ann", row.address_hash)
        again = self.make_contact("Ann", country_id=self.belgium.id)
        self.assertAskedAfterPeace(again)
        self.assertFalse(row.exists())
        again.unlink()
        row = self.env["consent.peace"].search([])
        with freeze_time(self.until + relativedelta(months=7)):
            row._gc_over()
        self.assertFalse(row.exists())

    def test_a_yes_ends_it_and_no_request_that_got_lost_begins_it(self):
        self.answer(self.ann, self.newsletter, "refused")
        self.answer(self.ann, self.newsletter, "granted")
        self.publish_again()
        bob = self.make_contact("Bob", country_id=self.belgium.id)
        self.lose_request(bob)
        for person in self.ann, bob:
            self.assertEqual(self.value_later(person, days=2), "waiting")

    def test_the_months_are_a_setting(self):
        self.run_for(self.ann)
        self.apply_again(self.ann)
        settings = self.env["res.config.settings"].create({"privacy_peace_months": 0})
        settings.execute()
        self.assertEqual(self.value_later(days=2), "waiting")

    def test_nobody_shortens_it_by_hand(self):
        self.run_for(self.ann)
        with self.assertRaises(UserError):
            self.consent(self.ann, self.newsletter).peace_since = False
        with self.assertRaises(AccessError):
            self.newsletter.ask_again_at = self.start
