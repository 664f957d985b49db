from odoo import Command
from odoo.tests import tagged

from odoo.addons.privacy_guard.tests.erasure.erasure_common import ErasureCommon

from .lead_common import LeadCommon


@tagged("post_install", "-at_install")
class TestOfficerCompanies(ErasureCommon, LeadCommon):
    """ROL-2: what an officer does about an address that anybody may type reaches the
    companies that they are allowed in; what the person has proven reaches all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        sales = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.officer.write(
            {
                "company_id": cls.elsewhere.id,
                "company_ids": [Command.set(cls.elsewhere.ids)],
                "group_ids": [Command.link(sales.id)],
            }
        )
        cls.here = cls.env.company
        cls.ann.company_id = cls.here
        cls.typed = cls.make_lead(
            "Ann Canary",
            email_from="ann@canary.example",
            company_id=cls.elsewhere.id,
            user_id=cls.officer.id,
        )

    def requests_about_ann(self, kind):
        requests = self.env["privacy.request"]
        return requests.search([*requests._about(self.ann), ("kind", "=", kind)])

    def record(self, kind, subject):
        """The officer records what came by letter."""
        wizard = self.env["privacy.request.make"].with_user(self.officer)
        about = {"res_model": subject._name, "res_id": subject.id}
        action = wizard.create({**about, "kind": kind}).action_make()
        return self.env["privacy.request"].browse(action["res_id"])

    def test_erasing_reaches_no_contact_of_another_company(self):
        blacklisted = self.env["mail.blacklist"]._add("ann@canary.example")
        wrote = self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.make_contact("Bea Other").id,
                "email_from": "ann@canary.example",
                "author_id": False,
                "body": "Words of Ann",
            }
        )
        erasure = self.begin(self.typed)
        people = {(row.res_model, row.res_id) for row in erasure.subject_ids}
        self.assertEqual(people, {("crm.lead", self.typed.id)})
        rows = {(line.res_model, line.res_id) for line in erasure.line_ids}
        self.assertNotIn(("mail.message", wrote.id), rows)
        self.assertFalse(erasure.is_of_all_companies)
        self.execute(erasure)
        self.assertEqual(self.typed.privacy_status, "erased")
        self.assertEqual(self.ann.privacy_status, "active")
        self.assertEqual(self.ann.email, "ann@canary.example")
        self.assertTrue(blacklisted.exists())
        self.assertIn("Words of Ann", wrote.body)

    def test_erasing_a_shared_contact_leaves_another_company_its_rows(self):
        values = {"phone": "+32 2 555 01 02", "street": "Canary Street 1"}
        shared = self.make_contact("Ann Shared", email="ann@shared.example", **values)
        theirs, own = (
            self.make_lead(
                "Ann Shared",
                partner_id=shared.id,
                company_id=company.id,
                email_from="ann@shared.example",
                **values,
            )
            for company in (self.here, self.elsewhere)
        )
        note = theirs.message_post(body="Ann called", author_id=shared.id)
        erasure = self.erase(shared)
        self.assertEqual(shared.privacy_status, "erased")
        self.assertEqual(theirs.email_from, "ann@shared.example")
        self.assertEqual((theirs.phone, theirs.street), tuple(values.values()))
        self.assertFalse(own.phone)
        self.assertIn("Ann called", note.body)
        left = erasure.line_ids.filtered(lambda line: line.reason == "other_company")
        self.assertIn(
            ("mail.message", note.id), [(r.res_model, r.res_id) for r in left]
        )
        self.assertEqual(set(left.mapped("treatment")), {"keep"})
        self.assertFalse(any(left.mapped("columns")))
        # nor does erasing again what a restored backup has brought back
        entries = self.env["privacy.erasure"]._journal()
        self.assertEqual(entries[-1]["companies"], self.elsewhere.ids)
        self.env.cr.execute(
            "UPDATE res_partner SET name = 'Ann Shared', email = 'ann@shared.example',"
            " email_normalized = 'ann@shared.example', privacy_status = 'active'"
            " WHERE id = %s",
            [shared.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.replay(entries)[0], 1)
        self.assertEqual((shared.privacy_status, shared.email), ("erased", False))
        self.assertEqual(theirs.email_from, "ann@shared.example")
        self.assertIn("Ann called", note.body)

    def test_nor_what_a_number_leads_to(self):
        number = "+3225550177"
        self.make_contact("Ben Other", phone=number, company_id=self.here.id)
        message = self.env["sms.sms"].create({"number": number, "body": "Hello"})
        self.typed.phone = number
        self.assertEqual(self.typed.phone_sanitized, number)
        erasure = self.erase(self.typed)
        self.assertFalse(self.lines(erasure, "sms.sms"))
        self.assertTrue(message.exists())

    def test_the_other_company_is_asked_and_decides(self):
        self.erase(self.typed)
        request = self.requests_about_ann("erasure")
        self.assertEqual((request.state, request.company_id), ("new", self.here))
        self.assertEqual(request.channel, "letter")
        own = self.make_user(
            "own_officer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            email="own@example.com",
        )
        request.with_user(own).action_erase()
        # asked once, however often
        again = self.make_lead(
            email_from="ann@canary.example", company_id=self.elsewhere.id
        )
        self.erase(again)
        self.assertEqual(self.requests_about_ann("erasure"), request)

    def test_erasing_a_contact_reaches_no_lead_of_another_company(self):
        own = self.make_contact(
            "Ann Own", email="own@canary.example", company_id=self.elsewhere.id
        )
        theirs = self.make_lead(
            "Ann Own", email_from="own@canary.example", company_id=self.here.id
        )
        nobodys = self.make_lead("Ann Own", email_from="own@canary.example")
        nobodys.company_id = False
        self.erase(own)
        statuses = [r.privacy_status for r in (own, theirs, nobodys)]
        self.assertEqual(statuses, ["erased", "active", "erased"])

    def test_era2_what_another_company_keeps_takes_nobody_off_the_list(self):
        """They are suppressed where they were erased; elsewhere mail may go on."""
        number = "+3225550177"
        for field, value in (("email", "quin@x.example"), ("phone", number)):
            with self.subTest(field=field):
                self.check_suppressed(field, value)

    def check_suppressed(self, field, value):
        here, elsewhere = self.here, self.elsewhere
        column = "email_from" if field == "email" else field
        reached = {"email_from": False, column: value}
        kept = self.make_lead("Kept", **reached, company_id=here.id)
        erased = self.make_contact(
            "Erased", **{"email": False, field: value}, company_id=elsewhere.id
        )
        self.erase(erased)
        self.assertEqual(kept.privacy_status, "active")
        asked = {"automatic": {value}}
        gate = self.env["privacy.gate"]
        self.assertFalse(gate.with_company(here)._channel_refusals(asked))
        self.assertTrue(gate.with_company(elsewhere)._channel_refusals(asked))
        leads = self.env["crm.lead"]
        vals = {"name": "Again", "user_id": False, "team_id": False, column: value}
        for works, own, expected in (
            (elsewhere, False, "stopped"),
            (here, elsewhere.id, "stopped"),
            (here, False, "active"),
            (elsewhere, here.id, "active"),
        ):
            again = leads.with_company(works).create({**vals, "company_id": own})
            self.assertEqual(again.privacy_status, expected)
        again.company_id = elsewhere
        self.assertEqual(again.privacy_status, "stopped")
        found = self.env["privacy.suppression"].search([("address", "=", value)])
        self.assertEqual(found.mapped("kind"), [field])

    def test_who_is_in_both_companies_reaches_both(self):
        self.officer.company_ids |= self.here
        self.erase(self.typed)
        self.assertEqual(self.ann.privacy_status, "erased")

    def test_who_is_in_fewer_companies_opens_what_one_of_more_began(self):
        shared = self.make_contact("Ann Shared", email="ann@shared.example")
        self.officer.company_ids |= self.here
        begun = self.begin(shared)
        fewer = self.make_user(
            "fewer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            email="fewer@example.com",
            company_id=self.elsewhere.id,
            company_ids=[Command.set(self.elsewhere.ids)],
        )
        self.env.invalidate_all()
        [values] = begun.with_user(fewer).read(["is_of_all_companies"])
        self.assertIn("is_of_all_companies", values)

    def test_a_stop_by_letter_reaches_no_contact_of_another_company(self):
        request = self.record("stop", self.typed)
        self.assertEqual(self.typed.privacy_status, "stopped")
        self.assertEqual(self.ann.privacy_status, "active")
        self.assertIn("other officers", " ".join(request.message_ids.mapped("body")))
        # nor does taking it back
        self.ann._privacy_stop("Because of something else")
        request._withdraw()
        self.assertEqual(self.typed.privacy_status, "active")
        self.assertEqual(self.ann.privacy_status, "stopped")

    def test_a_copy_holds_the_leads_that_are_reached(self):
        shared = self.make_contact("Ann Shared", email="ann@shared.example")
        theirs, own = (
            self.make_lead(
                "Ann Shared",
                partner_id=shared.id,
                company_id=company.id,
                email_from="ann@shared.example",
            )
            for company in (self.here, self.elsewhere)
        )
        exports = self.env["privacy.export"].with_user(self.officer)
        for source, expected in (
            ("officer", own),
            ("request", own | theirs),
            ("portal", own | theirs),
            ("preferences", own | theirs),
        ):
            export = exports._ask(shared, source).sudo()
            people = {people._name: people for people in export._subjects()}
            self.assertEqual(people["crm.lead"], expected, source)

    def test_a_letter_confirms_nothing_that_waits_for_a_proof(self):
        self.env["privacy.request"]._make(
            self.typed, "stop", "page", state="unconfirmed"
        )
        request = self.record("stop", self.typed)
        self.assertEqual((request.channel, request.state), ("letter", "new"))
        self.assertEqual(self.ann.privacy_status, "active")

    def test_what_the_person_has_proven_reaches_all(self):
        self.env["privacy.request"]._make(self.typed, "stop", "page")
        self.assertEqual(self.ann.privacy_status, "stopped")

    def test_the_log_names_the_officer_who_erased(self):
        self.erase(self.typed)
        log = self.env["privacy.status.log"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.typed.id)], limit=1
        )
        self.assertEqual((log.status_to, log.user_id), ("erased", self.officer))
