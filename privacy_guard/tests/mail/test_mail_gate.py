from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import Mock, patch

from odoo import Command, fields
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.http_routing.tests.common import MockRequest
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...attempts import attempt_each
from ...constants import MANUAL_RECIPIENTS
from ...fields.mail_class import mandatory, of_class
from ...models.mail.privacy_gate import FORBIDDEN
from .mail_common import MailGateCommon

HAND, AUTOMATIC, MARKETING = "by hand", "automatic", "marketing"
# spec, "Which mail may still be sent"
TABLE = {
    "active": {HAND: "sent", AUTOMATIC: "sent", MARKETING: "sent"},
    "stopped": {
        HAND: "sent",
        AUTOMATIC: "privacy_stopped",
        MARKETING: "privacy_stopped",
    },
    "erasure_requested": {
        HAND: "sent",
        AUTOMATIC: "sent",
        MARKETING: "privacy_erasure_requested",
    },
    "erased": dict.fromkeys((HAND, AUTOMATIC, MARKETING), "privacy_erased"),
}


@tagged("post_install", "-at_install")
class TestMailGate(MailGateCommon):
    """Which mail may still be sent, by every way of sending."""

    def check(self, way, mail_class):
        """:param way: sends a mail to a person and returns it"""
        for situation, outcomes in TABLE.items():
            person = self[situation]
            with self.subTest(way=way.__name__, situation=situation):
                mail = way(person)
                self.assertTrue(mail)
                outcome = self.outcome(mail, person)
                self.assertEqual(outcome, outcomes[mail_class])
                if outcome != "sent":
                    note = self.note(mail, person)
                    self.assertEqual(note.notification_status, "canceled")
                    self.assertEqual(note.failure_type, outcome)

    def __getitem__(self, name):
        return getattr(self, name)

    def newest(self, person, work):
        """:return: the mail to a person that the work created"""
        before = self.mails_to(person)
        work()
        return self.mails_to(person) - before

    def composer(self, user, model, res_ids, mode, **values):
        composer = (
            self.env["mail.compose.message"]
            .with_user(user)
            .with_context(mail_notify_force_send=False)
        )
        return composer.create(
            {
                "composition_mode": mode,
                "model": model,
                "res_ids": repr(res_ids),
                "subject": "Hello",
                "body": "<p>Hello</p>",
                "auto_delete": False,
                "force_send": False,
                **values,
            }
        )

    # The ways

    def composed_by_hand(self, person):
        composer = self.composer(
            self.clerk,
            "res.partner",
            self.document.ids,
            "comment",
            partner_ids=[Command.set(person.ids)],
        )
        return self.newest(person, composer.action_send_mail)

    def composed_for_many(self, person):
        composer = self.composer(
            self.clerk, "res.partner", (person + self.active).ids, "mass_mail"
        )
        return self.newest(person, composer.action_send_mail)[-1]

    def template(self, person):
        template = self.notice.with_user(self.clerk)
        mail_id = template.send_mail(person.id)
        return self.env["mail.mail"].browse(mail_id)

    def server_action(self, person):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Write",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": f"env['res.partner'].browse({self.document.id}).message_post("
                f"body='Hello', message_type='comment', partner_ids=[{person.id}],"
                "subtype_xmlid='mail.mt_comment')",
            }
        )
        run = action.with_user(self.admin).with_context(mail_notify_force_send=False)
        return self.newest(person, run.run)

    def posted_from_a_template(self, person):
        """The caller names the type of a message of somebody who writes."""
        people = person.with_user(self.clerk)
        people = people.with_context(mail_notify_force_send=False)
        return self.newest(
            person,
            lambda: people.message_post_with_source(
                self.notice,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                force_send=False,
            ),
        )

    def posted_from_a_view(self, person):
        people = self.document.with_user(self.clerk)
        people = people.with_context(mail_notify_force_send=False)
        return self.newest(
            person,
            lambda: people.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": self.document, "origin": self.document},
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=person.ids,
            ),
        )

    def posting_action(self, person):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Mail",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "mail_post",
                "template_id": self.notice.id,
                "mail_post_method": "email",
            }
        )
        context = {"active_model": "res.partner", "active_id": person.id}
        return self.newest(person, action.with_context(**context).run)

    def created_by_rpc(self, person):
        mails = self.env["mail.mail"].with_user(self.admin)
        return mails.create(
            {
                "subject": "Hello",
                "body_html": "Hello",
                "message_type": "comment",
                "model": "res.partner",
                "res_id": self.document.id,
                "email_from": "boss@example.com",
                "recipient_ids": [Command.link(person.id)],
            }
        ).sudo()

    def scheduled(self, person):
        message = (
            self.env["mail.scheduled.message"]
            .with_user(self.clerk)
            .create(
                {
                    "model": "res.partner",
                    "res_id": self.document.id,
                    "body": "Hello",
                    "partner_ids": [Command.link(person.id)],
                    "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                    "author_id": self.clerk.partner_id.id,
                }
            )
        )
        sudo = message.sudo().with_context(mail_notify_force_send=False)
        return self.newest(person, sudo._post_message)

    def posted_later(self, person, poster=None):
        """Written now; a scheduled action makes mail of it, as add-ons do, too."""
        poster = poster or self.document.with_user(self.clerk)
        poster.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=person.ids,
            scheduled_date=fields.Datetime.now() + timedelta(days=1),
        )
        schedules = self.env["mail.message.schedule"].search([])
        schedules.scheduled_datetime = fields.Datetime.now() - timedelta(days=1)
        cron = self.env.ref("mail.ir_cron_send_scheduled_message")
        action = cron.ir_actions_server_id.with_context(mail_notify_force_send=False)
        return self.newest(person, action.run)

    def posted_later_by_a_rule(self, person):
        document = self.document.with_user(self.clerk)
        return self.posted_later(person, document.with_context(privacy_automatic=True))

    def posted_later_by_a_program(self, person):
        return self.posted_later(person, self.document.sudo())

    def test_message_that_is_mailed_later_is_by_hand(self):
        self.check(self.posted_later, HAND)

    def test_message_of_a_rule_that_is_mailed_later_is_automatic(self):
        self.check(self.posted_later_by_a_rule, AUTOMATIC)
        self.check(self.posted_later_by_a_program, AUTOMATIC)

    def test_nobody_says_that_they_wrote_by_hand(self):
        values = {"model": "res.partner", "res_id": self.document.id, "body": "x"}
        messages = self.env["mail.message"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            messages.create({**values, "privacy_by_hand": True})
        given = self.env["mail.message"].create({**values, "privacy_by_hand": True})
        self.assertFalse(given.privacy_by_hand)
        with self.assertRaises(AccessError):
            given.with_user(self.clerk).write({"privacy_by_hand": True})

    def test_composer_for_one_document_is_by_hand(self):
        self.check(self.composed_by_hand, HAND)

    def test_composer_for_many_people_is_marketing(self):
        self.check(self.composed_for_many, MARKETING)

    def test_template_is_automatic(self):
        self.check(self.template, AUTOMATIC)
        self.check(self.posted_from_a_template, AUTOMATIC)
        self.check(self.posted_from_a_view, AUTOMATIC)

    def test_server_action_is_automatic(self):
        self.check(self.server_action, AUTOMATIC)

    def test_server_action_that_sends_a_template_is_automatic(self):
        self.check(self.posting_action, AUTOMATIC)

    def test_mail_created_by_rpc_is_automatic(self):
        self.check(self.created_by_rpc, AUTOMATIC)

    def test_scheduled_message_is_automatic(self):
        self.check(self.scheduled, AUTOMATIC)


@tagged("post_install", "-at_install")
class TestMailRecipients(MailGateCommon):
    """Who is kept from a mail, and what is left of it."""

    def mail(self, **values):
        return self.env["mail.mail"].create(
            {
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
                "email_from": "us@example.com",
                **values,
            }
        )

    def send(self, mail):
        """:return: the addresses that it reached"""
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mail.send()
        return self.sent_addresses()

    def test_one_that_cannot_be_sent_holds_up_no_other(self):
        """JOB-5: it fails with the reason, and the queue is empty afterwards."""
        fails, odd, fine = (
            self.mail(email_to=f"{name}@example.com") for name in ("a", "b", "c")
        )
        # as it was before the add-on came, or another program has written it
        nested = "(" * 5000 + "b@example.com"
        self.env.cr.execute(
            "UPDATE mail_mail SET email_to = %s WHERE id = %s", [nested, odd.id]
        )
        self.env.invalidate_all()
        recipients = type(fine)._privacy_recipients

        def some_recipients(mail):
            if mail == fails:
                raise ValueError("of no mail")
            return recipients(mail)

        with (
            patch.object(type(fine), "_privacy_recipients", some_recipients),
            mute_logger("odoo.addons.mail.models.mail_mail"),
            self.assertLogs("odoo.addons.privacy_guard.models.mail", "ERROR"),
        ):
            self.assertEqual(self.send(fails | odd | fine), {"c@example.com"})
        mails = fails | odd | fine
        self.assertEqual(mails.mapped("state"), ["exception", "exception", "sent"])
        self.assertIn("ValueError", fails.failure_reason)
        self.assertTrue(odd.failure_reason)

    def test_mail_to_ten_goes_to_the_nine_who_may_get_it(self):
        nine = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(9)]
        )
        message = self.document.with_user(self.clerk).message_notify(
            body="Hello",
            subject="Hello",
            partner_ids=(nine + self.stopped).ids,
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(self.send(mails), set(nine.mapped("email_normalized")))
        notes = message.sudo().notification_ids
        refused = notes.filtered(lambda note: note.res_partner_id == self.stopped)
        self.assertRecordValues(
            refused,
            [
                {
                    "notification_status": "canceled",
                    "failure_type": "privacy_stopped",
                    "failure_reason": (
                        "The person asked us to stop processing their data"
                    ),
                }
            ],
        )
        self.assertEqual(set((notes - refused).mapped("notification_status")), {"sent"})

    def test_no_copy_mentions_who_is_left_out(self):
        """Odoo names all recipients in each copy, whoever answers to all writes to
        them."""
        bob = self.make_contact("Bob Active")
        message = self.document.message_post(
            body="Hello",
            message_type="comment",
            partner_ids=(self.active + bob + self.stopped).ids,
            subtype_xmlid="mail.mt_comment",
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(set(mails.mapped("privacy_class")), {"automatic"})
        for mail in mails:
            self.assertIn("bob.active@example.com", mail.headers)
            self.assertNotIn("stan.stopped@example.com", mail.headers)

    def test_addresses_in_text_are_recipients_too(self):
        mail = self.mail(
            email_to="Ann <ann.active@example.com>, STAN.Stopped@Example.com",
            email_cc="Stan <stan.stopped@example.com>",
        )
        self.assertEqual(self.send(mail), {"ann.active@example.com"})
        self.assertFalse(mail.email_cc)

    def test_cancelled_mail_still_says_whom_it_was_for(self):
        mail = self.mail(email_to="stan.stopped@example.com", auto_delete=True)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(self.send(mail), set())
        self.assertEqual(mail.email_to, "stan.stopped@example.com")
        self.assertIn("asked us to stop", mail.failure_reason)
        note = mail.mail_message_id.sudo().notification_ids
        self.assertEqual(note.mail_email_address, "stan.stopped@example.com")

    def test_copies_in_headers_cancel_the_mail(self):
        mail = self.mail(
            recipient_ids=[Command.link(self.active.id)],
            headers=repr({"Bcc": "stan.stopped@example.com"}),
        )
        self.assertEqual(mail.state, "cancel")

    def test_other_contacts_with_the_address_are_the_same_person(self):
        """An invoice address, or a second address in the field."""
        invoices = self.make_contact(
            "Stan's invoices",
            type="invoice",
            parent_id=self.document.id,
            email="stan.stopped@example.com",
        )
        two = self.make_contact(
            "Two", email="two@example.com, stan.stopped@example.com"
        )
        for contact in (invoices, two):
            mail = self.mail(recipient_ids=[Command.link(contact.id)])
            self.assertEqual(mail.state, "cancel", contact.name)

    def test_who_stops_after_queueing_gets_nothing(self):
        people = self.make_contact("Late One") | self.make_contact("Late Two")
        mail = self.mail(recipient_ids=[Command.set(people.ids)])
        self.assertEqual(mail.state, "outgoing")
        people[0]._privacy_set_status("stopped", "test")
        self.assertEqual(self.send(mail), {"late.two@example.com"})
        self.assertEqual(self.note(mail, people[0]).failure_type, "privacy_stopped")

    def test_putting_it_back_into_the_queue_does_not_help(self):
        mail = self.mail(recipient_ids=[Command.link(self.stopped.id)])
        mail.with_user(self.admin).mark_outgoing()
        self.assertEqual(self.send(mail), set())
        self.assertEqual(mail.state, "cancel")

    def test_recipients_added_later_are_asked_about(self):
        mail = self.mail(recipient_ids=[Command.link(self.active.id)])
        mail.recipient_ids += self.stopped
        self.assertEqual(self.send(mail), {"ann.active@example.com"})

    def test_mail_about_their_work_reaches_employees(self):
        colleague = self.make_user("colleague", email="colleague@example.com")
        colleague.partner_id._privacy_set_status("stopped", "test")
        mail = self.mail(recipient_ids=[Command.link(colleague.partner_id.id)])
        self.assertEqual(self.send(mail), {"colleague@example.com"})

    def test_refused_consent_about_email_keeps_marketing_back(self):
        newsletter = self.make_purpose(
            covers_email=True,
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        offers = self.make_purpose(name="Offers", covers_email=True)
        gate, ann = self.env["privacy.gate"], self.active
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)

        def refused():
            self.env.flush_all()
            return gate._mail_refusals({"marketing": {ann.id}, "automatic": {ann.id}})

        self.assertFalse(refused(), "they may object to the newsletter, and have not")
        self.answer(ann, newsletter, "refused")
        self.assertEqual(refused(), {("marketing", ann.id): "no_marketing_consent"})
        self.answer(ann, offers, "granted")
        self.assertFalse(refused())

    def test_blacklist_holds_whatever_the_sender_ticks(self):
        self.env["mail.blacklist"]._add("ann.active@example.com")
        composer = self.env["mail.compose.message"].with_user(self.clerk)
        composer = composer.create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": repr(self.active.ids),
                "subject": "Hello",
                "body": "Hello",
                "use_exclusion_list": False,
            }
        )
        composer.action_send_mail()
        mail = self.mails_to(self.active)
        self.assertEqual(mail.failure_type, "privacy_no_marketing_consent")

    # What is owed

    def owed(self, recipients, **values):
        """:return: whether a mail for whoever is given passes the gate"""
        mails = mandatory(self.env["mail.mail"], recipients)
        mail = mails.create({"body_html": "Unlocked", **values})
        return mail.privacy_class == "mandatory"

    def test_what_is_owed_reaches_who_stopped(self):
        mails = mandatory(self.env["mail.mail"], self.stopped.ids)
        mail = mails.create(
            {"body_html": "Unlocked", "recipient_ids": [Command.link(self.stopped.id)]}
        )
        self.assertEqual(self.send(mail), {"stan.stopped@example.com"})

    def test_it_is_owed_to_those_named_and_to_nobody_else(self):
        stan, ann = self.stopped, self.active
        linked = {"recipient_ids": [Command.link(stan.id)]}
        written = {"email_to": "Stan <STAN.stopped@example.com>"}
        self.assertTrue(self.owed([stan.id], **linked))
        self.assertTrue(self.owed(["stan.stopped@example.com"], **written))
        for recipients, values in (
            (ann.ids, linked),
            ([], linked),
            ([False, ""], written),
            (["ann.active@example.com"], written),
            (stan.ids, {**linked, "email_cc": "x@example.org"}),
            (stan.ids, {**linked, "headers": repr({"Cc": "x@example.org"})}),
            (stan.ids, {}),
        ):
            with self.subTest(recipients=recipients, values=values):
                self.assertFalse(self.owed(recipients, **values))

    def test_it_is_owed_once(self):
        values = {"recipient_ids": [Command.link(self.stopped.id)], "body_html": "x"}
        mails = mandatory(self.env["mail.mail"], self.stopped.ids)
        classes = [mails.create(values).privacy_class for _number in range(2)]
        self.assertEqual(classes, ["mandatory", "automatic"])
        # what was made of one permission is no other
        again = mandatory(self.env["mail.mail"], self.stopped.ids)
        self.assertEqual(again.create(values).privacy_class, "mandatory")

    def test_nothing_is_owed_without_saying_to_whom(self):
        for name in ("mandatory", "manual", "marketing"):
            with self.assertRaises(ValueError):
                of_class(self.env["mail.mail"], name)

    def test_what_an_owed_mail_sets_off_is_not_owed(self):
        """An action, a message and a saved contact in the middle of it."""
        document = mandatory(self.document, self.stopped.ids)
        action = self.env["ir.actions.server"].create(
            {
                "name": "Advertise",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": f"env['mail.mail'].create({{'body_html': 'Buy', "
                f"'recipient_ids': [{self.stopped.id}]}})",
            }
        )
        action.with_env(document.env).run()
        document.message_notify(body="Buy", subject="Buy", partner_ids=self.stopped.ids)
        mails = self.mails_to(self.stopped)
        self.assertEqual(len(mails), 2)
        self.assertEqual(set(mails.mapped("privacy_class")), {"automatic"})
        self.assertEqual(set(mails.mapped("state")), {"cancel"})
        self.assertTrue(self.owed_in(document))

    def test_saving_the_token_is_not_the_mail_with_it(self):
        """What another add-on does when the contact is saved."""
        user = self.make_user("stan", groups="base.group_portal", email="s@example.com")
        user.partner_id._privacy_set_status("stopped", "test")
        partners = self.env.registry["res.partner"]
        write = partners.write

        def writing(records, vals):
            records.env["mail.mail"].sudo().create(
                {"subject": "Buy", "body_html": "Buy", "email_to": "s@example.com"}
            ).send()
            return write(records, vals)

        self.patch(partners, "write", writing)
        with self.mock_mail_gateway():
            user._action_reset_password()
        self.assertEqual([mail["subject"] for mail in self._mails], ["Password reset"])

    def owed_in(self, records):
        """:return: whether the mail that was meant still passes the gate"""
        mail = records.env["mail.mail"].create(
            {"body_html": "Code", "recipient_ids": [Command.link(self.stopped.id)]}
        )
        return mail.privacy_class == "mandatory"

    def test_receipt_of_the_preferences_page_is_owed(self):
        page = self.env["privacy.preferences.page"]
        line = {"name": "N", "moment": "now", "version": 1, "label": "No"}
        mail = page._send_confirmation(self.stopped, [self.stopped], [line])
        self.assertEqual(mail.state, "outgoing")

    def test_answer_to_a_request_is_owed(self):
        mail = self.stopped._privacy_notify_person(
            "privacy_guard.mail_template_request_code", self.env.company, code="1"
        )
        self.assertEqual((mail.privacy_class, mail.state), ("mandatory", "outgoing"))

    def test_who_stopped_may_reset_their_password(self):
        user = self.make_user("stan", groups="base.group_portal")
        user.partner_id._privacy_set_status("stopped", "test")
        with self.mock_mail_gateway():
            user._action_reset_password()
        self.assertEqual(self.sent_addresses(), {user.partner_id.email_normalized})

    def test_who_stopped_gets_the_invitation_and_the_code(self):
        """STP-1: who has stopped may still log in, to take it back."""
        user = self.make_user("stan", groups="base.group_portal")
        user.partner_id._privacy_set_status("stopped", "test")
        ways = [lambda: user._action_reset_password(signup_type="signup")]
        if hasattr(user, "_totp_rate_limit"):
            # it looks at the request, and there is none
            self.patch(self.env.registry["res.users"], "_totp_rate_limit", Mock())
            ways.append(user._send_totp_mail_code)
        for way in ways:
            with self.mock_mail_gateway():
                way()
            self.assertEqual(self.sent_addresses(), {user.partner_id.email_normalized})

    # Nobody talks the gate over

    def test_cancelled_without_a_mail_server(self):
        """The reason is not lost in "Unable to connect"."""
        mail = self.notice.send_mail(self.stopped.id)
        mail = self.env["mail.mail"].browse(mail)
        reason = mail.failure_reason
        server = self.env.registry["ir.mail_server"]
        with (
            patch.object(server, "_connect__", side_effect=OSError("no server")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail.send()
        self.assertEqual((mail.state, mail.failure_reason), ("cancel", reason))

    def test_context_and_values_of_a_caller_widen_nothing(self):
        own = self.document.with_user(self.clerk).message_post(
            body="Hello", message_type="comment"
        )
        posted = {"is_notification": True, "message_type": "comment"}
        keys = {
            "privacy_class_given": "mandatory",
            "privacy_posted": "manual",
            "privacy_class": "mandatory",
            "default_privacy_class": "mandatory",
            **{f"default_{name}": value for name, value in posted.items()},
        }
        template = self.notice.with_user(self.clerk).with_context(**keys)
        hand = {"privacy_class": "manual"}
        for values in ({}, hand, posted, {"mail_message_id": own.id}):
            mail_id = template.send_mail(self.stopped.id, email_values=values)
            mail = self.env["mail.mail"].browse(mail_id).sudo()
            self.assertEqual((mail.privacy_class, mail.state), ("automatic", "cancel"))

    def test_portions_of_a_mail_are_what_it_was(self):
        """A personal mail server sends so many a minute; the rest is a copy."""
        message = self.document.with_user(self.clerk).message_post(
            body="Hello",
            message_type="comment",
            partner_ids=self.stopped.ids,
            subtype_xmlid="mail.mt_comment",
        )
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        portion = mail.sudo().copy(
            {
                "mail_message_id": message.id,
                "recipient_ids": self.stopped.ids,
            }
        )
        self.assertEqual((portion.privacy_class, portion.state), ("manual", "outgoing"))

    def test_administrators_cannot_set_the_class(self):
        mail = self.mail(recipient_ids=[Command.link(self.active.id)])
        with self.assertRaises(AccessError):
            mail.with_user(self.admin).write({"privacy_class": "mandatory"})

    def test_what_is_no_request_is_not_attempted(self):
        """Nothing of it may fail: halves of nothing would be attempted for ever."""
        broken = Mock(side_effect=ValueError)
        self.assertFalse(attempt_each(self.env["mail.mail"], [], broken, broken))

    def test_fails_closed(self):
        mail = self.mail(recipient_ids=[Command.link(self.active.id)])
        with (
            self.patch_gate(),
            self.mock_mail_gateway(),
            self.assertRaises(ZeroDivisionError),
        ):
            mail.send()
        self.assertEqual(self.sent_addresses(), set())

    def patch_gate(self):
        gate = self.env.registry["privacy.gate"]
        return patch.object(gate, "_find_mail_refusals", side_effect=ZeroDivisionError)

    # By hand

    def test_warning_before_writing_to_who_stopped(self):
        composer = self.env["mail.compose.message"].with_user(self.clerk)
        values = {"model": "res.partner", "res_ids": repr(self.document.ids)}
        people = self.active + self.stopped
        composer = composer.create({**values, "partner_ids": [Command.set(people.ids)]})
        self.assertIn("Stan Stopped", composer.privacy_warning)
        self.assertNotIn("Ann", composer.privacy_warning)
        composer.partner_ids = self.active
        self.assertFalse(composer.privacy_warning)

    def test_warning_below_a_document(self):
        self.document.message_subscribe((self.active + self.stopped).ids)
        for record, name in ((self.document, "Stan"), (self.stopped, "Stan")):
            warning = record.with_user(self.clerk)._privacy_warning()
            self.assertIn(name, warning)
            self.assertNotIn("Ann", warning)
        self.assertFalse(self.active.with_user(self.clerk)._privacy_warning())
        store = Store()
        people = (self.document + self.active).with_user(self.clerk)
        people._thread_to_store(store, [], request_list=["suggestedRecipients"])
        told = [
            thread.get("privacy_warning")
            for thread in store.get_result()["mail.thread"]
        ]
        self.assertEqual([bool(text) for text in told], [True, False])

    def test_writing_to_who_stopped_is_noted_with_them(self):
        self.document.with_user(self.clerk).message_post(
            body="Your invoice",
            subject="Invoice 1",
            message_type="comment",
            partner_ids=self.stopped.ids,
            subtype_xmlid="mail.mt_comment",
        )
        note = self.stopped.message_ids[:1]
        self.assertIn("by hand", note.body)
        self.assertIn("Invoice 1", note.body)
        self.assertEqual(note.author_id, self.clerk.partner_id)

    def test_nobody_rewrites_what_was_noted(self):
        """Whoever may write to a contact may change its other messages."""
        manager = self.make_user("manager")
        self.post(people=self.stopped)
        note = self.stopped.message_ids[:1].with_user(manager)
        for values in ({"body": "<p>Nothing</p>"}, {"date": "2001-01-01 00:00:00"}):
            with self.assertRaisesRegex(AccessError, "kept as a record"):
                note.write(values)
        with self.assertRaisesRegex(AccessError, "kept as a record"):
            note.unlink()
        with self.assertRaisesRegex(AccessError, "kept as a record"):
            self.stopped.with_user(manager).write(
                {"message_ids": [Command.delete(note.id)]}
            )
        with self.assertRaises(AccessError):
            note.write({"privacy_is_record": False})
        forged = self.active.with_user(manager).message_post(body="Mine")
        forged.sudo().create(
            {"model": "res.partner", "res_id": 1, "privacy_is_record": True}
        ).with_user(manager).unlink()
        forged.body = "Changed"
        forged.unlink()

    def test_nobody_is_written_to_by_what_only_the_mailer_reads(self):
        """Where core knows no valid address, it takes what looks like one."""
        server = self.env["ir.mail_server"]
        message = EmailMessage()
        message["To"] = 'Odd <x"stan@example.com>'
        self.assertTrue(server._prepare_smtp_to_list(message, None))
        unread = server.with_context(send_validated_to=[])
        self.assertEqual(unread._prepare_smtp_to_list(message, None), [])
        with self.assertRaises(AssertionError):
            unread._prepare_email_message__(message, None)

    def test_what_code_hands_to_the_mail_server_is_automatic(self):
        """Past the queue of mails, and whatever it says of itself."""
        server = self.env["ir.mail_server"]

        def send(people, server=server):
            message = server._build_email__(
                "us@example.com", people.mapped("email"), "News", "News"
            )
            trusting = server.with_context(privacy_gate_asked=[message["Message-Id"]])
            trusting.send_email(message)
            return trusting._prepare_smtp_to_list(message, None)

        self.assertEqual(send(self.active + self.stopped), [self.active.email])
        with self.assertRaisesRegex(MailDeliveryException, "asked us to stop"):
            send(self.stopped)
        # the mailer reads these once more
        for spelling in ("@relay.example:%s", "<@relay.example:%s>", "x: %s;", "%s;"):
            message = server._build_email__(
                "us@example.com", ["x@example.com"], "News", "News"
            )
            del message["To"]
            message["To"] = spelling % self.stopped.email
            with self.subTest(spelling):
                left = []
                # of some, Python's own headers leave nothing to refuse
                with suppress(MailDeliveryException):
                    left = server._prepare_smtp_to_list(message, None)
                self.assertFalse(left)

    def test_it_is_noted_whichever_way_they_are_named(self):
        """By a contact, an address, a copy; beside somebody who gets nothing."""
        address, second = self.stopped.email, "stan@example.net"
        self.stopped._privacy_set_status("active", "test")
        self.stopped.email = f"{address}, {second}"
        self.stopped._privacy_set_status("stopped", "test")
        ways = {
            "contact": {"people": self.stopped},
            "address": {"outgoing_email_to": address},
            "name and address": {"outgoing_email_to": f'"S, S" <{address.upper()}>'},
            "second address": {"outgoing_email_to": second},
            "copy": {"people": self.active, "mail_headers": {"Cc": address}},
            "beside an erased one": {"people": self.stopped + self.erased},
            "address beside an erased one": {
                "people": self.erased,
                "outgoing_email_to": address,
            },
        }
        nobody = self.stopped.browse()
        for way, values in ways.items():
            with self.subTest(way=way):
                before = self.stopped.message_ids
                self.post(**{"people": nobody, "subject": way, **values})
                note = self.stopped.message_ids - before
                self.assertEqual(len(note), 1)
                self.assertIn("by hand", note.body)
                self.assertIn(way, note.body)

    def post(self, people, document=None, **values):
        """:return: the mails of one message of the clerk"""
        document = (document or self.document).with_user(self.clerk)
        document = document.with_context(mail_notify_force_send=False)
        message = document.message_post(
            body="Hello",
            message_type="comment",
            partner_ids=people.ids,
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        return self.env["mail.mail"].search([("mail_message_id", "=", message.id)])

    def people(self, count):
        return self.env["res.partner"].create(
            [{"name": f"Q{i}", "email": f"q{i}@example.com"} for i in range(count)]
        )

    def test_one_message_to_many_outside_is_not_by_hand(self):
        people = self.people(MANUAL_RECIPIENTS - 1)
        colleagues = self.clerk.partner_id + self.admin.partner_id
        mails = self.post(people + self.stopped + colleagues)
        self.assertEqual(set(mails.mapped("privacy_class")), {"manual"})
        self.assertIn(self.stopped, mails.recipient_ids)
        mails = self.post(people + self.stopped + self.active)
        self.assertEqual(set(mails.mapped("privacy_class")), {"automatic"})
        self.assertNotIn(self.stopped, mails.recipient_ids)
        self.assertEqual(self.note(mails, self.stopped).failure_type, "privacy_stopped")

    def test_several_documents_at_once_are_not_by_hand(self):
        """Whether one dialogue is about them, or several are sent at once."""
        documents = self.stopped + self.make_contact("Sue Stopped")
        documents[1]._privacy_set_status("stopped", "test")
        values = {
            "composition_mode": "comment",
            "model": "res.partner",
            "template_id": self.notice.id,
        }
        composers = self.env["mail.compose.message"].with_user(self.clerk)
        composers = composers.with_context(mail_notify_force_send=False)
        for ids_of_each in ([documents.ids], [[id_] for id_ in documents.ids]):
            several = composers.create(
                [{**values, "res_ids": repr(ids)} for ids in ids_of_each]
            )
            _mails, messages = several._action_send_mail()
            notes = messages.sudo().notification_ids.filtered(
                lambda note: note.res_partner_id in documents
            )
            self.assertEqual(len(notes), 2)
            self.assertEqual(set(notes.mapped("failure_type")), {"privacy_stopped"})

    def test_what_one_request_posts_counts_together(self):
        """Whoever loops: a dialogue that posts on each of several documents, or again
        and again to more than a few people."""
        others = self.people(MANUAL_RECIPIENTS)
        elsewhere = self.make_contact("Another Document")
        later = {"scheduled_date": fields.Datetime.now() + timedelta(days=1)}
        for second, values in (
            ({"people": others[:1], "document": elsewhere}, {}),
            ({"people": others}, {}),
            ({"people": others[:1], "document": elsewhere}, later),
        ):
            before = self.stopped.message_ids
            with self.subTest(second=second, values=values), MockRequest(self.env):
                first = self.post(self.stopped, **values)
                self.assertTrue(values or first.privacy_class == "manual")
                self.post(others[:1], **values)
                self.post(**second, **values)
                third = self.post(self.stopped, document=elsewhere)
                self.assertEqual(third.privacy_class, "automatic")
                if values:
                    schedule = self.env["mail.message.schedule"].search([])
                    self.assertFalse(
                        any(schedule.mail_message_id.mapped("privacy_by_hand"))
                    )
                    schedule.unlink()
                else:
                    self.assertEqual(first.privacy_class, "automatic")
                    self.assertEqual(
                        self.outcome(first, self.stopped), "privacy_stopped"
                    )
                # nothing says any more that it was sent
                self.assertEqual(self.stopped.message_ids, before)

    def test_what_was_rolled_back_was_not_posted(self):
        with MockRequest(self.env):
            self.post(self.active)
            self.env.cr.postrollback.run()
            mails = self.post(self.stopped, document=self.make_contact("Another"))
            self.assertEqual(mails.privacy_class, "manual")

    def test_warning_before_writing_to_many(self):
        people = self.people(MANUAL_RECIPIENTS) + self.stopped
        composer = self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "res_ids": repr(self.document.ids),
                "partner_ids": [Command.set(people.ids)],
            }
        )
        self.assertIn("Write to them alone", composer.privacy_warning)

    # Sets

    def test_two_queries_for_any_number(self):
        people = self.env["res.partner"].create(
            [{"name": f"Q{i}", "email": f"q{i}@example.com"} for i in range(200)]
        )
        people[3]._privacy_set_status("stopped", "test")
        gate = self.env["privacy.gate"]
        gate._mail_refusals({"marketing": set(people.ids)})  # settings are cached
        for count in (2, 200):
            self.env.invalidate_all()
            recipients = set(people[:count].ids) | {"stan.stopped@example.com"}
            with self.assertQueryCount(2):
                refused = gate._mail_refusals(
                    {"automatic": recipients, "manual": recipients}
                )
            self.assertIn(("automatic", "stan.stopped@example.com"), refused)
        self.assertEqual(refused["automatic", people[3].id], "stopped")
        self.assertEqual(len(refused), 2)


class TestMailClass(MailGateCommon):
    """The rule that says what a mail is knows the classes of the gate."""

    def test_every_class_has_its_row_in_the_table(self):
        classes = self.env["mail.mail"]._fields["privacy_class"].selection
        self.assertEqual({code for code, _label in classes}, set(FORBIDDEN))
