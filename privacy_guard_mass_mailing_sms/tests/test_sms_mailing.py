from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.privacy_guard.extending import content_hash

from .sms_mailing_common import UNKNOWN, SmsMailingCommon


@tagged("post_install", "-at_install")
class TestSmsMailing(SmsMailingCommon):
    """Mailings of text messages go to whom they may, whatever the sender ticks."""

    def test_only_who_granted_gets_it(self):
        for ticked in (True, False):
            mailing = self.make_mailing(use_exclusion_list=ticked)
            self.send(mailing)
            self.assertEqual(self.sent_to(), {self.willing.phone_sanitized})
            self.assertReason(mailing, self.unwilling, "privacy_no_marketing_consent")
            self.assertReason(mailing, self.silent, "privacy_no_marketing_consent")
            self.assertReason(mailing, self.stopped, "privacy_stopped")
            self.assertEqual(self.traces(mailing, self.willing).trace_status, "pending")

    def test_records_without_a_discussion_are_asked_about_as_well(self):
        """Text messages leave a trace of whatever record."""
        banks = self.env["res.bank"].create(
            [
                {"name": person.name, "phone": person.phone}
                for person in (self.willing, self.unwilling)
            ]
        )
        self.send(self.make_mailing(banks))
        self.assertEqual(self.sent_to(), {self.willing.phone_sanitized})

    def test_what_leaves_is_noted_with_what_it_rests_on(self):
        """EVI-5: the text as it left; of who gets none there is no row."""
        mailing = self.make_mailing()
        self.send(mailing)
        [decision] = self.env["privacy.decision"].search([])
        head = self.events(self.willing, self.purpose)[-1]
        self.assertRecordValues(
            decision,
            [
                {
                    "channel": "sms",
                    "res_model": "res.partner",
                    "res_id": self.willing.id,
                    "purpose_id": self.purpose.id,
                    "event_id": head.id,
                    "mailing_model": "mailing.mailing",
                    "mailing_id": mailing.id,
                    "address_hash": head._address_hash(self.willing.phone_sanitized),
                    "content_hash": content_hash("", self.body_to(self.willing)),
                }
            ],
        )
        self.assertIn("3 of 4 recipients did not get", mailing.privacy_exclusions)

    def test_what_the_provider_refuses_is_not_noted(self):
        mailing = self.make_mailing(self.willing)
        with self.mockSMSGateway(sim_error="server_error"):
            mailing.action_send_sms()
        self.assertFalse(self.env["privacy.decision"].search([]))

    def test_blacklisted_whatever_is_unticked(self):
        self.env["phone.blacklist"].add(self.willing.phone_sanitized)
        mailing = self.make_mailing(self.willing, use_exclusion_list=False)
        self.send(mailing)
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_nothing_in_the_history_of_who_gets_nothing(self):
        messages = self.unwilling.message_ids
        self.send(self.make_mailing(keep_archives=True))
        self.assertEqual(self.unwilling.message_ids, messages)

    def test_one_record_with_the_number_refuses_for_it(self):
        other = self.make_person("Will Willing", 1)
        self.answer(other, self.purpose, "refused")
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_leads_count_as_people_with_the_number(self):
        if "crm.lead" not in self.env:
            self.skipTest("no leads")
        lead = self.env["crm.lead"].create(
            {
                "name": "Inquiry",
                "email_from": "wl@example.com",
                "phone": self.willing.phone,
            }
        )
        lead._privacy_set_status("stopped", "test")
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_stopped")

    def test_asked_again_before_sending(self):
        mailing = self.make_mailing(self.willing, sms_force_send=False)
        self.send(mailing)
        message = self.env["sms.sms"].search([("mailing_id", "=", mailing.id)])
        self.assertEqual(message.state, "outgoing")
        self.answer(self.willing, self.purpose, "refused")
        with self.mockSMSGateway():
            message.send()
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_prf1_later_and_at_most_so_many(self):
        """Numbers are counted as addresses are; who waits holds nobody up."""
        self.enterContext(self.enter_registry_test_mode())
        queue = self.env["sms.sms"]
        with freeze_time("2026-11-02 10:00:00"):
            wish = {"most": "once_week"}
            self.willing._consent_prefer({self.purpose.id: wish}, source="preferences")
            self.send(self.make_mailing(self.willing))
            self.assertEqual(self.sent_to(), {self.willing.phone_sanitized})
            later = self.make_mailing(self.willing)
            self.assertIn("at once: 0; later", later.privacy_exclusions)
            self.send(later)
            self.assertFalse(self._sms)
            message = queue.search([("mailing_id", "=", later.id)])
            self.assertEqual(message.state, "privacy_later")
            self.assertEqual(self.traces(later).trace_status, "outgoing")
            never = self.make_mailing(self.willing, privacy_useful_days=1)
            self.send(never)
            self.assertReason(never, self.willing, "privacy_wanted_less")
        for day, expected in ((8, set()), (9, {self.willing.phone_sanitized})):
            with freeze_time(f"2026-11-{day:02} 10:00:01"), self.mockSMSGateway():
                self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
            self.assertEqual(self.sent_to(), expected)

    def test_what_it_relies_on_is_asked_again_before_sending(self):
        """Another consent about text messages allows others, but not this mailing."""
        other = self.make_purpose(name="Alerts", covers_sms=True)
        self.willing._consent_sync()
        self.answer(self.willing, other, "granted")
        mailing = self.make_mailing(self.willing, sms_force_send=False)
        self.send(mailing)
        self.answer(self.willing, self.purpose, "refused")
        with self.mockSMSGateway():
            self.env["sms.sms"].search([("mailing_id", "=", mailing.id)]).send()
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_retry_asks_again(self):
        mailing = self.make_mailing(self.willing)
        with self.mockSMSGateway(sim_error="credit"):
            mailing.action_send_sms()
        self.assertEqual(self.traces(mailing).trace_status, "error")
        self.answer(self.willing, self.purpose, "refused")
        self.env.invalidate_all()
        mailing.action_retry_failed()
        with self.mockSMSGateway(), self.enter_registry_test_mode():
            cron = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
            cron.method_direct_trigger()
        self.assertFalse(self._sms)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_it_goes_to_whom_its_author_may_read(self):
        groups = "mass_mailing.group_mass_mailing_user,base.group_partner_manager"
        author = self.make_user("author", groups)
        far = self.make_person("Fay Far", 7)
        self.answer(far, self.purpose, "granted")
        far.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        mailing = self.make_mailing(far)
        chosen = [("id", "in", (self.willing | far).ids)]
        mailing.with_user(author).mailing_domain = repr(chosen)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mailing.with_user(author).action_send_sms(far.ids)
        mailing.action_put_in_queue()
        with self.mockSMSGateway(), self.enter_registry_test_mode():
            cron = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
            cron.method_direct_trigger()
        self.assertEqual(self.sent_to(), {self.willing.phone_sanitized})

    def test_winner_of_a_test_relies_on_the_same_consent(self):
        mailing = self.make_mailing(ab_testing_enabled=True, ab_testing_pc=100)
        winner = mailing.browse(mailing.action_select_as_winner()["res_id"])
        self.assertNotEqual(winner, mailing)
        self.assertEqual(winner.privacy_purpose_id, self.purpose)

    def test_mailing_contacts_are_covered_by_number(self):
        numbers = (self.willing.phone, self.unwilling.phone, UNKNOWN)
        mailing = self.make_mailing(self.make_list(*numbers))
        self.assertIn("2 of 3 recipients", mailing.privacy_exclusions)
        self.assertIn("1 cannot be asked", mailing.privacy_exclusions)
        leads = mailing.with_context(privacy_exclusion="no_marketing_consent")
        action = leads.action_privacy_excluded()
        people = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(people.mapped("mobile")), set(numbers[1:]))
        self.send(mailing)
        states = {t.sms_number: t.failure_type for t in self.traces(mailing)}
        refused = "privacy_no_marketing_consent"
        self.assertEqual(
            states, dict(zip(numbers, (False, refused, refused), strict=True))
        )

    def test_a_consent_is_required(self):
        mailing = self.make_mailing(privacy_purpose_id=False)
        for send in (
            mailing.action_put_in_queue,
            mailing.action_send_mail,
            mailing.action_send_sms,
            lambda: mailing.write({"state": "in_queue"}),
        ):
            with self.assertRaisesRegex(UserError, "Choose the consent"):
                send()

    def test_the_composer_alone_sends_nothing_without_consent(self):
        mail_purpose = self.make_purpose(name="News", covers_email=True)
        self.willing._consent_sync()
        self.answer(self.willing, mail_purpose, "granted")
        mailings = self.make_mailing(privacy_purpose_id=False) | self.make_mailing(
            mailing_type="mail",
            body_html="<p>Hi</p>",
            privacy_purpose_id=mail_purpose.id,
        )
        for mailing in mailings:
            composer = self.env["sms.composer"].create(
                {
                    "composition_mode": "mass",
                    "res_model": "res.partner",
                    "res_ids": repr(self.everyone.ids),
                    "mailing_id": mailing.id,
                    "mass_force_send": True,
                    "body": "Hello",
                }
            )
            with self.mockSMSGateway():
                composer.action_send_sms()
            self.assertFalse(self._sms)

    def test_only_consents_about_text_messages(self):
        other = self.make_purpose(name="News", covers_email=True)
        with self.assertRaisesRegex(ValidationError, "text messages"):
            self.make_mailing(privacy_purpose_id=other.id)
        with self.assertRaisesRegex(ValidationError, "e-mail"):
            self.make_mailing(mailing_type="mail", body_html="<p>Hi</p>")

    def test_consent_comes_from_the_list(self):
        about_mail = self.make_purpose(name="News", covers_email=True)
        for purpose, expected in (
            (self.purpose, self.purpose),
            (about_mail, self.env["consent.purpose"]),
        ):
            with Form(
                self.env["mailing.mailing"].with_context(default_mailing_type="sms"),
                view="mass_mailing.view_mail_mass_mailing_form",
            ) as form:
                form.sms_subject = "Offers"
                form.body_plaintext = "Hello"
                form.contact_list_ids.add(self.make_list(privacy_purpose_id=purpose.id))
                self.assertEqual(form.privacy_purpose_id, expected)

    def test_a_test_goes_to_colleagues_and_to_nobody_who_refused(self):
        clerk = self.make_user("clerk", email="clerk@example.com", phone="+32470228888")
        mailing = self.make_mailing()
        numbers = (
            clerk.phone,
            self.willing.phone,
            self.unwilling.phone,
            self.stopped.phone,
            UNKNOWN,
        )
        test = self.env["mailing.sms.test"].create(
            {"mailing_id": mailing.id, "numbers": "\n".join(numbers)}
        )
        with self.mockSMSGateway():
            test.action_send_sms()
        self.assertEqual(self.sent_to(), {clerk.phone, self.willing.phone})
        notes = " ".join(mailing.message_ids.mapped("body"))
        self.assertIn(f"{UNKNOWN}: The person has not agreed to text messages", notes)
        test.numbers = UNKNOWN
        with self.mockSMSGateway():
            test.action_send_sms()
        self.assertFalse(self._sms)

    def test_form_says_who_will_not_get_it(self):
        text = self.make_mailing().privacy_exclusions
        self.assertIn("3 of 4 recipients", text)
        self.assertIn("has not agreed to text messages: 2", text)
        self.assertIn("stop processing their data: 1", text)
        self.assertFalse(self.make_mailing(self.willing).privacy_exclusions)

    def test_queries_do_not_grow(self):
        gate = self.env["privacy.gate"]
        few = {self.willing.phone_sanitized}
        many = {f"+32471{n:06}" for n in range(500)} | few
        gate._mailing_refusals(self.purpose, few)
        counts = []
        for numbers in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            gate._mailing_refusals(self.purpose, numbers)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_queries_of_sending_do_not_grow(self):
        people = self.willing
        for number in range(5, 9):
            people |= self.make_person(f"Person {number}", number)
        people._consent_record_answers(
            {self.purpose.id: "granted"}, source="preferences"
        )
        counts = []
        for recipients in (self.willing, people):
            mailing = self.make_mailing(recipients, sms_force_send=False)
            self.send(mailing)
            messages = self.env["sms.sms"].search([("mailing_id", "=", mailing.id)])
            self.assertEqual(len(messages), len(recipients))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            messages._privacy_apply_gate()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    # ------------------------------------------------------------------
    # ERA-2
    # ------------------------------------------------------------------

    def test_everything_is_declared(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        own = ("mailing.", "sms.", "phone.")
        self.assertFalse([name for name in undeclared if name.startswith(own)])

    def test_erasing_goes_by_the_number(self):
        alone = self.make_list(self.willing.phone).contact_ids
        shared = self.make_list(self.willing.phone).contact_ids
        shared.email = "somebody.else@example.com"
        number = shared.mobile
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        trace = self.traces(mailing)
        self.env["privacy.erasure"]._begin(self.willing)._confirm("A letter")
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_erasures").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(alone.privacy_status, "erased")
        self.assertFalse(alone.mobile or alone.phone_sanitized or alone.list_ids)
        self.assertEqual(shared.mobile, number)
        self.assertTrue(trace.exists())
        self.assertFalse(trace.sms_number)

    def test_copies_of_data_have_what_was_sent_to_the_number(self):
        mailing = self.make_mailing(self.make_list(self.willing.phone))
        self.send(mailing)
        sources = self.env["privacy.export.content"]._sources([self.willing.sudo()])
        (source,) = (s for s in sources if s.model == "mailing.trace")
        found = self.env["mailing.trace"].search(source.domain)
        self.assertEqual(found, self.traces(mailing))
