from odoo.tests import HttpCase, new_test_user, tagged

from .common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestTours(PrivacyCommon, HttpCase):
    """What administrators and officers do, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "privacy_guard.group_privacy_officer,base.group_partner_manager"
        cls.officer = new_test_user(cls.env, "officer", groups=groups)

    def contact_url(self, contact):
        return f"/odoo/action-contacts.action_contacts/{contact.id}"

    def test_enable_from_the_settings(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.make_data_purpose("phone")
        self.start_tour("/odoo", "privacy_guard_enable", login="admin")
        self.assertTrue(self.env["privacy.gate"]._is_enabled())
        self.assertEqual(self.env.company.privacy_from_email, "privacy@example.com")

    def test_define_and_publish_a_consent(self):
        self.start_tour("/odoo", "privacy_guard_define", login="officer")
        purpose = self.env["consent.purpose"].search(
            [("name", "=", "Tour offers"), ("active", "=", False)]
        )
        self.assertEqual(purpose.version, 1)

    def test_open_the_conditions_of_each_kind_of_consent(self):
        purposes = (
            self.make_data_purpose("phone"),
            self.make_purpose(name="News"),
            self.env.ref("privacy_guard.consent_purpose_tracking_email"),
        )
        for purpose in purposes:
            with self.subTest(kind=purpose.kind):
                url = f"/odoo/consents/{purpose.id}"
                self.start_tour(url, "privacy_guard_conditions", login="officer")

    def test_record_an_answer_on_a_contact(self):
        purpose = self.make_data_purpose("phone")
        contact = self.make_contact(phone="+32 2 555 00 00")
        url = self.contact_url(contact)
        self.start_tour(url, "privacy_guard_contact", login="officer")
        self.assertEqual(self.value(contact, purpose), "granted")

    def test_switch_on_a_consent_that_withholds(self):
        purpose = self.make_data_purpose("phone", active=False)
        self.env["res.partner"].search([("phone", "!=", False)]).phone = False
        for name in ("Ann", "Ben"):
            self.make_contact(name, phone="+32 2 555 00 00")
        url = f"/odoo/consents/{purpose.id}"
        self.start_tour(url, "privacy_guard_switch_on", login="officer")
        self.assertTrue(purpose.active)

    def test_see_that_a_value_is_withheld(self):
        purpose = self.make_data_purpose("phone")
        contact = self.make_contact(phone="+32 2 555 00 00")
        self.ask(contact, purpose)
        url = self.contact_url(contact)
        self.start_tour(url, "privacy_guard_withheld", login="officer")

    def test_see_whom_a_mail_was_kept_from(self):
        """The reason is shown on the message."""
        stan = self.make_contact("Stan")
        stan._privacy_set_status("stopped", "test")
        document = self.make_contact("The Document", is_company=True)
        document.with_user(self.officer).with_context(
            privacy_automatic=True
        ).message_post(
            body="Hello",
            message_type="comment",
            partner_ids=stan.ids,
            subtype_xmlid="mail.mt_comment",
        )
        url = self.contact_url(document)
        self.start_tour(url, "privacy_guard_refused_mail", login="officer")

    def test_flag_a_field_as_sensitive(self):
        """FLD-2: the consent is there at once, switched off."""
        self.start_tour("/odoo", "privacy_guard_flag_field", login="officer")
        purpose = self.env["consent.purpose"].search(
            [("field_id.name", "=", "phone"), ("active", "=", False)]
        )
        self.assertEqual(purpose.name, "Phone")

    def test_delete_a_data_consent_and_bring_the_field_back(self):
        purpose = self.make_data_purpose("phone")
        self.env["res.partner"].search([("phone", "!=", False)])._privacy_erase_field(
            "phone"
        )
        for number in range(3):
            self.make_contact(f"Person {number}", phone=str(number))
        url = f"/odoo/consents/{purpose.id}"
        self.start_tour(url, "privacy_guard_delete_consent", login="officer")
        self.assertTrue(purpose.field_id.privacy_removed)
        self.env.ref(
            "privacy_guard.ir_cron_erase_removed_fields"
        ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.env["res.partner"].search([("phone", "!=", False)]))
        url = f"/odoo/personal-data/{purpose.field_id.id}"
        self.start_tour(url, "privacy_guard_bring_back", login="officer")
        self.env.invalidate_all()
        self.assertFalse(purpose.field_id.privacy_removed)

    def test_reopen_a_duplicate(self):
        contact = self.make_contact()
        contact._privacy_set_status("duplicate", "test")
        url = self.contact_url(contact)
        self.start_tour(url, "privacy_guard_reopen", login="officer")
        self.assertEqual(contact.privacy_status, "active")

    def test_handle_requests(self):
        """REQ-1."""
        make = self.env["privacy.request"]._make
        request = make(self.make_contact(), "erasure", "letter")
        request._set({"deadline": "2020-01-31"})
        self.make_contact("Ben Example")
        url = "/odoo/action-privacy_guard.privacy_request_action"
        self.start_tour(url, "privacy_guard_request", login="officer")
        stop = self.env["privacy.request"].search([("kind", "=", "stop")])
        self.assertEqual(stop.state, "done")

    def test_reopen_who_asked_to_stop(self):
        """STP-2."""
        contact = self.make_contact()
        self.env["privacy.request"]._make(contact, "stop", "letter")
        url = self.contact_url(contact)
        self.start_tour(url, "privacy_guard_stopped", login="officer")
        self.assertEqual(contact.privacy_status, "active")

    def test_import_answers(self):
        """A dry run first, with what is refused and why."""
        purpose = self.make_purpose(name="News")
        contact = self.make_contact()
        url = "/odoo/action-privacy_guard.consent_import_action/new"
        self.start_tour(url, "privacy_guard_import", login="officer")
        self.assertEqual(self.value(contact, purpose), "applicable")
        self.env.ref("privacy_guard.ir_cron_consent_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.value(contact, purpose), "granted")
