from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import email_normalize

from odoo.addons.privacy_guard.extending import content_hash

from ..models.mailing_mailing_exclusions import MailingMailing
from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailing(MailingCommon):
    """Mailings go to whom they may, whatever the sender ticks."""

    def assertReason(self, mailing, person, reason):
        trace = self.trace(mailing, person)
        self.assertEqual(trace.trace_status, "cancel", person.name)
        self.assertEqual(trace.failure_type, reason, person.name)

    def test_only_who_granted_gets_it(self):
        mailing = self.make_mailing(use_exclusion_list=False)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        self.assertReason(mailing, self.unwilling, "privacy_no_marketing_consent")
        self.assertReason(mailing, self.silent, "privacy_no_marketing_consent")
        self.assertReason(mailing, self.stopped, "privacy_stopped")
        self.assertEqual(len(self._mails), 1)

    def test_dup2_a_duplicate_keeps_nothing_from_whom_it_duplicates(self):
        """Nor does it get a mail itself, in its name."""
        twin = self.make_twin(self.willing, "Wanda Willing")
        twin._privacy_set_status("duplicate", "test")
        mailing = self.make_mailing(twin | self.willing)
        self.assertIn("1 duplicates", mailing.privacy_exclusions)
        self.assertNotIn("will not get", mailing.privacy_exclusions)
        self.send(mailing)
        self.assertFalse(self.trace(mailing, twin))
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        [mail] = self._mails
        self.assertIn(self.willing.name, mail["email_to"][0])
        self.willing.unlink()
        found = self.env["privacy.gate"]._mail_refusals({"marketing": {twin.email}})
        self.assertEqual(set(found.values()), {"duplicate"})

    def test_of_several_addresses_all_or_none(self):
        """IDN-2: a yes was said at the first; the form promises what happens."""
        self.willing.email = f"{self.willing.email}, second@x.example"
        mailing = self.make_mailing(self.willing)
        self.assertIn("1 of 1 recipients", mailing.privacy_exclusions)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")
        self.assertFalse(self._mails)

    def test_rch1_reach_is_whom_a_mailing_goes_to(self):
        """RCH-1: as a mailing that relies on the consent would be sent."""
        several = self.make_contact("Sven Several")
        self.answer(several, self.purpose, "granted")
        several.email = f"{several.email}, second@x.example"
        people = self.everyone | several
        untracked = self.env["privacy.gate"]._tracking_purpose()
        untracked._publish()
        for strict in ("False", "True"):
            name = "privacy_guard.mail_needs_tracking_consent"
            self.env["ir.config_parameter"].set_param(name, strict)
            untracked.active = strict == "True"
            people._consent_sync()
            mailing = self.make_mailing(people)
            refused = mailing._privacy_excluded(mailing._privacy_addresses())
            self.env.invalidate_all()
            lines = self.env["privacy.reach"].search(
                [("res_id", "in", people.ids), ("purpose_id", "=", self.purpose.id)]
            )
            self.assertEqual(len(lines), len(people))
            reached = lines.filtered(lambda line: line.reach == "reached").partner_id
            with self.subTest(strict=strict):
                addresses = set(people.mapped("email_normalized"))
                self.assertEqual(
                    set(reached.mapped("email_normalized")), addresses - refused.keys()
                )
                self.assertEqual(bool(reached), strict == "False")
            if strict == "True":
                self.answer(self.willing, untracked, "granted")
                lines.invalidate_recordset()
                line = lines.filtered(lambda one: one.partner_id == self.willing)
                self.assertEqual(line.reach, "reached")

    def complain(self, mailing, person, kind="abuse"):
        """A mail provider reports that a person has marked a mailing as unwanted."""
        text = (
            "From: feedback@provider.example\nTo: bounce@us.example\n"
            f"Message-Id: <{kind}{person.id}@provider.example>\nSubject: FW\n"
            "Content-Type: multipart/report; report-type=feedback-report; "
            'boundary="b"\n\n--b\nContent-Type: message/feedback-report\n\n'
            f"Feedback-Type: {kind}\nVersion: 1\n\n"
            "--b\nContent-Type: text/rfc822-headers\n\n"
            f"Message-Id: {self.trace(mailing, person).message_id}\n\n--b--\n"
        )
        self.env["mail.thread"].message_process(None, text)
        self.env.invalidate_all()

    def test_a_complaint_is_an_objection_and_too_many_stop_a_mailing(self):
        others = self.make_contact("Otto Other") | self.make_contact("Olga Other")
        for person in others:
            self.answer(person, self.purpose, "granted")
        company = self.env.company
        company.write({"privacy_complaint_limit": 30, "privacy_complaint_least": 3})
        mailing = self.make_mailing(self.willing | others)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing.action_send_mail()
        # one has not left yet
        waiting = self.trace(mailing, self.willing)
        last = waiting.mail_mail_id
        last.state = "outgoing"
        waiting.write({"trace_status": "outgoing", "sent_datetime": False})
        self.complain(mailing, others[0], "not-spam")
        self.assertFalse(mailing.privacy_complaints)
        for _twice in range(2):
            self.complain(mailing, others[0])
        self.assertEqual(self.value(others[0], self.purpose), "refused")
        self.assertEqual(others[0].email_opt_in, "opted_out_contact")
        self.assertEqual(self.trace(mailing, others[0]).trace_status, "sent")
        # of two mails nothing is said; of three it would be a third
        self.assertIn("1 of 2 recipients", mailing.privacy_complaints)
        self.assertFalse(mailing.privacy_is_stopped)
        company.privacy_complaint_least = 2
        self.env.invalidate_all()
        self.assertTrue(mailing.privacy_is_stopped)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            last.send()
        self.assertFalse(self._mails)
        self.assertEqual(last.state, "cancel")
        self.assertIn("50.00", last.failure_reason)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "cancel")
        mailing.state = "draft"
        with self.assertRaisesRegex(UserError, "limit is 30.00 %"):
            mailing.action_put_in_queue()
        company.privacy_complaint_limit = 0
        mailing.action_put_in_queue()
        company.privacy_complaint_limit = 30
        # whose turn it is stops, and the others go on
        with self.enter_registry_test_mode():
            queue = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
            queue.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(mailing.state, "draft")
        self.assertIn("Stopped", " ".join(mailing.message_ids.mapped("body")))

    def test_who_has_no_address_stops_nobody_else(self):
        nobody = self.willing.copy({"name": "Nobody", "email": False})
        mailing = self.make_mailing(self.willing | nobody)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        self.assertEqual(len(self._mails), 1)

    def test_lists_are_left_at_the_mailbox(self):
        """IDN-2: where core compares addresses with those who opted out."""
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        mailing_list = self.make_list("x@m\u00fcller.example")
        mailing_list.subscription_ids.opt_out = True
        mailing = self.make_mailing(mailing_list)
        self.send(mailing)
        self.assertFalse(self._mails)

    def test_opt_out_purpose_reaches_the_silent(self):
        self.purpose = self.make_purpose(
            name="Offers",
            covers_email=True,
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        newcomer = self.make_contact("Nora New")
        mailing = self.make_mailing(newcomer)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, newcomer).trace_status, "sent")

    def test_consent_to_another_purpose_does_not_count(self):
        other = self.make_purpose(name="Surveys", covers_email=True)
        self.willing._consent_sync()
        mailing = self.make_mailing(self.willing, privacy_purpose_id=other.id)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_insufficient_opt_in(self):
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.marketing_opt_in", "double"
        )
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_tim4_a_yes_that_ends_before_the_mail_leaves(self):
        """TIM-4: the gate asks at the moment of sending, not by the last daily run."""
        self.purpose.valid_months = 12
        end = self.env["consent.record"].search([("ends_at", "!=", False)])[:1].ends_at
        for seconds, sent in ((-1, {"wilma.willing@example.com"}), (1, set())):
            mailing = self.make_mailing(self.willing)
            with self.mock_mail_gateway(mail_unlink_sent=False):
                mailing.action_send_mail()
                mail = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])
                mail.write({"state": "outgoing"})
            moment = end + timedelta(seconds=seconds)
            with freeze_time(moment), self.mock_mail_gateway(mail_unlink_sent=False):
                mail.send()
            self.assertEqual(set(map(email_normalize, self.sent_to())), sent)

    def test_withdrawn_after_preparing(self):
        mailing = self.make_mailing(self.willing)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing.action_send_mail()
            # the composer sends at once: queue the mail again
            mail = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])
            mail.write({"state": "outgoing"})
        self.answer(self.willing, self.purpose, "refused")
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mail.send()
        self.assertFalse(self._mails)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")
        # EVI-5: of the one that has left before
        self.assertEqual(self.env["privacy.decision"].search_count([]), 1)

    def test_mailing_contacts_are_covered_by_address(self):
        mailing_list = self.make_list(
            self.willing.email, self.unwilling.email, "unknown@example.com"
        )
        mailing = self.make_mailing(mailing_list)
        self.send(mailing)
        states = {
            t.email: (t.trace_status, t.failure_type)
            for t in self.env["mailing.trace"].search(
                [("mass_mailing_id", "=", mailing.id)]
            )
        }
        refused = ("cancel", "privacy_no_marketing_consent")
        self.assertEqual(
            states,
            {
                self.willing.email: ("sent", False),
                self.unwilling.email: refused,
                "unknown@example.com": refused,
            },
        )
        self.assertIn(
            "1 cannot be asked", self.make_mailing(mailing_list).privacy_exclusions
        )

    def test_a_consent_is_required(self):
        mailing = self.make_mailing(privacy_purpose_id=False)
        for send in (
            mailing.action_launch,
            mailing.action_send_mail,
            lambda: mailing.write({"state": "in_queue"}),
        ):
            with self.assertRaisesRegex(UserError, "choose the consent"):
                send()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        mailing.action_put_in_queue()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        with self.enter_registry_test_mode():
            self.env.ref(
                "mass_mailing.ir_cron_mass_mailing_queue"
            ).method_direct_trigger()
        self.assertEqual(mailing.state, "draft")

    def test_records_of_which_odoo_keeps_no_trace_get_no_mailing(self):
        """Whoever puts it into the queue, whichever wizard sends it."""
        bank = self.env["res.bank"].create(
            {"name": "A bank", "email": self.unwilling.email}
        )
        mailing = self.make_mailing(
            bank, mailing_model_id=self.env["ir.model"]._get_id("res.bank")
        )
        composer = self.env["mail.compose.message"].with_context(active_ids=bank.ids)
        values = {
            "composition_mode": "mass_mail",
            "model": "res.bank",
            "subject": "News",
            "body": "News",
        }
        by_name = composer.create({**values, "mass_mailing_name": "News"})
        by_id = composer.create({**values, "mass_mailing_id": mailing.id})
        with self.mock_mail_gateway():
            for send in (
                mailing.action_put_in_queue,
                mailing.action_send_mail,
                by_name._action_send_mail,
                by_id._action_send_mail,
            ):
                with self.assertRaises(UserError) as error:
                    send()
                self.assertIn("no mailing", str(error.exception).lower())
            # from before consents were enabled
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mailing_mailing SET state = 'in_queue' WHERE id = %s",
                [mailing.id],
            )
            self.env.invalidate_all()
            # it commits, once it has sent something
            with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                mailing._process_mass_mailing_queue()
        self.assertEqual(mailing.state, "draft")
        self.assertFalse(self._new_mails)

    def test_only_consents_about_mail(self):
        other = self.make_purpose(name="Photos")
        with self.assertRaises(ValidationError):
            self.make_mailing(privacy_purpose_id=other.id)

    def test_consent_comes_from_the_list(self):
        mailing_list = self.make_list(privacy_purpose_id=self.purpose.id)
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                "contact_list_ids": mailing_list.ids,
            }
        )
        self.assertEqual(mailing.privacy_purpose_id, self.purpose)

    def test_a_test_goes_to_colleagues_and_to_nobody_who_refused(self):
        clerk = self.make_user("clerk", email="clerk@example.com")
        for address, sent in ((clerk.email, True), (self.unwilling.email, False)):
            wizard = self.env["mailing.mailing.test"].create(
                {"mass_mailing_id": self.make_mailing().id, "email_to": address}
            )
            with self.mock_mail_gateway():
                wizard.send_mail_test()
            self.assertEqual(bool(self._mails), sent, address)

    def test_form_says_who_will_not_get_it(self):
        text = self.make_mailing().privacy_exclusions
        self.assertIn("3 of 4 recipients", text)
        self.assertIn("has not agreed to marketing mail: 2", text)
        self.assertIn("stop processing their data: 1", text)
        self.assertFalse(self.make_mailing(self.willing).privacy_exclusions)

    def test_each_count_leads_to_its_people(self):
        mailing = self.make_mailing()
        reasons = mailing.privacy_exclusion_reasons
        self.assertEqual("\n".join(reasons), mailing.privacy_exclusions)
        for line, reason in reasons.items():
            leads = mailing.with_context(privacy_exclusion=reason)
            if reason is None:
                with self.assertRaises(UserError):
                    leads.action_privacy_excluded()
                continue
            action = leads.action_privacy_excluded()
            one = [("id", "=", action.get("res_id"))]
            people = self.env[action["res_model"]].search(action.get("domain", one))
            with self.subTest(line=line):
                self.assertIn(f"{len(people)}", line)
                self.assertNotIn(self.willing, people)

    def test_form_looks_through_many_when_it_is_asked(self):
        mailing = self.make_mailing()
        with patch(f"{MailingMailing.__module__}.AT_ONCE", 3):
            self.assertTrue(mailing.privacy_exclusions_on_demand)
            self.assertFalse(mailing.privacy_exclusions)
            action = mailing.action_privacy_exclusions()
            asked = mailing.with_context(**action["context"])
            self.assertIn("3 of 4 recipients", asked.privacy_exclusions)
            with self.assertQueryCount(3):
                mailing.invalidate_recordset(["privacy_exclusions"])
                self.assertFalse(mailing.privacy_exclusions)
        mailing.invalidate_recordset()
        self.assertFalse(mailing.privacy_exclusions_on_demand)

    def test_form_says_who_did_not_get_it(self):
        mailing = self.make_mailing()
        self.send(mailing)
        text = mailing.privacy_exclusions
        self.assertIn("3 of 4 recipients did not get", text)
        self.assertIn("has not agreed to marketing mail: 2", text)
        self.assertIn("stop processing their data: 1", text)

    def test_what_leaves_is_noted_and_nothing_else(self):
        """EVI-5: as the copy left, tracked and with the links of the mailing."""
        self.answer(self.silent, self.purpose, "granted")
        mailing = self.make_mailing(
            body_html='<p><a href="/unsubscribe_from_list">Leave</a></p>'
        )
        self.send(mailing)
        decisions = self.env["privacy.decision"].search([], order="res_id")
        people = (self.willing | self.silent).sorted("id")
        heads = [self.events(person, self.purpose)[-1] for person in people]
        copies = {m["email_to"][0]: m for m in self._mails}
        self.assertRecordValues(
            decisions,
            [
                {
                    "res_id": person.id,
                    "event_id": head.id,
                    "purpose_id": self.purpose.id,
                    "mailing_model": "mailing.mailing",
                    "mailing_id": mailing.id,
                    "content_hash": content_hash("News", self.body_to(person)),
                }
                for person, head in zip(people, heads, strict=True)
            ],
        )
        self.assertEqual(len(copies), 2)
        self.assertIn("/confirm_unsubscribe?", self.body_to(self.willing))
        self.assertIn(f"/privacy/why/{heads[0].id}/", self.body_to(people[0]))

    def test_a_test_to_a_colleague_is_no_marketing(self):
        """EVI-5: unless they have agreed to it, like everybody else."""
        clerk = self.make_user("clerk", email="clerk@example.com")
        for address, count in ((clerk.email, 0), (self.willing.email, 1)):
            wizard = self.env["mailing.mailing.test"].create(
                {"mass_mailing_id": self.make_mailing().id, "email_to": address}
            )
            with self.mock_mail_gateway():
                wizard.send_mail_test()
            self.assertTrue(self._mails)
            noted = self.env["privacy.decision"].search_count([])
            self.assertEqual(noted, count, address)

    def test_queries_do_not_grow(self):
        gate = self.env["privacy.gate"]
        few = {self.willing.email}
        many = {f"p{n}@example.com" for n in range(500)} | few
        gate._mailing_refusals(self.purpose, few)
        counts = []
        for addresses in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            gate._mailing_refusals(self.purpose, addresses)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_everything_is_declared(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        own = ("mailing.", "link.tracker", "utm.", "social.")
        self.assertFalse([name for name in undeclared if name.startswith(own)])
