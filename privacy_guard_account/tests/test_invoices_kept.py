from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestInvoicesKept(AccountTestInvoicingCommon):
    """ERA-2: posted documents keep what law requires; the rest goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        cls.ann = cls.env["res.partner"].create(
            {"name": "Ann Example", "email": "ann@example.com", "street": "Long Lane 5"}
        )

    def invoice(self, post):
        invoice = self.init_invoice(
            "out_invoice",
            partner=self.ann,
            invoice_date=fields.Date.today(),
            amounts=[100],
            post=post,
        )
        invoice.narration = "For Ann Example"
        return invoice

    def erase(self):
        self.env["privacy.erasure"].sudo()._begin(self.ann)._confirm("A letter")
        cron = self.env.ref("privacy_guard.ir_cron_erasures").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_everything_is_declared(self):
        mine = ("account.", "payment.", "product.", "uom.", "analytic.", "onboarding.")
        undeclared = self.env["privacy.data.map"]._undeclared()
        self.assertEqual({n for n in undeclared if n.startswith(mine)}, set())

    def test_posted_stays_and_draft_goes(self):
        posted, draft = self.invoice(True), self.invoice(False)
        file = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"Ann Example, Long Lane 5",
                "res_model": "account.move",
                "res_id": posted.id,
            }
        )
        total = posted.amount_total
        for invoice in posted | draft:
            invoice.ref = "Order of Ann Example"
            invoice.invoice_line_ids.name = "Work for Ann Example"
        self.erase()
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertIn("Ann Example", str(posted.narration))
        self.assertEqual((posted.state, posted.amount_total), ("posted", total))
        self.assertTrue(file.exists())
        self.assertFalse(draft.narration)
        self.assertNotIn("Ann", draft.invoice_partner_display_name or "")
        # and so do the copies on their lines
        self.assertIn("Order of Ann Example", posted.line_ids.mapped("ref"))
        self.assertEqual(posted.invoice_line_ids.name, "Work for Ann Example")
        self.assertFalse([ref for ref in draft.line_ids.mapped("ref") if ref])
        self.assertEqual(draft.invoice_line_ids.name, "Work for […]")
        self.assertNotIn("Ann", str(draft.line_ids.mapped("name")))

    def test_a_restricted_audit_trail_stays_and_holds_up_nothing(self):
        """ERA-4: the dry run names it with its legal basis."""
        self.env.company.restrictive_audit_trail = True
        self.invoice(True)
        self.ann.email = "ann@new.example"
        message = self.ann._message_log(body="Changed", message_type="notification")
        value = self.env["mail.tracking.value"].create(
            {
                "field_id": self.env["ir.model.fields"]._get("res.partner", "name").id,
                "mail_message_id": message.id,
                "old_value_char": "Ann Former",
            }
        )
        self.assertTrue(message.account_audit_log_restricted)
        with mute_logger("odoo.addons.privacy_guard.attempts"):
            erasure = self.env["privacy.erasure"].sudo()._begin(self.ann)
            lines = erasure.line_ids.filtered(
                lambda line: (
                    line.res_model == "mail.tracking.value" and line.res_id == value.id
                )
            )
            self.assertEqual(lines.mapped("treatment"), ["keep"])
            self.assertIn("audit trail", lines.reason_label)
            self.erase()
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertEqual(value.old_value_char, "Ann Former")

    def test_the_dry_run_says_why(self):
        self.invoice(True)
        erasure = self.env["privacy.erasure"].sudo()._begin(self.ann)
        lines = erasure.line_ids.filtered(lambda line: line.res_model == "account.move")
        self.assertEqual(lines.mapped("treatment"), ["keep"])
        self.assertIn(
            "17(3)(b)", self.env["privacy.data.map"]._reasons()["bookkeeping"]
        )

    def test_copies_of_data_have_invoices(self):
        invoice = self.invoice(True)
        sources = self.env["privacy.export.content"]._sources([self.ann.sudo()])
        (source,) = (s for s in sources if s.model == "account.move")
        self.assertEqual(self.env["account.move"].search(source.domain), invoice)
        self.assertTrue(set(source.fields) <= invoice._fields.keys())

    def test_others_are_not_in_it(self):
        other = self.env["res.partner"].create({"name": "Bea Other"})
        self.init_invoice("out_invoice", partner=other, amounts=[100], post=True)
        sources = self.env["privacy.export.content"]._sources([self.ann.sudo()])
        for source in sources:
            if source.model in ("account.move", "account.payment"):
                self.assertFalse(self.env[source.model].search(source.domain))

    def test_what_was_posted_once_stays(self):
        posted = self.invoice(True)
        posted.button_draft()
        posted.narration = "Still for Ann"
        self.erase()
        # it has been in the books
        self.assertIn("Still", str(posted.narration))
