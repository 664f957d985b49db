from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailingContact(MailingCommon):
    """Who is on a mailing list is asked, answers and is obeyed as anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose.for_mailing_contacts = True
        cls.list = cls.make_list(
            cls,
            "mia@example.com",
            "max@example.com",
            cls.willing.email,
            privacy_purpose_id=cls.purpose.id,
        )
        cls.mia, cls.max, cls.linked = cls.list.contact_ids.sorted("id")

    def run_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_daily_requests").method_direct_trigger()
        self.env.invalidate_all()

    def requests(self, subject):
        return self.env["mail.mail"].search(
            [("model", "=", subject._name), ("res_id", "in", subject.ids)]
        )

    def refused(self, *addresses):
        found = self.env["privacy.gate"]._mailing_refusals(self.purpose, addresses)
        return [found.get(address) for address in addresses]

    def page(self, subject):
        link = self.env["privacy.preferences.link"]
        return self.env["privacy.preferences.page"], link._subjects(subject)

    def test_ask1_who_was_not_reached_shows_why_and_is_asked_again(self):
        self.lose_request(self.mia)
        groups = "privacy_guard.group_privacy_user,mass_mailing.group_mass_mailing_user"
        self.assertOffersRetry(self.mia, self.make_user("clerk", groups))
        self.assertEqual(self.value(self.mia, self.purpose), "waiting")

    # ------------------------------------------------------------------
    # What applies
    # ------------------------------------------------------------------

    def test_consents_apply_from_creation(self):
        self.assertEqual(self.value(self.mia, self.purpose), "applicable")
        self.assertEqual(self.mia.privacy_status, "active")
        self.assertEqual(self.mia.email_opt_in, "none")

    def test_only_purposes_that_say_so_with_their_own_conditions(self):
        other = self.make_purpose(name="Surveys", covers_email=True)
        named = self.make_purpose(
            name="Named",
            for_mailing_contacts=True,
            mailing_contact_condition="[('name', 'ilike', 'mia')]",
        )
        (self.mia | self.max)._consent_sync()
        self.assertEqual(self.value(self.mia, other), "not_applicable")
        self.assertEqual(self.value(self.mia, named), "applicable")
        self.assertEqual(self.value(self.max, named), "not_applicable")
        # saving sees it
        self.max.name = "Max, son of Mia"
        self.assertEqual(self.value(self.max, named), "applicable")
        named.for_mailing_contacts = False
        self.assertEqual(self.value(self.mia, named), "not_applicable")

    def test_joining_and_leaving_a_list_is_seen(self):
        club = self.env["mailing.list"].create({"name": "Club"})
        purpose = self.make_purpose(
            name="Club",
            for_mailing_contacts=True,
            mailing_contact_condition=f"[('subscription_ids', 'any', "
            f"[('list_id', '=', {club.id}), ('opt_out', '=', False)])]",
        )
        self.assertEqual(self.value(self.mia, purpose), "not_applicable")
        subscription = self.env["mailing.subscription"].create(
            {"contact_id": self.mia.id, "list_id": club.id}
        )
        self.assertEqual(self.value(self.mia, purpose), "applicable")
        subscription.opt_out = True
        self.assertEqual(self.value(self.mia, purpose), "not_applicable")

    def test_conditions_must_be_a_domain_on_mailing_contacts(self):
        with self.assertRaisesRegex(Exception, "conditions"):
            self.purpose.mailing_contact_condition = "[('nothing', '=', 1)]"

    # ------------------------------------------------------------------
    # Asking and answering
    # ------------------------------------------------------------------

    def test_job1_asked_once_by_mail_to_the_address(self):
        self.run_daily()
        mail = self.requests(self.mia)
        self.assertEqual(mail.email_to, "mia@example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertIn("/privacy/", mail._prepare_outgoing_list()[0]["body"])
        self.assertEqual(self.value(self.mia, self.purpose), "waiting")
        self.run_daily()
        self.assertEqual(len(self.requests(self.mia)), 1)

    def test_who_is_a_contact_is_asked_as_such(self):
        self.run_daily()
        self.assertFalse(self.requests(self.linked))
        self.assertEqual(self.value(self.linked, self.purpose), "not_applicable")
        self.assertEqual(self.linked.privacy_contact_id, self.willing)

    def test_dup1_all_but_one_of_an_address(self):
        second = self.make_list("mia@example.com").contact_ids
        self.run_daily()
        self.assertEqual(self.mia.privacy_status, "duplicate")
        self.assertEqual(second.privacy_status, "active")
        self.assertFalse(self.requests(self.mia))
        self.assertEqual(len(self.requests(second)), 1)

    def test_the_next_record_of_a_person_knows_the_answer(self):
        """Odoo makes one per list: who has said yes is not asked for each of them."""
        self.answer(self.mia, self.purpose, "granted")
        second = self.make_list("mia@example.com").contact_ids
        self.assertEqual(self.value(second, self.purpose), "granted")
        self.assertEqual(self.events(second, self.purpose)[-1].kind, "merge")
        self.assertEqual(self.refused("mia@example.com"), [None])
        self.assertFalse(list(self.env["consent.event"]._problems()))

    def test_a_lead_and_a_mailing_contact_are_asked_once(self):
        if "crm.lead" not in self.env:
            self.skipTest("leads are not installed")
        self.purpose.for_leads = True
        # neither knows of the other when it is made
        lead = self.env["crm.lead"].create({"name": "L", "email_from": "l@example.com"})
        lead.email_from = "mia@example.com"
        self.run_daily()
        self.assertEqual(len(self.requests(lead)), 1)
        self.assertFalse(self.requests(self.mia))
        page, subjects = self.page(self.mia)
        self.assertEqual(len(page._questions(subjects)), 1)
        page._save(subjects, {self.purpose.id: "granted"}, source="preferences")
        self.assertEqual(self.value(lead, self.purpose), "granted")
        self.assertEqual(self.value(self.mia, self.purpose), "granted")
        later = self.env["crm.lead"].create(
            {"name": "Later", "email_from": "mia@example.com"}
        )
        self.assertEqual(self.value(later, self.purpose), "granted")

    def test_becoming_a_contact_carries_answers_over(self):
        self.answer(self.mia, self.purpose, "granted")
        self.answer(self.max, self.purpose, "refused")
        mia = self.make_contact("Mia", email="mia@example.com")
        max_ = self.make_contact("Max", email="max@example.com")
        self.assertEqual(self.value(mia, self.purpose), "granted")
        self.assertEqual(self.value(max_, self.purpose), "refused")
        self.assertEqual(
            self.refused(mia.email, max_.email), [None, "no_marketing_consent"]
        )

    def test_withdrawing_on_the_page_leaves_the_lists(self):
        self.answer(self.mia, self.purpose, "granted")
        page, subjects = self.page(self.mia)
        self.assertEqual([q["id"] for q in page._questions(subjects)], self.purpose.ids)
        page._save(subjects, {self.purpose.id: "refused"}, source="preferences")
        self.assertTrue(self.mia.subscription_ids.opt_out)
        self.assertFalse(self.max.subscription_ids.opt_out)

    def test_merging_lists_puts_nobody_back(self):
        self.answer(self.mia, self.purpose, "refused")
        merged = self.make_list(privacy_purpose_id=self.purpose.id)
        merged.action_merge(self.list, archive=True)
        self.assertEqual(merged.contact_ids, self.max | self.linked)

    def test_odoos_own_page_withdraws(self):
        self.answer(self.mia, self.purpose, "granted")
        mailing = self.make_mailing(self.list)
        mailing._privacy_withdraw("Mia <mia@example.com>", {"ip": "192.0.2.1"})
        self.assertEqual(self.value(self.mia, self.purpose), "refused")
        self.assertTrue(self.mia.subscription_ids.opt_out)

    # ------------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------------

    def test_mailings_go_to_who_granted(self):
        self.answer(self.mia, self.purpose, "granted")
        mailing = self.make_mailing(self.list)
        self.send(mailing)
        traces = self.trace(mailing, self.mia) | self.trace(mailing, self.linked)
        self.assertEqual(traces.mapped("trace_status"), ["sent", "sent"])
        self.assertEqual(len(self._mails), 2)
        trace = self.trace(mailing, self.max)
        self.assertEqual(trace.failure_type, "privacy_no_marketing_consent")

    def test_what_one_record_refuses_holds_for_the_address(self):
        second = self.make_list("mia@example.com").contact_ids
        self.answer(second, self.purpose, "granted")
        self.assertEqual(self.refused("mia@example.com"), [None])
        self.answer(self.mia, self.purpose, "refused")
        self.assertEqual(self.refused("mia@example.com"), ["no_marketing_consent"])

    def test_silence_of_one_record_says_nothing(self):
        second = self.make_list("mia@example.com").contact_ids
        self.answer(self.mia, self.purpose, "granted")
        self.assertEqual(self.value(second, self.purpose), "applicable")
        self.assertEqual(self.refused("mia@example.com"), [None])
        # a yes to something else is none to this
        other = self.make_purpose(
            name="Surveys", covers_email=True, for_mailing_contacts=True
        )
        self.mia._consent_sync()
        found = self.env["privacy.gate"]._mailing_refusals(other, ["mia@example.com"])
        self.assertEqual(found, {"mia@example.com": "no_marketing_consent"})

    def test_stopped(self):
        self.answer(self.mia, self.purpose, "granted")
        self.mia._privacy_stop("asked")
        self.assertEqual(self.refused("mia@example.com"), ["stopped"])
        with self.assertRaisesRegex(UserError, "stop processing"):
            self.mia.name = "Else"
        with self.assertRaises(UserError):
            self.mia.unlink()
        # leaving a list is possible all the same
        self.mia.subscription_ids.opt_out = True

    def test_tracking(self):
        tracking = self.env["privacy.gate"]._tracking_purpose()
        tracking.write({"text": "May we see whether you open it?"})
        tracking._publish()
        tracking.write({"active": True, "for_mailing_contacts": True})
        self.mia._consent_sync()
        gate = self.env["privacy.gate"]
        self.assertEqual(gate._untracked({"mia@example.com"}), {"mia@example.com"})
        self.answer(self.mia, tracking, "granted")
        self.assertFalse(gate._untracked({"mia@example.com"}))
        self.answer(self.mia, self.purpose, "granted")
        mailing = self.make_mailing(self.list)
        self.send(mailing)
        self.trace(mailing, self.mia).set_opened()
        self.assertTrue(self.trace(mailing, self.mia).open_datetime)
        self.answer(self.mia, tracking, "refused")
        self.assertFalse(self.trace(mailing, self.mia).open_datetime)
        self.assertEqual(mailing.privacy_opened, 1)

    def test_the_form_counts_who_cannot_be_asked(self):
        self.answer(self.mia, self.purpose, "granted")
        stranger = self.make_purpose(name="Contacts only", covers_email=True)
        mailing = self.make_mailing(self.list)
        self.assertIn("1 of 3 recipients", mailing.privacy_exclusions)
        self.assertNotIn("cannot be asked", mailing.privacy_exclusions)
        mailing.privacy_purpose_id = stranger
        self.assertIn("3 of 3 recipients", mailing.privacy_exclusions)
        self.assertIn("3 cannot be asked", mailing.privacy_exclusions)

    def test_nobody_writes_status_or_opt_in(self):
        user = self.make_user(
            "marketer", "base.group_user,mass_mailing.group_mass_mailing_user"
        )
        mia = self.mia.with_user(user)
        mia.name = "Mia"
        for vals in ({"privacy_status": "stopped"}, {"email_opt_in": "double"}):
            with self.assertRaises(AccessError):
                mia.write(vals)
            with self.assertRaises(AccessError):
                self.env["mailing.contact"].with_user(user).create(
                    {"email": "new@example.com", **vals}
                )
        with self.assertRaises(AccessError):
            mia.action_send_consent_request()
        # who may not read mailing contacts does not see their consents
        clerk = self.make_user("clerk")
        record = self.consent(self.mia, self.purpose)
        self.assertTrue(record.with_user(user).value)
        with self.assertRaises(AccessError):
            record.with_user(clerk).read(["value"])

    def test_queries_do_not_grow(self):
        def count(number):
            addresses = [f"m{number}.{i}@example.com" for i in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contacts = self.env["mailing.contact"].create(
                [{"name": a, "email": a} for a in addresses]
            )
            contacts._consent_ask()
            self.env["privacy.gate"]._mailing_refusals(self.purpose, addresses)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(60), count(3) + 8)
