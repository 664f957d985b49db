from unittest.mock import patch

from odoo.addons.sms.tests.common import SMSCase
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.privacy_guard.models.encryption import (
    ir_model_fields_copies,
    ir_model_fields_documents,
)
from odoo.addons.privacy_guard_phone_validation.tests.number_common import (
    NUMBER,
    NumberCommon,
)

from .sms_mailing_common import SmsMailingCommon


@tagged("post_install", "-at_install")
class TestSmsMailingEncrypted(NumberCommon, SMSCase):
    """Numbers that nobody sees, the database neither, are known to mailings."""

    make_mailing = classmethod(SmsMailingCommon.make_mailing.__func__)

    @classmethod
    def setUpClass(cls):
        # Where CRM is installed, leads keep copies of numbers, and electronic invoices
        # show them: what stands in the way there is none of this.
        copies = ir_model_fields_copies.IrModelFields
        documents = ir_model_fields_documents.IrModelFields
        for model_class, name, nothing in (
            (copies, "_privacy_leaking_dependents", lambda self, field: []),
            (documents, "_privacy_document_blocker", lambda self: ""),
        ):
            cls.startClassPatcher(patch.object(model_class, name, nothing))
        super().setUpClass()
        cls.purpose = cls.make_purpose(name="Offers", covers_sms=True)
        cls.people._consent_sync()
        cls.ann._consent_record_answers(
            {cls.purpose.id: "granted"}, source="preferences"
        )
        cls.env["phone.blacklist"].remove(NUMBER)
        cls.sender = cls.make_user(
            "sender", "mass_mailing.group_mass_mailing_user,base.group_partner_manager"
        )

    def test_only_who_granted_gets_it(self):
        mailing = self.make_mailing(self.ann | self.bea).with_user(self.sender)
        self.env.invalidate_all()
        self.assertIn("1 of 2 recipients", mailing.privacy_exclusions)
        with self.mockSMSGateway():
            mailing.action_send_sms()
        self.assertEqual([message["number"] for message in self._sms], [NUMBER])
        traces = mailing.mailing_trace_ids.sorted("res_id")
        self.assertEqual(
            traces.mapped("failure_type"), [False, "privacy_no_marketing_consent"]
        )
        self.assertEqual(traces[0].sudo().sms_number, NUMBER)

    def test_senders_see_no_numbers_of_traces(self):
        mailing = self.make_mailing(self.ann)
        with self.mockSMSGateway():
            mailing.action_send_sms()
        traces = self.env["mailing.trace"].with_user(self.sender)
        for look in (
            lambda: traces.search([("sms_number", "=", NUMBER)]),
            lambda: traces.search([]).read(["sms_number"]),
            lambda: traces.search([], order="sms_number"),
        ):
            with self.assertRaises(AccessError):
                look()
        self.assertNotIn("sms_number", traces.get_view(view_type="list")["arch"])

    def test_senders_can_test(self):
        test = self.env["mailing.sms.test"].with_user(self.sender)
        mailing = self.make_mailing(self.ann)
        test = test.create({"mailing_id": mailing.id, "numbers": NUMBER})
        with self.mockSMSGateway():
            test.action_send_sms()
        self.assertEqual([message["number"] for message in self._sms], [NUMBER])
        self.assertEqual(mailing.mailing_trace_ids.sudo().sms_number, NUMBER)

    def test_stopping_finds_everybody_with_the_number(self):
        self.make_mailing(self.ann)._privacy_withdraw(
            NUMBER, {"ip": "192.0.2.1", "user_agent": "test"}
        )
        self.assertEqual(self.value(self.ann, self.purpose), "refused")
