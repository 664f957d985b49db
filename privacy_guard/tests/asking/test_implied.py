from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .asking_common import AskingCommon

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BASIS = {"legal_basis": "business_relationship", "covers_email": True}
CONDITIONS = ("soft_sale", "soft_similar", "soft_no_objection", "soft_told")


class ImpliedCommon(AskingCommon):
    """Purchases and inquiries, as add-ons tell of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.write({**BASIS, "company_id": cls.env.company.id})
        cls.ann = cls.make_contact("Ann")

    def relate(self, person, moment, kind="purchase", company=None):
        """Tell of a purchase or inquiry, at a moment."""
        select = SQL(
            "SELECT %s::int, %s, %s::timestamp, %s::int, %s",
            person.id,
            kind,
            moment,
            (company or self.env.company).id,
            f"sale.order,{person.id}",
        )
        within = SQL("= ANY(%s)", person.ids)
        purposes = self.env["consent.purpose"]._active_for("res.partner")
        records = self.env["consent.record"]
        records._end_over("res.partner", purposes, within)
        records._relate_by("res.partner", purposes._implied(), [select])
        self.env.invalidate_all()

    def may_be_mailed(self, person, moment):
        """:return: whether marketing may leave to somebody at a moment"""
        with freeze_time(moment):
            asked = {"marketing": {person.id}}
            return not self.env["privacy.gate"]._mail_refusals(asked)

    def kinds(self, person):
        return self.events(person, self.newsletter).mapped("kind")

    def assertSound(self, person):
        problems = self.env["consent.event"]._verify("res.partner", person.id)
        self.assertEqual(problems, [])


@tagged("post_install", "-at_install")
class TestImplied(ImpliedCommon):
    """TIM-3: a purchase or an inquiry allows messages for a time, and no longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = datetime.now().replace(microsecond=0)

    def test_until_the_second(self):
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        for kind, months in (("inquiry", 6), ("purchase", 24)):
            self.relate(self.ann, self.now, kind)
            end = self.now + relativedelta(months=months)
            self.assertTrue(self.may_be_mailed(self.ann, end - SECOND), kind)
            self.assertFalse(self.may_be_mailed(self.ann, end), kind)
            self.assertFalse(self.may_be_mailed(self.ann, end + SECOND), kind)
        # what ends sooner changes nothing
        self.relate(self.ann, self.now, "inquiry")
        self.assertEqual(self.kinds(self.ann), ["apply", "inquiry", "purchase"])
        consent = self.consent(self.ann, self.newsletter)
        # nobody has agreed to anything
        self.assertEqual((consent.value, consent.answer), ("applicable", False))
        self.assertEqual((consent.related_by, consent.ends_at), ("purchase", end))
        event = self.events(self.ann, self.newsletter)[-1]
        self.assertEqual(event.evidence_ids.note, f"sale.order,{self.ann.id}")
        self.assertEqual(event.address_match, "present")
        self.assertSound(self.ann)
        [answer] = self.env["privacy.api"].check(self.newsletter.id, [self.ann.id])
        self.assertEqual((answer["value"], answer["allowed"]), ("implied", True))

    def test_an_objection_that_waits_holds_it_back(self):
        """Anybody may have sent it: whoever looks at it says what it is."""
        self.relate(self.ann, self.now)
        [consent] = self.consent(self.ann, self.newsletter)
        request = self.env["privacy.request"]._make(self.ann, "objection", "mail")
        for allowed in (False, True):
            with self.subTest(allowed=allowed):
                self.env.invalidate_all()
                self.assertEqual(self.may_be_mailed(self.ann, self.now), allowed)
                self.assertEqual(consent._value_now() == "implied", allowed)
                [row] = self.env["privacy.api"].check(self.newsletter.id, self.ann.ids)
                self.assertEqual(row["allowed"], allowed)
            if not allowed:
                request._withdraw()

    def test_it_ends_by_itself(self):
        self.relate(self.ann, self.now, "inquiry")
        with freeze_time(self.now + relativedelta(months=6)):
            self.run_for(self.ann)
        consent = self.consent(self.ann, self.newsletter)
        self.assertFalse(consent.related_by or consent.ends_at)
        self.assertEqual(
            self.kinds(self.ann), ["apply", "inquiry", "elapse", "request"]
        )
        self.assertSound(self.ann)

    def test_a_no_is_never_revived(self):
        self.relate(self.ann, self.now)
        self.answer(self.ann, self.newsletter, "refused")
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        self.relate(self.ann, self.now + SECOND)
        # not even once they are asked again
        with freeze_time(self.now + relativedelta(months=8)):
            self.newsletter.text = "May we write to you, and how?"
            self.newsletter._publish(ask_again=True, in_substance=True)
            self.assertEqual(self.value(self.ann, self.newsletter), "applicable")
            self.relate(self.ann, self.now + relativedelta(months=8))
            self.assertFalse(self.may_be_mailed(self.ann, datetime.now()))
        self.assertNotIn("purchase", self.kinds(self.ann)[2:])
        self.assertSound(self.ann)

    def test_who_may_not_be_written_to(self):
        """STP-1, ERA-1: stopped or erased, and those left in peace elsewhere."""
        self.ann._privacy_set_status("stopped", "test")
        self.relate(self.ann, self.now)
        self.assertEqual(self.kinds(self.ann), ["apply"])
        bob = self.make_contact("Bob")
        self.answer(bob, self.newsletter, "refused")
        bob.unlink()
        bob = self.make_contact("Bob")
        self.relate(bob, self.now)
        self.assertEqual(self.kinds(bob), ["apply", "peace"])
        self.assertFalse(self.may_be_mailed(bob, self.now))

    def test_what_was_said_elsewhere_ends_with_an_answer_here(self):
        """TIM-1: who is left in peace since they were asked here is a customer as all
        others are, whatever they had said before they were on record."""
        self.newsletter.valid_months = 2
        self.answer(self.ann, self.newsletter, "refused")
        self.ann.unlink()
        bob = self.make_contact("Ann")
        self.relate(bob, self.now)
        self.answer(bob, self.newsletter, "granted")
        later = self.now + relativedelta(months=3)
        with freeze_time(later):
            self.run_for(bob)
            self.relate(bob, later)
        self.assertEqual(
            self.kinds(bob),
            ["apply", "peace", "answer", "expire", "request", "purchase"],
        )
        self.assertTrue(self.may_be_mailed(bob, later))
        self.assertSound(bob)

    def test_asking_goes_on_in_peace(self):
        """TIM-1: who has not answered is not asked again because of a purchase, and
        may be written to because of it."""
        self.run_for(self.ann)
        self.relate(self.ann, self.now)
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual(consent.value, "waiting")
        self.assertTrue(consent.peace_since)
        self.assertTrue(self.may_be_mailed(self.ann, self.now))
        with freeze_time(self.now + relativedelta(months=3)):
            self.run_for(self.ann)
        self.assertEqual(len(self.mails(self.ann)), 1)

    def test_each_company_has_customers_of_its_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.relate(self.ann, self.now, company=elsewhere)
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        values = {**BASIS, "name": "Shared", "text": "May we?", "company_id": False}
        with self.assertRaisesRegex(ValidationError, "with a company"):
            self.env["consent.purpose"].create(values)

    def test_another_address_is_another_persons(self):
        self.relate(self.ann, self.now)
        self.ann.email = "somebody.else@example.com"
        self.env["res.partner"]._privacy_settle_all_addresses()
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        self.assertEqual(self.kinds(self.ann)[-1], "unrelate")
        # what was before does not count any more
        self.relate(self.ann, self.now - DAY)
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        self.assertSound(self.ann)

    def test_merging_keeps_the_later_end(self):
        bob = self.make_contact("Bob")
        self.relate(self.ann, self.now, "inquiry")
        self.relate(bob, self.now - 300 * DAY)
        end, bob_id = self.consent(bob, self.newsletter).ends_at, bob.id
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.ann | bob).ids, self.ann)
        consent = self.consent(self.ann, self.newsletter)
        self.assertEqual((consent.related_by, consent.ends_at), ("purchase", end))
        event = self.events(self.ann, self.newsletter)[-1]
        self.assertEqual(event.evidence_ids.note, f"sale.order,{bob_id}")
        self.assertSound(self.ann)

    def test_soft_opt_in_needs_its_four_conditions(self):
        values = {"legal_basis": "existing_customer"}
        proven = {**dict.fromkeys(CONDITIONS, True), "soft_evidence": "Checkout"}
        for name in proven:
            with self.assertRaisesRegex(ValidationError, "four"), self.cr.savepoint():
                self.newsletter.write({**values, **proven, name: False})
        self.newsletter.write({**values, **proven})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.newsletter.soft_told = False
        self.relate(self.ann, self.now, "inquiry")
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        self.relate(self.ann, self.now)
        self.assertTrue(self.may_be_mailed(self.ann, self.now))
        self.assertFalse(
            self.may_be_mailed(self.ann, self.now + relativedelta(months=24))
        )
        # the basis goes, and what rests on it
        self.newsletter.legal_basis = "consent"
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        self.assertEqual(self.kinds(self.ann)[-1], "unrelate")
        self.assertSound(self.ann)

    def test_what_is_no_matter_of_relationships(self):
        for vals in ({"default_selection": "yes"}, {"kind": "tracking"}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["consent.purpose"].create({**BASIS, "name": "Other", **vals})

    def test_people_are_told(self):
        """On their page, below the message, in the receipt and in the copy: because of
        what, until when, and how to object."""
        self.relate(self.ann, self.now)
        pages, people = self.env["privacy.preferences.page"], [self.ann.sudo()]
        [question] = pages._questions(people)
        self.assertIsNone(question["selected"])
        form = str(pages._form([question], "/", "token", "session"))
        end = pages._moment(self.consent(self.ann, self.newsletter).ends_at, people)
        for said in ("You bought something from us", end, "You may object at any time"):
            self.assertIn(said, form)
        grounds = self.env["privacy.gate"]._grounds(
            {self.ann.email_normalized}, "covers_email", self.newsletter
        )
        [ground] = grounds.values()
        why = pages._why(self.ann.sudo(), ground.event_id)
        self.assertIn(f"until {end}", why["reason"])
        self.assertIn("CASL", why["reason"])
        consent = self.consent(self.ann, self.newsletter)
        files = self.env["consent.receipt"]._files(consent)
        self.assertIn(f"until {end}", files["privacy-receipt.txt"].decode())
        self.assertIn("dpv:ImpliedConsent", files["privacy-receipt.jsonld"].decode())
        pack = self.env["consent.proof"]._pack(consent)
        [row] = [r for r in pack["consents"][0]["events"] if r["relationship"]]
        self.assertIn(f"sale.order,{self.ann.id}", row["relationship"])
        # what the page says, it does: no button is another one's
        pages._save(people, {self.newsletter.id: "refused"}, source="preferences")
        self.assertFalse(self.may_be_mailed(self.ann, self.now))
        [question] = pages._questions(people)
        self.assertFalse(question["implied"])

    def test_reach_counts_them_until_the_end(self):
        """RCH-1"""
        self.relate(self.ann, self.now - relativedelta(months=22, days=10))
        domain = [
            ("purpose_id", "=", self.newsletter.id),
            ("res_id", "=", self.ann.id),
            ("res_model", "=", "res.partner"),
        ]
        [row] = self.env["privacy.reach"].search(domain)
        self.assertEqual(
            (row.reach, row.reach_30, row.reach_90, row.related_by),
            ("reached", "reached", "relationship_over", "purchase"),
        )
