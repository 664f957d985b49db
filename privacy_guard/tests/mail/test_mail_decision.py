from unittest.mock import patch

import psycopg2
from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...constants import MARKETING
from ...fields.mail_class import mandatory
from ...models.mail.mail_mail_decision import decisions_of
from ...models.mail.privacy_gate import FORBIDDEN, RULE_VERSION
from ...tools.content_hash import content_hash
from .mail_common import MailGateCommon


@tagged("post_install", "-at_install")
class TestMailDecision(MailGateCommon):
    """EVI-5: why each marketing mail was let go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_purpose(covers_email=True)
        cls.active._consent_sync()
        cls.active._consent_record_answers(
            {cls.purpose.id: "granted"}, source="preferences"
        )
        cls.other = cls.make_contact("Otto Other")

    def mail(self, person, mails=None, **values):
        """:return: mail to a person, of the class marketing unless told otherwise"""
        mails = self.env["mail.mail"] if mails is None else mails
        return mails.create(
            {
                "subject": "Offer",
                "body_html": "<p>Hello</p>",
                "email_from": "us@example.com",
                "email_to": person.email,
                "auto_delete": False,
                **values,
            }
        )

    def marketing(self, *people, **values):
        mails = self.env["mail.mail"].with_context(**{MARKETING: True})
        found = self.env["mail.mail"]
        for person in people:
            found |= self.mail(person, mails, **values).with_env(self.env)
        return found

    def sent(self, mails):
        """:return: what is noted of these mails, after trying to send them"""
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mails.send()
        return self.decisions()

    def decisions(self):
        return self.env["privacy.decision"].search([], order="id")

    def test_each_that_leaves_rests_on_the_last_event(self):
        self.answer(self.active, self.purpose, "refused")
        self.answer(self.active, self.purpose, "granted")
        head = self.events(self.active, self.purpose)[-1]
        [decision] = self.sent(self.marketing(self.active, self.stopped))
        [copy] = self._mails
        self.assertRecordValues(
            decision,
            [
                {
                    "channel": "mail",
                    "message_class": "marketing",
                    "res_model": "res.partner",
                    "res_id": self.active.id,
                    "purpose_id": self.purpose.id,
                    "event_id": head.id,
                    "notice_id": self.purpose.notice_ids.id,
                    "address_hash": head._address_hash(self.active.email),
                    "content_hash": content_hash("Offer", copy["body"]),
                    "company_id": self.env.company.id,
                    "mailing_model": False,
                }
            ],
        )

    def test_whoever_changes_the_rule_raises_its_version(self):
        """Decisions of before name what held then."""
        reasons = """erased stopped erasure_requested no_marketing_consent duplicate
            unwanted_channel wanted_less"""
        self.assertEqual(FORBIDDEN["marketing"], set(reasons.split()))
        self.assertEqual(RULE_VERSION, 3)

    def test_what_the_row_of_a_consent_says_is_no_evidence(self):
        """EVI-1: the chain says no, and the decision names the event that does."""
        self.answer(self.active, self.purpose, "refused")
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE consent_record SET value = 'granted', last_event_id = %s"
                " WHERE res_model = 'res.partner' AND res_id = %s RETURNING id",
                self.events(self.active, self.purpose)[0].id,
                self.active.id,
            )
        )
        self.env.invalidate_all()
        [decision] = self.sent(self.marketing(self.active))
        self.assertEqual(decision.event_id.value_to, "refused")

    def test_of_whom_nothing_is_asked(self):
        """A person without consents about mail, and an address that nobody has."""
        self.purpose.condition = "[('name', '=', 'Ann Active')]"
        self.other._consent_sync()
        mails = self.marketing(self.other)
        mails |= self.marketing(self.active, email_to="nobody@example.com")
        person, nobody = self.sent(mails)
        self.assertEqual((person.res_model, person.res_id), ("mail.mail", mails[0].id))
        self.assertEqual(nobody.res_model, "mail.mail")
        self.assertFalse((person | nobody).event_id)
        self.assertNotIn("/privacy/why/", self._mails[0]["body"])

    def test_owed_automatic_and_by_hand_leave_none(self):
        mails = self.mail(self.active)
        owed = mandatory(self.env["mail.mail"], [self.active.email])
        mails |= self.mail(self.active, owed).with_env(self.env)
        before = self.mails_to(self.active)
        self.env["mail.compose.message"].with_user(self.clerk).with_context(
            mail_notify_force_send=False
        ).create(
            {
                "composition_mode": "comment",
                "model": "res.partner",
                "res_ids": repr(self.document.ids),
                "partner_ids": self.active.ids,
                "body": "<p>Hello</p>",
            }
        ).action_send_mail()
        mails |= self.mails_to(self.active) - before
        classes = {"automatic", "mandatory", "manual"}
        self.assertEqual(set(mails.sudo().mapped("privacy_class")), classes)
        self.assertFalse(self.sent(mails))
        self.assertEqual(len(self._mails), 3)

    def test_what_the_server_refuses_leaves_none(self):
        mails = self.marketing(self.active)
        with (
            mute_logger("odoo.addons.mail.models.mail_mail"),
            self.mock_mail_gateway(mail_unlink_sent=False),
            patch.object(IrMail_Server, "send_email", side_effect=OSError("refused")),
        ):
            mails.send()
        self.assertEqual(mails.state, "exception")
        self.assertFalse(self.decisions())

    def test_questions_do_not_grow_with_mails(self):
        """One statement notes all mails of a transaction."""
        people = self.active
        people |= self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(8)]
        )
        people._consent_record_answers({self.purpose.id: "granted"}, source="api")
        counts = []
        for some in (people[:1], people[:1], people):
            mails = self.marketing(*some).sudo()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            decided = decisions_of(mails._privacy_decide()).by_copy.values()
            rows = [{**decision.values, "content_hash": "0"} for decision in decided]
            self.env["privacy.decision"]._note(rows)
            self.assertEqual(len(rows), len(some))
            self.env["privacy.decision"]._insert_noted()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_noting_does_not_wait_for_what_others_change(self):
        """It would fail after the mail has left, which would leave once more: there is
        no key to tables whose rows are locked and changed."""
        keys = """SELECT confrelid::regclass::text FROM pg_constraint
                   WHERE conrelid = 'privacy_decision'::regclass AND contype = 'f'"""
        found = {table for (table,) in self.env.execute_query(SQL(keys))}
        self.assertEqual(found, {"consent_event", "consent_notice"})

    def test_nobody_changes_or_removes_one(self):
        decision = self.sent(self.marketing(self.active))
        officer = self.make_user("officer", "privacy_guard.group_privacy_officer")
        for user in (officer, self.env.user):
            own = decision.with_user(user)
            self.assertEqual(own.purpose_id, self.purpose)
            for change in (
                lambda own=own: own.write({"event_id": False}),
                own.unlink,
                lambda own=own: own.copy(),
            ):
                with self.assertRaises(UserError):
                    change()
        for statement in (
            "UPDATE privacy_decision SET content_hash = ''",
            "DELETE FROM privacy_decision",
            "TRUNCATE privacy_decision",
        ):
            with (
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_what_is_old_goes_and_the_rest_stays(self):
        """GDPR Art. 5(1)(e): for as long as a setting says."""
        mail, now = self.marketing(self.active).sudo(), fields.Datetime.now()
        [(address, ground)] = mail._privacy_grounds()[mail].items()
        ages = [now - relativedelta(months=months) for months in (1, 5, 7, 40)]
        rows = [mail._privacy_decision(address, ground, age) for age in ages]
        decisions = self.env["privacy.decision"]
        decisions._note([{**row, "content_hash": "0"} for row in rows])
        for months, left in (("nonsense", 3), ("0", 3), ("6", 2)):
            parameters = self.env["ir.config_parameter"]
            parameters.set_param("privacy_guard.decision_months", months)
            decisions.search([])
            done, remaining = decisions._gc_old()
            self.assertEqual((len(self.decisions()), remaining), (left, 0))
        self.assertEqual(done, 1)

    def test_an_address_finds_what_was_sent_there(self):
        decision = self.sent(self.marketing(self.active))
        model = self.env["privacy.decision"]
        for text in (self.active.email.upper(), f"Ann <{self.active.email}>"):
            self.assertEqual(model.search([("address", "ilike", text)]), decision)
        self.assertFalse(model.search([("address", "=", self.stopped.email)]))
        self.assertFalse(decision.address)

    def test_the_copy_asks_why_and_the_stored_mail_does_not(self):
        mails = self.marketing(self.active)
        decision = self.sent(mails)
        [copy] = self._mails
        link = f"/privacy/why/{decision.event_id.id}/"
        self.assertIn("Why do I get this?", copy["body"])
        for text in (copy["body"], copy["body_alternative"]):
            self.assertIn(link, text)
            self.assertNotIn("why-link", text)
        self.assertNotIn("/privacy/", mails.body_html)

    def test_a_copy_to_several_has_no_link(self):
        """It would be of one of them."""
        self.answer(self.other, self.purpose, "granted")
        mails = self.marketing(self.active, email_cc=self.other.email)
        self.assertEqual(len(self.sent(mails)), 2)
        self.assertNotIn("/privacy/why/", self._mails[0]["body"])
