from contextlib import ExitStack
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import (
    IrMail_Server as IrMailServer,
)
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.mail.tests.common import MailCommon
from odoo.tools import SQL, mute_logger

from ..common import PrivacyCommon

PHONE = "+32 470 12 34 56"
INVALID = AssertionError(IrMailServer.NO_VALID_RECIPIENT)
# as Odoo tells what the mail server says
UNKNOWN, BUSY = (
    MailDeliveryException(
        "Mail Delivery Failed",
        "Mail delivery failed via SMTP server 'None'.\nSMTPRecipientsRefused: "
        f"{{'ann.example@example.com': ({code}, b'{text}')}}",
    )
    for code, text in ((550, "No such user"), (450, "Try again later"))
)


class DeliveryCommon(PrivacyCommon, MailCommon):
    """Ann, whose phone is withheld while she is asked, and a mail server that fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # MailCommon's own context, which lets messages be followed
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.purpose = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact("Ann Example", phone=PHONE)
        cls.deliveries = cls.env["consent.delivery"]
        cls.clerk = cls.make_user(
            "clerk", "privacy_guard.group_privacy_user,base.group_partner_manager"
        )

    def ask(self, people=None):
        people = people or self.ann
        self.assertEqual(people._consent_ask(), people)
        self.env.flush_all()

    def mails(self):
        domain = [("model", "=", "res.partner"), ("consent_subject", "=", True)]
        return self.env["mail.mail"].search(domain)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def send(self, error=None, method="send_email"):
        """:param error: with which a method of the mail server fails"""
        with self.mock_mail_gateway(), ExitStack() as stack:
            if error:
                server = type(self.env["ir.mail_server"])
                stack.enter_context(patch.object(server, method, side_effect=error))
            self.mails().send()

    def run_job(self, xmlid="privacy_guard.ir_cron_deliveries"):
        with self.enter_registry_test_mode():
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def grow_old(self, days=4):
        for table, column in (
            ("consent_delivery", "date"),
            ("res_partner", "consent_requested_at"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s"
                    " SET %(column)s = %(column)s - make_interval(days => %(days)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    days=days,
                )
            )
        self.env.invalidate_all()

    def assertUndone(self, person=None):
        person = person or self.ann
        self.assertEqual(self.value(person, self.purpose), "applicable")
        self.assertEqual(person.phone, PHONE)
        kinds = self.events(person, self.purpose).mapped("kind")
        self.assertEqual(kinds[-2:], ["request", "undelivered"])

    def assertAsked(self, person=None):
        person = person or self.ann
        self.assertEqual(self.value(person, self.purpose), "waiting")
        self.assertFalse(person.phone)
