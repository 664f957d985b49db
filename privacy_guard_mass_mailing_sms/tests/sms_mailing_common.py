from odoo.addons.sms.tests.common import SMSCase

from odoo.addons.privacy_guard.tests.common import PrivacyCommon

UNKNOWN = "+32470229999"


class SmsMailingCommon(PrivacyCommon, SMSCase):
    """People with numbers in every situation, and mailings of text messages to them.
    Odoo's own mock stands for the provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.belgium
        cls.purpose = cls.make_purpose(name="Offers", covers_sms=True)
        cls.willing = cls.make_person("Wilma Willing", 1)
        cls.unwilling = cls.make_person("Ulf Unwilling", 2)
        cls.silent = cls.make_person("Sid Silent", 3)
        cls.stopped = cls.make_person("Stan Stopped", 4)
        cls.everyone = cls.willing | cls.unwilling | cls.silent | cls.stopped
        granted = {cls.purpose.id: "granted"}
        (cls.willing | cls.stopped)._consent_record_answers(
            granted, source="preferences"
        )
        cls.unwilling._consent_record_answers(
            {cls.purpose.id: "refused"}, source="preferences"
        )
        cls.stopped._privacy_set_status("stopped", "test")

    @classmethod
    def make_person(cls, name, number, **values):
        return cls.make_contact(name, phone=f"+3247022000{number}", **values)

    @classmethod
    def make_mailing(cls, recipients=None, **values):
        recipients = cls.everyone if recipients is None else recipients
        if recipients._name == "mailing.list":
            values["contact_list_ids"] = recipients.ids
        else:
            values["mailing_domain"] = [("id", "in", recipients.ids)]
        return cls.env["mailing.mailing"].create(
            {
                "subject": "Offers",
                "body_plaintext": "Our offer: https://example.com/offer?a=1&b=2",
                "mailing_type": "sms",
                "mailing_model_id": cls.env["ir.model"]._get_id(recipients._name),
                "privacy_purpose_id": cls.purpose.id,
                "sms_force_send": True,
                "sms_allow_unsubscribe": True,
                **values,
            }
        )

    @classmethod
    def make_list(cls, *numbers, **values):
        """:return: a mailing list with a mailing contact per number, without address"""
        mailing_list = cls.env["mailing.list"].create({"name": "Offers", **values})
        cls.env["mailing.contact"].create(
            [
                {"name": number, "mobile": number, "list_ids": mailing_list.ids}
                for number in numbers
            ]
        )
        return mailing_list

    def send(self, mailing):
        with self.mockSMSGateway():
            mailing.action_send_sms()

    def traces(self, mailing, person=None):
        domain = [("mass_mailing_id", "=", mailing.id)]
        if person:
            domain.append(("sms_number", "=", person.phone_sanitized))
        return self.env["mailing.trace"].search(domain)

    def sent_to(self):
        return {message["number"] for message in self._sms}

    def body_to(self, person):
        bodies = {message["number"]: message["body"] for message in self._sms}
        return bodies[person.phone_sanitized]

    def assertReason(self, mailing, person, reason):
        trace = self.traces(mailing, person)
        self.assertEqual(trace.trace_type, "sms")
        self.assertEqual(trace.trace_status, "cancel", person.name)
        self.assertEqual(trace.failure_type, reason, person.name)
        self.assertTrue(trace.failure_reason)
