import base64
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ...tools.request_handler import RequestHandler
from ..common import PrivacyCommon


class TestRequestHandling(PrivacyCommon):
    """REQ-1, ROL-1: what officers do about requests, and who else may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact("Ann Example")
        cls.officer = cls.make_user(
            "officer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            email="officer@example.com",
        )
        cls.user = cls.make_user("looker", "privacy_guard.group_privacy_user")
        cls.env.company.privacy_officer_id = cls.officer
        cls.request = cls.env["privacy.request"]._make(
            cls.ann, "rectification", "letter"
        )
        cls.mine = cls.request.with_user(cls.officer)

    def mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.ann.ids)])

    def decide(self, decision, reason, user=None):
        wizard = self.env["privacy.request.decide"].with_user(user or self.officer)
        wizard.create(
            {"request_id": self.request.id, "decision": decision, "reason": reason}
        ).action_decide()

    def overdue(self):
        self.request._set({"deadline": fields.Date.today() - timedelta(days=1)})

    def test_owner_gets_an_activity(self):
        self.assertEqual(self.request.user_id, self.officer)
        self.assertRecordValues(
            self.request.activity_ids,
            [{"user_id": self.officer.id, "date_deadline": self.request.deadline}],
        )
        self.mine.user_id = self.env.ref("base.user_admin")
        self.assertEqual(self.request.activity_ids.user_id, self.mine.user_id)
        with self.assertRaises(ValidationError):
            self.mine.user_id = self.user

    def test_what_a_visitor_does_is_told_in_the_language_of_the_readers(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for name, text in (("kind__stop", "Arrêt"), ("state__new", "Nouvelle")):
            label = self.env.ref(f"privacy_guard.selection__privacy_request__{name}")
            label.with_context(lang="fr_FR").name = text
        visitor = self.env.ref("base.public_user")
        requests = self.env["privacy.request"].with_user(visitor).sudo()
        french = requests.with_context(lang="fr_FR", tracking_disable=False)
        request = french._make(self.ann, "stop", "page", state="unconfirmed")
        request._begin()
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(request.activity_ids.summary, "Stop processing")
        history = request.message_ids
        self.assertIn("Privacy request created", history.mapped("body")[-1])
        changes = history.sudo().tracking_value_ids
        self.assertIn("New", changes.mapped("new_value_char"))
        self.assertNotIn("Nouvelle", changes.mapped("new_value_char"))

    def test_receipt_is_in_the_persons_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("privacy_guard.mail_template_request_received")
        template.with_context(lang="fr_FR").subject = "Votre demande"
        self.ann.lang = "fr_FR"
        self.env["privacy.request"]._make(self.ann, "access", "letter")
        self.assertEqual(self.mails()[0].subject, "Votre demande")

    def test_who_has_no_address_is_answered_by_hand(self):
        ben = self.make_contact("Ben", email=False)
        request = self.env["privacy.request"]._make(ben, "access", "letter")
        self.assertIn("No mail could be sent", request.message_ids[0].body)

    def test_receipt_is_mailed(self):
        mail = self.mails()
        self.assertIn(self.request.name, mail.body_html)
        self.assertIn("Rectification", mail.body_html)
        self.assertIn("/privacy/personal-link", mail.body_html)
        self.assertTrue(mail.sudo().consent_subject)

    def test_start_and_done(self):
        self.mine.action_start()
        self.assertEqual(self.request.state, "in_progress")
        self.mine.action_execute()
        self.assertEqual(self.request.state, "done")
        self.assertTrue(self.request.closed_at)
        self.assertFalse(self.request.activity_ids)
        self.assertIn("has done what you asked for", self.mails()[0].body_html)
        with self.assertRaises(UserError):
            self.mine.action_execute()

    def test_refused_with_a_reason_that_the_person_is_told(self):
        self.decide("refuse", "The name is right")
        self.assertEqual(self.request.state, "refused")
        self.assertIn("The name is right", self.mails()[0].body_html)
        self.assertIn("The name is right", self.request.message_ids[0].body)

    def test_extended_once_by_two_months(self):
        before = self.request.deadline
        self.decide("extend", "Holidays")
        self.assertEqual(self.request.deadline, before + relativedelta(months=2))
        self.assertEqual(self.request.activity_ids.date_deadline, self.request.deadline)
        self.assertIn("Holidays", self.mails()[0].body_html)
        with self.assertRaisesRegex(UserError, "once"):
            self.decide("extend", "More holidays")

    def test_not_extended_when_late(self):
        self.overdue()
        with self.assertRaisesRegex(UserError, "overdue"):
            self.decide("extend", "Holidays")

    def test_others_look_and_do_not_touch(self):
        theirs = self.request.with_user(self.user)
        self.assertEqual(theirs.search([]), self.request)
        for call in (
            theirs.action_start,
            theirs.action_execute,
            theirs.action_erase,
            lambda: theirs.write({"user_id": False}),
            lambda: self.decide("refuse", "No", self.user),
            lambda: self.env["privacy.request.make"].with_user(self.user).create({}),
        ):
            with self.assertRaises(AccessError):
                call()
        clerk = self.make_user("clerk")
        with self.assertRaises(AccessError):
            self.request.with_user(clerk).read(["name"])

    def test_nobody_sees_requests_of_contacts_that_they_may_not_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ann",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.ann.id})]",
            }
        )
        for user in (self.user, self.officer):
            theirs = self.request.with_user(user)
            theirs.invalidate_recordset()
            self.assertFalse(theirs.search([]))
            self.assertFalse(theirs._read_group([], ["kind"], ["__count"]))
            with self.assertRaises(AccessError):
                theirs.read(["name"])
        with self.assertRaises(AccessError):
            self.request.with_user(self.user).message_post(body="I am here")
        with self.assertRaises(AccessError):
            self.mine.action_execute()

    def test_rpc_and_superuser_write_no_guarded_field(self):
        for name in ("state", "deadline", "res_id", "has_locked", "identity", "x"):
            for request in (self.mine, self.request.sudo()):
                with self.subTest(name), self.assertRaises(UserError):
                    request.write({name: False})

    def test_handlers_act_on_the_requests_of_their_kind(self):
        """The hook of the rooms of rights, and of add-ons that bring a kind."""
        done = []

        def handlers(requests):
            return {
                "rectification": RequestHandler(
                    begin=lambda: done.append(("begin", requests)),
                    execute=lambda: done.append(("execute", requests)),
                    undo=lambda reason: done.append((reason, requests)),
                )
            }

        self.patch(self.registry["privacy.request"], "_handlers", handlers)
        bob = self.make_contact("Bob Example")
        make = self.env["privacy.request"]._make
        objection = make(bob, "objection", "letter")
        rectification = make(bob, "rectification", "letter")
        (objection | rectification).with_user(self.officer)._execute()
        self.mine._refuse("Proven to be right")
        self.assertEqual(
            done,
            [
                ("begin", rectification),
                ("execute", rectification),
                ("Proven to be right", self.request),
            ],
        )

    def test_officer_records_a_letter(self):
        """With a document, and the term runs from the day it came in."""
        received = fields.Date.today() - timedelta(days=10)
        form = Form(
            self.env["privacy.request.make"]
            .with_user(self.officer)
            .with_context(default_partner_id=self.ann.id)
        )
        form.kind = "stop"
        form.date = received
        form.note = "Signed by hand"
        wizard = form.save()
        wizard.document = base64.b64encode(b"letter")
        wizard.document_name = "letter.txt"
        action = wizard.action_make()
        request = self.env["privacy.request"].browse(action["res_id"])
        self.assertEqual(request.deadline, received + relativedelta(months=1))
        self.assertEqual(self.ann.privacy_status, "stopped")
        attachment = request.message_ids.attachment_ids
        self.assertEqual((attachment.name, attachment.raw), ("letter.txt", b"letter"))

    def test_the_day_is_one_where_the_company_is(self):
        received = fields.Date.today() - timedelta(days=10)
        for tz in ("America/New_York", "Pacific/Auckland"):
            self.env.company.privacy_tz = tz
            person = self.make_contact(f"Somebody in {tz}")
            wizard = self.env["privacy.request.make"].create(
                {"partner_id": person.id, "kind": "access", "date": received}
            )
            request = self.env["privacy.request"].browse(wizard.action_make()["res_id"])
            shown = fields.Datetime.context_timestamp(
                request.with_context(tz=tz), request.date
            )
            self.assertEqual((shown.date(), request._received_on()), (received,) * 2)
            self.assertEqual(request.deadline, received + relativedelta(months=1))

    def test_nothing_is_received_in_the_future(self):
        with self.assertRaises(UserError):
            self.env["privacy.request.make"].create(
                {
                    "partner_id": self.ann.id,
                    "kind": "stop",
                    "date": fields.Date.today() + timedelta(days=2),
                }
            )

    def test_overdue(self):
        self.assertFalse(self.request.search([("is_overdue", "=", True)]))
        self.overdue()
        self.assertTrue(self.request.is_overdue)
        self.assertEqual(self.request.search([("is_overdue", "=", True)]), self.request)

    def test_owner_is_reminded_weekly_of_what_is_overdue(self):
        self.assertFalse(self.request._remind_overdue())
        self.overdue()
        with self.enter_registry_test_mode():
            cron = self.env.ref("privacy_guard.ir_cron_overdue_requests")
            cron.method_direct_trigger()
        mail = self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", self.officer.partner_id.ids),
                ("subject", "like", "overdue"),
            ]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn(self.request.name, mail.body_html)
        self.request._close("done")
        self.assertFalse(self.request._remind_overdue())

    def test_contact_shows_its_requests(self):
        ann = self.ann.with_user(self.user)
        self.assertEqual(ann.privacy_request_count, 1)
        self.assertEqual(ann.privacy_open_request_count, 1)
        self.request._close("done")
        ann.invalidate_recordset()
        self.assertEqual(ann.privacy_open_request_count, 0)

    def test_uninstalling_waits_for_open_requests(self):
        module = self.env.ref("base.module_privacy_guard")
        with self.assertRaisesRegex(UserError, "1 people wait for an answer"):
            module.button_uninstall()
        self.request._close("done")
        self.assertFalse(self.env["privacy.gate"]._uninstall_blockers())

    def test_request_survives_its_contact(self):
        self.ann.unlink()
        self.assertTrue(self.request.exists())
        self.mine.action_execute()
        self.assertEqual(self.request.state, "done")
