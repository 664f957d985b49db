from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestValidity(AskingCommon):
    """TIM-4: a yes holds for as long as its consent says, and silence ends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.write({"valid_months": 12, "covers_email": True})
        cls.newsletter.condition = "[('country_id.code', '=', 'BE')]"
        cls.ann = cls.make_contact("Ann", country_id=cls.belgium.id)
        cls.answer(cls, cls.ann, cls.newsletter, "granted")
        consent = cls.consent(cls, cls.ann, cls.newsletter)
        cls.start, cls.end = consent.answered_at, consent.ends_at

    def may_be_mailed(self, moment, person=None):
        """:return: whether marketing may leave to somebody at a moment"""
        person = person or self.ann
        with freeze_time(moment):
            asked = {"marketing": {person.id}}
            return not self.env["privacy.gate"]._mail_refusals(asked)

    def run_at(self, moment):
        with freeze_time(moment):
            self.run_for(self.ann)

    def assertSound(self, person):
        problems = self.env["consent.event"]._verify("res.partner", person.id)
        self.assertEqual(problems, [])

    def test_it_ends_by_itself_and_the_event_follows(self):
        """Nothing leaves in between, whenever the daily run comes."""
        self.assertLess(abs(self.end - self.start - timedelta(days=365)), timedelta(2))
        self.assertTrue(self.may_be_mailed(self.end - timedelta(seconds=1)))
        gate, covers = self.env["privacy.gate"], ("covers_email", self.newsletter)
        address = self.ann.email_normalized
        self.assertTrue(gate._grounds({address}, *covers))
        [answer] = self.env["privacy.api"].check(self.newsletter.id, [self.ann.id])
        self.assertEqual((answer["value"], answer["allowed"]), ("granted", True))
        self.assertFalse(self.may_be_mailed(self.end))
        with freeze_time(self.end):
            self.assertFalse(gate._grounds({address}, *covers))
            [answer] = self.env["privacy.api"].check(self.newsletter.id, [self.ann.id])
        self.assertEqual((answer["value"], answer["allowed"]), ("applicable", False))
        with freeze_time(self.end):
            self.run_job(self.daily)
        self.env.invalidate_all()
        # who has agreed once may be asked whether that goes on
        self.assertEqual(self.value(self.ann, self.newsletter), "waiting")
        kinds = self.events(self.ann, self.newsletter).mapped("kind")
        self.assertEqual(kinds[-2:], ["expire", "request"])
        self.assertSound(self.ann)

    def test_the_consent_says_what_it_becomes(self):
        self.newsletter.ends_as = "refused"
        self.run_at(self.end)
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual((consent.value, consent.answer), ("refused", False))
        self.assertFalse(consent.peace_since)
        self.assertSound(self.ann)

    def test_they_are_told_thrice(self):
        told = {}
        for days in (40, 30, 29, 8, 7, 2, 1, 0):
            self.run_at(self.end - timedelta(days=days))
            told[days] = len(self.mails(self.ann))
        self.assertEqual(told, {40: 0, 30: 1, 29: 1, 8: 1, 7: 2, 2: 2, 1: 3, 0: 3 + 1})
        mail = self.mails(self.ann)[0]
        self.assertIn("ends soon", mail.subject)
        self.assertIn("Newsletter", mail.body_html)
        kinds = self.events(self.ann, self.newsletter).mapped("kind")
        self.assertEqual(
            kinds, ["apply", "answer", *["expiring"] * 3, "expire", "request"]
        )
        self.assertSound(self.ann)

    def test_they_say_yes_again(self):
        """Only they: saving the same sooner says nothing new, and neither saving the
        contact nor publishing a text renews it."""
        page, yes = (
            self.env["privacy.preferences.page"],
            {self.newsletter.id: "granted"},
        )
        self.assertFalse(page._save([self.ann], yes, source="preferences"))
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual((consent.value, consent.ends_at), ("granted", self.end))
        with freeze_time(self.end - timedelta(days=20)):
            self.assertTrue(page._save([self.ann], yes, source="preferences"))
        renewed = self.end - timedelta(days=20) + relativedelta(months=12)
        self.ann.country_id = self.italy
        self.ann.country_id = self.belgium
        self.newsletter.text = "May we write to you?"
        self.newsletter._publish()
        self.assertEqual((consent.to_review, consent.ends_at), (True, renewed))
        self.run_at(self.end)
        self.assertEqual(consent.value, "granted")
        self.run_at(renewed - timedelta(days=29))
        self.assertEqual(len(self.mails(self.ann)), 1)

    def test_what_has_ended_does_not_come_back(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.peace_months", "0")
        with freeze_time(self.end):
            self.ann.country_id = self.italy
            self.ann.country_id = self.belgium
        self.assertEqual(self.value(self.ann, self.newsletter), "applicable")
        self.assertFalse(self.may_be_mailed(self.end))

    def test_merging_renews_nothing(self):
        with freeze_time(self.start + timedelta(days=100)):
            bob = self.make_contact("Bob", country_id=self.belgium.id)
            bob.email = False
            wizard = self.env["base.partner.merge.automatic.wizard"]
            wizard._merge((self.ann | bob).ids, bob)
        consent = self.consent(bob, self.newsletter)
        self.assertEqual((consent.value, consent.ends_at), ("granted", self.end))
        self.assertSound(bob)

    def test_another_validity_ends_nothing_unannounced(self):
        consent = self.consent(self.ann, self.newsletter)
        later = self.start + relativedelta(months=11, days=25)
        with freeze_time(later):
            self.newsletter.valid_months = 6
        self.assertEqual(consent.ends_at, later + timedelta(days=30))
        self.run_at(later)
        self.assertEqual(len(self.mails(self.ann)), 1)
        self.newsletter.valid_months = 24
        self.assertEqual(consent.ends_at, self.start + relativedelta(months=24))
        self.newsletter.valid_months = 0
        self.assertFalse(consent.ends_at)
        self.assertSound(self.ann)

    def test_nobody_puts_it_off(self):
        """Neither officers by the date, nor who owns the database unnoticed (EVI-1)."""
        with self.assertRaises(AccessError):
            self.newsletter.valid_from = self.end
        self.env.cr.execute(
            "UPDATE consent_record SET ends_at = ends_at + interval '1 year'"
            " WHERE res_id = %s AND res_model = 'res.partner'",
            [self.ann.id],
        )
        [problem] = self.env["consent.event"]._verify("res.partner", self.ann.id)
        self.assertIn("Holds until", problem.detail)

    def test_what_needs_no_yes_has_no_end(self):
        for vals in (
            {"default_selection": "yes", "legal_basis": "legitimate_interests"},
            {"valid_months": -1},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.newsletter.write(vals)
