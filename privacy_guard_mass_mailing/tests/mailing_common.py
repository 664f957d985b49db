from odoo.addons.mail.tests.common import MailCommon

from odoo.addons.privacy_guard.tests.common import PrivacyCommon


class MailingCommon(PrivacyCommon, MailCommon):
    """A purpose, people who granted and refused it, and mailings to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # MailCommon's own context, which lets messages be followed
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.purpose = cls.make_purpose(covers_email=True)
        cls.willing = cls.make_contact("Wilma Willing")
        cls.unwilling = cls.make_contact("Ulf Unwilling")
        cls.silent = cls.make_contact("Sid Silent")
        cls.stopped = cls.make_contact("Stan Stopped")
        everyone = cls.willing | cls.unwilling | cls.silent | cls.stopped
        cls.everyone = everyone
        granted = {cls.purpose.id: "granted"}
        (cls.willing | cls.stopped)._consent_record_answers(
            granted, source="preferences"
        )
        cls.unwilling._consent_record_answers(
            {cls.purpose.id: "refused"}, source="preferences"
        )
        cls.stopped._privacy_set_status("stopped", "test")

    def make_mailing(self, recipients=None, **values):
        recipients = self.everyone if recipients is None else recipients
        if recipients._name == "mailing.list":
            values["contact_list_ids"] = recipients.ids
        else:
            values["mailing_domain"] = [("id", "in", recipients.ids)]
        return self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "body_html": '<p><a href="https://example.com/offer">Offer</a></p>',
                "mailing_type": "mail",
                "mailing_model_id": self.env["ir.model"]._get_id(recipients._name),
                "privacy_purpose_id": self.purpose.id,
                "email_from": "us@example.com",
                **values,
            }
        )

    def make_list(self, *addresses, **values):
        """:return: a mailing list with a mailing contact per address"""
        mailing_list = self.env["mailing.list"].create({"name": "News", **values})
        self.env["mailing.contact"].create(
            [
                {"name": address, "email": address, "list_ids": mailing_list.ids}
                for address in addresses
            ]
        )
        return mailing_list

    def send(self, mailing):
        """Prepare it and empty the queue of mails."""
        with self.mock_mail_gateway(mail_unlink_sent=False):
            mailing.action_send_mail()
            self.env["mail.mail"].search([("mailing_id", "=", mailing.id)]).send()

    def trace(self, mailing, person):
        return self.env["mailing.trace"].search(
            [("mass_mailing_id", "=", mailing.id), ("res_id", "=", person.id)]
        )

    def sent_to(self):
        return {address for mail in self._mails for address in mail["email_to"]}

    def body_to(self, person):
        for mail in self._mails:
            if person.email in " ".join(mail["email_to"]):
                return mail["body"]
        self.fail(f"nothing was sent to {person.email}")

    def assertReason(self, mailing, person, reason):
        trace = self.trace(mailing, person)
        self.assertEqual(trace.trace_status, "cancel", person.name)
        self.assertEqual(trace.failure_type, reason, person.name)
