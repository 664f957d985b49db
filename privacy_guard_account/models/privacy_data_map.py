from odoo import api, models

from odoo.addons.privacy_guard.extending import anonymise, blank, by_contact, keep

POSTED = "(held.posted_before OR held.state = 'posted')"
DRAFT = f"NOT COALESCE({POSTED}, FALSE)"
OF_POSTED = (
    "EXISTS (SELECT FROM account_move AS move WHERE move.id = held.move_id"
    " AND (move.posted_before OR move.state = 'posted'))"
)
OF_DRAFT = f"NOT {OF_POSTED}"
# Its name is made of the references of the invoice.
OF_TERMS = f"{OF_DRAFT} AND held.display_type = 'payment_term'"
DONE = "held.state = 'done'"
MOVE_LINKS = ("partner_id", "commercial_partner_id", "partner_shipping_id")

MOVES = (
    keep(
        "account.move",
        *(by_contact(name, POSTED) for name in MOVE_LINKS),
        reason="bookkeeping",
    ),
    blank(
        "account.move",
        *(by_contact(name, DRAFT) for name in MOVE_LINKS),
        columns=(
            "invoice_partner_display_name",
            "invoice_source_email",
            "narration",
            "ref",
            "payment_reference",
            "access_token",
        ),
        reason="draft",
    ),
    keep(
        "account.move.line", by_contact("partner_id", OF_POSTED), reason="bookkeeping"
    ),
    blank(
        "account.move.line",
        by_contact("partner_id", OF_TERMS),
        columns=("name", "ref"),
        reason="draft",
    ),
    anonymise(
        "account.move.line",
        by_contact("partner_id", OF_DRAFT),
        blank=("ref",),
        redact=("name",),
        reason="draft",
    ),
)

PAYMENTS = (
    keep("account.payment", by_contact("partner_id"), reason="bookkeeping"),
    keep("account.bank.statement.line", by_contact("partner_id"), reason="bookkeeping"),
    keep("payment.transaction", by_contact("partner_id", DONE), reason="bookkeeping"),
    # what a payment service was told of who pays
    blank(
        "payment.transaction",
        by_contact("partner_id", f"NOT {DONE}"),
        columns=(
            "partner_name",
            "partner_email",
            "partner_address",
            "partner_zip",
            "partner_city",
            "partner_state_id",
            "partner_phone",
        ),
        reason="draft",
    ),
    blank(
        "payment.token",
        by_contact("partner_id"),
        columns=("payment_details",),
        # nobody charges them any more
        label=("provider_ref",),
        archive=True,
        reason="account",
    ),
)

ANALYSIS = (
    *(
        keep(name, by_contact("partner_id"), reason="pseudonymous")
        for name in (
            "account.analytic.account",
            "account.analytic.distribution.model",
            "account.analytic.line",
            "account.reconcile.model.line",
            "product.supplierinfo",
        )
    ),
    keep(
        "account.reconcile.model",
        by_contact("match_partner_ids"),
        by_contact("mapped_partner_id"),
        reason="pseudonymous",
    ),
)

AUDITED = ("mail.message", "mail.tracking.value", "ir.attachment")


class PrivacyDataMap(models.AbstractModel):
    """What invoices, payments and products hold: what was posted stays with its texts,
    what was never is emptied. Files of posted invoices keep their addresses."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        return [*super()._declared(), *MOVES, *PAYMENTS, *ANALYSIS]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "account.journal": "addresses of the company",
        }

    @api.model
    def _reason_of_refusal(self, model_name, text):
        """A restricted audit trail, which some countries force, refuses its parts."""
        if model_name in AUDITED and self._has_restricted_audit_trail():
            return "audit_trail"
        return super()._reason_of_refusal(model_name, text)

    @api.model
    def _has_restricted_audit_trail(self):
        # superuser: whichever company it is of
        companies = self.env["res.company"].sudo()
        return companies.search_count([("restrictive_audit_trail", "=", True)], limit=1)

    @api.model
    def _reasons(self):
        return {
            **super()._reasons(),
            "bookkeeping": self.env._(
                "Books and records that tax and commercial law demand "
                "(GDPR Art. 6(1)(c), 17(3)(b))"
            ),
            "audit_trail": self.env._(
                "Part of a restricted audit trail, which tax and commercial law demand "
                "(GDPR Art. 6(1)(c), 17(3)(b))"
            ),
            "draft": self.env._("Was never posted or ordered: no law demands it"),
        }
