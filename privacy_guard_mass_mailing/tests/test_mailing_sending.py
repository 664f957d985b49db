from datetime import timedelta
from unittest.mock import patch
from urllib.parse import quote

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, email_normalize

from odoo.addons.privacy_guard.extending import content_hash

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailingSending(MailingCommon):
    """The gate asks again at the moment a mail leaves, and notes why it might."""

    def complain(self, mailing, person, kind="abuse", headers=None):
        """A mail provider reports that a person has marked a mailing as unwanted.

        :param str headers: of the mail, instead of its Message-Id
        """
        headers = headers or f"Message-Id: {self.trace(mailing, person).message_id}\n"
        text = (
            "From: feedback@provider.example\nTo: bounce@us.example\n"
            f"Message-Id: <{kind}{person.id}@provider.example>\nSubject: FW\n"
            "Content-Type: multipart/report; report-type=feedback-report; "
            'boundary="b"\n\n--b\nContent-Type: message/feedback-report\n\n'
            f"Feedback-Type: {kind}\nVersion: 1\n\n"
            "--b\nContent-Type: text/rfc822-headers\n\n"
            f"{headers}\n--b--\n"
        )
        self.env["mail.thread"].message_process(None, text)
        self.env.invalidate_all()

    def test_a_complaint_is_an_objection_and_too_many_stop_a_mailing(self):
        """RCH-1: whoever has marked one as unwanted is reached no more."""
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

    def test_a_complaint_without_message_id_or_recipient(self):
        """RCH-1: the signed link says whom it went to; what is not signed names the
        mailing, and stops nothing until an officer has seen it."""
        company = self.env.company
        company.write({"privacy_complaint_limit": 30, "privacy_complaint_least": 1})
        otto = self.make_contact("Otto Other")
        self.answer(otto, self.purpose, "granted")
        mailing = self.make_mailing(self.willing | otto)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing.action_send_mail()
        url = mailing._get_unsubscribe_oneclick_url(otto.email, otto.id)
        address = quote(otto.email, safe="")
        self.assertIn(address, url)
        hidden = url.replace(address, "redacted")
        forged = f"{hidden[:-3]}{'000' if hidden[-3:] != '000' else '111'}"
        header = "Message-Id: <relay@example.org>\nList-Unsubscribe: <%s>\n"
        for _twice in range(2):
            self.complain(mailing, otto, headers=header % forged)
        self.assertEqual(self.value(otto, self.purpose), "granted")
        complaint = self.env["privacy.complaint"].search([], limit=1)
        self.assertEqual((complaint.mailing_id, complaint.state), (mailing, "doubt"))
        self.assertIn("1 more reports name nobody", mailing.privacy_complaints)
        self.assertFalse(mailing.privacy_is_stopped)
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        complaint.with_user(officer).action_refuse()
        self.env.invalidate_all()
        self.assertTrue(mailing.privacy_is_stopped)
        complaint._drop()
        self.complain(mailing, otto, headers=header % hidden)
        self.assertEqual(self.value(otto, self.purpose), "refused")
        self.assertEqual(self.value(self.willing, self.purpose), "granted")
        self.assertTrue(self.trace(mailing, otto).privacy_complained_at)
        self.assertFalse(
            self.env["privacy.complaint"].search([("id", "=", complaint.id)])
        )

    def test_tim4_a_yes_that_ends_before_the_mail_leaves(self):
        """TIM-4: the gate asks at the moment of sending, not by the last daily run."""
        self.purpose.valid_months = 12
        end = self.env["consent.record"].search([("ends_at", "!=", False)])[:1].ends_at
        self.assertSentUntil(end, self.willing)

    def test_tim3_what_a_purchase_allows_ends_before_the_mail_leaves(self):
        """TIM-3: as with a yes; and no purchase is one for who has said no."""
        self.purpose = self.make_purpose(
            name="News for customers",
            legal_basis="business_relationship",
            covers_email=True,
            company_id=self.env.company.id,
        )
        people, records = self.silent | self.unwilling, self.env["consent.record"]
        records._sync("res.partner", ids=people.ids)
        no = {self.purpose.id: "refused"}
        self.unwilling._consent_record_answers(no, source="preferences")
        bought = SQL(
            "SELECT id, 'purchase', %s::timestamp, %s::int, 'an order' FROM res_partner"
            " WHERE id = ANY(%s)",
            self.env.cr.now(),
            self.env.company.id,
            people.ids,
        )
        records._relate_by("res.partner", self.purpose, [bought])
        self.assertFalse(self.consent(self.unwilling, self.purpose).related_by)
        self.assertSentUntil(
            self.consent(self.silent, self.purpose).ends_at, self.silent
        )

    def assertSentUntil(self, end, person):
        """A mailing to somebody leaves a second before a moment, and not after it."""
        for seconds, sent in ((-1, {person.email_normalized}), (0, set()), (1, set())):
            mailing = self.make_mailing(person)
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

    def test_a_test_goes_to_colleagues_and_to_nobody_who_refused(self):
        clerk = self.make_user("clerk", email="clerk@example.com")
        for address, sent in ((clerk.email, True), (self.unwilling.email, False)):
            wizard = self.env["mailing.mailing.test"].create(
                {"mass_mailing_id": self.make_mailing().id, "email_to": address}
            )
            with self.mock_mail_gateway():
                wizard.send_mail_test()
            self.assertEqual(bool(self._mails), sent, address)

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
