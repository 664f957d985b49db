import base64

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import HttpCase, new_test_user, tagged


class InvoiceCommon(AccountTestInvoicingCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        cls.ann, cls.stan = cls.env["res.partner"].create(
            [
                {"name": "Ann Active", "email": "ann@example.com"},
                {"name": "Stan Stopped", "email": "stan@example.com"},
            ]
        )
        cls.stan._privacy_set_status("stopped", "test")

    def invoice(self, person):
        return self.init_invoice(
            "out_invoice",
            partner=person,
            invoice_date=fields.Date.today(),
            amounts=[100],
            post=True,
        )

    def wizard(self, invoice):
        wizard = self.env["account.move.send.wizard"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"move_id": invoice.id, "sending_methods": ["email"]})

    def mails_of(self, invoices):
        return self.env["mail.mail"].search(
            [("model", "=", "account.move"), ("res_id", "in", invoices.ids)]
        )


@tagged("post_install", "-at_install")
class TestInvoices(InvoiceCommon):
    """Invoices of who has stopped processing are sent by hand, after a
    warning, and by nothing else; the books go on (STP-1)."""

    def test_posting_and_paying(self):
        invoice = self.invoice(self.stan)
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment.create({})._create_payments()
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.amount_residual)
        self.assertEqual(self.stan.privacy_status, "stopped")

    def test_a_statement_makes_no_bank_account(self):
        """ASK-2: what belongs to the person stays as it is; the line is taken in."""
        known = self.env["res.partner.bank"].sudo()
        for person, number, made in (
            (self.ann, "BE01", True),
            (self.stan, "BE02", False),
        ):
            line = self.env["account.bank.statement.line"].create(
                {
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "payment_ref": "Paid",
                    "amount": 100,
                    "partner_id": person.id,
                    "account_number": number,
                }
            )
            bank = line._find_or_create_bank_account()
            self.assertEqual(bool(bank), made)
            found = known.search_count([("partner_id", "=", person.id)])
            self.assertEqual(found, int(made))

    def test_by_hand_after_a_warning(self):
        for person, warned in ((self.ann, False), (self.stan, True)):
            wizard = self.wizard(self.invoice(person))
            self.assertEqual("privacy_stopped" in (wizard.alerts or {}), warned)
            with self.mock_mail_gateway(mail_unlink_sent=False):
                wizard.action_send_and_print()
            (mail,) = self.mails_of(wizard.move_id)
            self.assertEqual(mail.state, "sent")
            noted = "by hand" in " ".join(map(str, person.message_ids.mapped("body")))
            self.assertEqual(noted, warned)

    def test_sending_changes_no_locked_contact(self):
        wizard = self.wizard(self.invoice(self.stan))
        report = self.env.ref("account.account_invoices").copy()
        wizard.pdf_report_id = report
        with self.mock_mail_gateway():
            wizard.action_send_and_print()
        self.assertFalse(self.stan.invoice_template_pdf_report_id)

    def test_many_at_once_are_automatic(self):
        invoices = self.invoice(self.ann) + self.invoice(self.stan)
        batch = self.env["account.move.send.batch.wizard"].create(
            {"move_ids": [fields.Command.set(invoices.ids)]}
        )
        self.assertIn("privacy_stopped", batch.alerts)
        with self.mock_mail_gateway(mail_unlink_sent=False):
            batch.action_send_and_print(force_synchronous=True)
        self.check_refused(invoices)

    def test_scheduled_sending_is_automatic(self):
        invoices = self.invoice(self.ann) + self.invoice(self.stan)
        for invoice in invoices:
            with self.mock_mail_gateway(mail_unlink_sent=False):
                self.env["account.move.send"]._generate_and_send_invoices(
                    invoice,
                    from_cron=True,
                    author_partner_id=self.env.user.partner_id.id,
                    author_user_id=self.env.uid,
                )
        self.check_refused(invoices)

    def check_refused(self, invoices):
        mine, stans = (self.mails_of(invoice) for invoice in invoices)
        self.assertEqual(mine.mapped("state"), ["sent"])
        self.assertEqual(stans.mapped("state"), ["cancel"])
        self.assertEqual(stans.failure_type, "privacy_stopped")
        note = stans.mail_message_id.notification_ids
        self.assertEqual(note.failure_type, "privacy_stopped")


@tagged("post_install", "-at_install")
class TestInvoiceTour(InvoiceCommon, HttpCase):
    """What who sends an invoice sees, in a browser."""

    def test_send_an_invoice_to_who_has_stopped(self):
        new_test_user(
            self.env,
            "clerk",
            groups="base.group_user,account.group_account_invoice",
            email="clerk@example.com",
        )
        invoice = self.invoice(self.stan)
        # printed already: the test waits for no PDF
        invoice.invoice_pdf_report_file = base64.b64encode(b"%PDF-1.4")
        url = f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}"
        self.start_tour(url, "privacy_guard_send_invoice", login="clerk")
        self.assertTrue(self.mails_of(invoice))
