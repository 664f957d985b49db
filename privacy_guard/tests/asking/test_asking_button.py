from datetime import timedelta

from freezegun import freeze_time
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestSendConsentRequest(AskingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user(
            "privacy_user", "base.group_user,privacy_guard.group_privacy_user"
        )
        cls.employee = cls.make_user("employee")

    def send(self, contacts, user=None):
        return contacts.with_user(user or self.user).action_send_consent_request()

    def test_asks_one_contact(self):
        """T3: *Send consent request* by a user, in the user's name."""
        ann = self.make_contact("Ann")
        action = self.send(ann)
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.value(ann, self.newsletter), "waiting")
        self.assertEqual(len(self.mails(ann)), 1)
        event = self.events(ann, self.newsletter)[-1]
        self.assertEqual((event.source, event.user_id), ("user", self.user))

    def test_evaluates_first(self):
        """T1, T3: what applies since the last save is asked as well."""
        ann = self.make_contact("Ann")
        calls = self.make_purpose(name="Phone calls")
        self.send(ann)
        self.assertEqual(self.value(ann, calls), "waiting")

    def test_asks_for_nothing_that_is_switched_off(self):
        """Whatever the context that a caller sets."""
        calls = self.make_purpose(name="Phone calls")
        ann = self.make_contact("Ann")
        calls.active = False
        self.send(ann.with_context(active_test=False))
        self.assertEqual(self.value(ann, calls), "applicable")

    def test_works_without_automatic_information(self):
        """JOB-3 switches off the runs, not the button."""
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.inform_automatically", "False"
        )
        ann = self.make_contact("Ann")
        self.send(ann)
        self.assertTrue(self.mails(ann))

    def test_at_most_once_in_24_hours(self):
        """T3, whether the run or a user asked."""
        ann = self.make_contact("Ann")
        self.run_job(self.daily)
        self.make_purpose(name="Phone calls")
        with self.assertRaisesRegex(UserError, "Ann was not asked: .*24 hours"):
            self.send(ann)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.send(ann)
        self.assertEqual(len(self.mails(ann)), 2)

    def test_refusal_names_contact_and_reason(self):
        """T3: each reason why a contact cannot be asked."""
        nobody = self.make_contact("Nobody", email=False)
        black = self.make_contact("Black", email="black@example.com")
        self.env["mail.blacklist"]._add("black@example.com")
        double = self.make_contact("Double")
        double._privacy_set_status("duplicate", "test")
        stopped = self.make_contact("Stopped")
        stopped._privacy_set_status("stopped", "test")
        bounced = self.make_contact("Bounced")
        bounced.message_bounce = 9
        archived = self.make_contact("Archived")
        archived.active = False
        done = self.make_contact("Done")
        self.answer(done, self.newsletter, "refused")
        company = self.make_contact("Company", is_company=True)
        for contact, reason in (
            (nobody, "no valid e-mail"),
            (black, "blacklisted"),
            (double, "duplicate"),
            (stopped, "stop processing"),
            (bounced, "bouncing"),
            (archived, "archived"),
            (done, "nothing left to ask"),
            (company, "nothing left to ask"),
        ):
            with self.subTest(reason):
                with self.assertRaisesRegex(UserError, f"{contact.name}.*{reason}"):
                    self.send(contact)
                self.assertFalse(self.mails(contact))

    def test_list_action_asks_whom_it_may(self):
        """T3 as a list action: the others are counted, with the reason."""
        people = self.people(3) + self.make_contact("Nobody", email=False)
        action = self.send(people)
        self.assertEqual(len(self.mails(people)), 3)
        self.assertIn("3", action["params"]["message"])
        self.assertIn("no valid e-mail", action["params"]["message"])

    def test_list_action_when_nobody_may_be_asked(self):
        people = self.make_contact("Nobody", email=False)
        people += self.make_contact("No one", email=False)
        self.assertEqual(self.send(people)["params"]["type"], "warning")

    def test_only_privacy_users(self):
        """ROL-1: an employee who calls the method over RPC is refused."""
        ann = self.make_contact("Ann")
        with self.assertRaises(AccessError):
            self.send(ann, self.employee)
        self.assertFalse(self.mails(ann))

    def test_only_contacts_that_the_user_may_read(self):
        """ROL-1: the right to ask is no right to reach other companies' contacts."""
        other = self.env["res.company"].create({"name": "Other Company"})
        ann = self.make_contact("Ann", company_id=other.id)
        self.env.ref("base.res_partner_rule").active = True
        with self.assertRaises(AccessError):
            self.send(ann)
        self.assertFalse(self.mails(ann))

    def test_portal_user_is_refused(self):
        ann = self.make_contact("Ann")
        portal = self.make_user("zoe_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.send(ann, portal)

    def test_disabled(self):
        """PRE-1."""
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        with self.assertRaisesRegex(UserError, "not enabled"):
            self.send(self.make_contact("Ann"))

    def test_private_methods_are_not_for_rpc(self):
        """Asking without the check has a name that RPC refuses."""
        for name in ("_consent_ask", "_consent_askable_domain"):
            self.assertTrue(name.startswith("_"))
        for model in ("consent.asking", "consent.request.mail", "consent.run"):
            public = [
                name
                for cls in type(self.env[model]).mro()
                if "privacy_guard" in cls.__module__
                for name, value in vars(cls).items()
                if callable(value)
                and not name.startswith("_")
                # of every model: core's own
                and not hasattr(models.BaseModel, name)
            ]
            self.assertFalse(public, model)

    def test_askable_domain_agrees_with_the_reasons(self):
        """The one rule: the domain is empty exactly where there is a reason."""
        people = self.people(3)
        people[0].email = False
        people[1]._privacy_set_status("stopped", "test")
        askable = people.search(
            people._consent_askable_domain() & fields.Domain("id", "in", people.ids)
        )
        self.assertEqual(askable, people[2])
