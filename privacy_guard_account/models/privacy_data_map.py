from odoo import api, models

from odoo.addons.privacy_guard.extending import PersonalData, by_contact

POSTED = "(held.posted_before OR held.state = 'posted')"
DRAFT = f"NOT COALESCE({POSTED}, FALSE)"
# What a payment service was told of who pays.
PAYER = ("name", "email", "address", "zip", "city", "state_id", "phone")


class PrivacyDataMap(models.AbstractModel):
    """What invoices, payments and products hold: what was posted stays with its texts,
    what was never is emptied. Files of posted invoices keep their addresses."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        contact = (by_contact("partner_id"),)
        return [
            *super()._declared(),
            *self._declared_moves(),
            *self._declared_payments(),
            *(
                PersonalData(name, "keep", contact, "pseudonymous")
                for name in (
                    "account.analytic.account",
                    "account.analytic.distribution.model",
                    "account.analytic.line",
                    "account.reconcile.model.line",
                    "product.supplierinfo",
                )
            ),
            PersonalData(
                "account.reconcile.model",
                "keep",
                (by_contact("match_partner_ids"), by_contact("mapped_partner_id")),
                "pseudonymous",
            ),
        ]

    @api.model
    def _declared_moves(self):
        links = ("partner_id", "commercial_partner_id", "partner_shipping_id")
        return [
            PersonalData(
                "account.move",
                "keep",
                tuple(by_contact(name, POSTED) for name in links),
                "bookkeeping",
            ),
            PersonalData(
                "account.move",
                "blank",
                tuple(by_contact(name, DRAFT) for name in links),
                "draft",
                blank=(
                    "invoice_partner_display_name",
                    "invoice_source_email",
                    "narration",
                    "ref",
                    "access_token",
                ),
            ),
            PersonalData(
                "account.move.line", "keep", (by_contact("partner_id"),), "bookkeeping"
            ),
        ]

    @api.model
    def _declared_payments(self):
        links, done = (by_contact("partner_id"),), "held.state = 'done'"
        return [
            PersonalData("account.payment", "keep", links, "bookkeeping"),
            PersonalData("account.bank.statement.line", "keep", links, "bookkeeping"),
            PersonalData(
                "payment.transaction",
                "keep",
                (by_contact("partner_id", done),),
                "bookkeeping",
            ),
            PersonalData(
                "payment.transaction",
                "blank",
                (by_contact("partner_id", f"NOT {done}"),),
                "draft",
                blank=tuple(f"partner_{name}" for name in PAYER),
            ),
            PersonalData(
                "payment.token",
                "blank",
                links,
                "account",
                blank=("payment_details",),
                archive=True,
            ),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "account.journal": "addresses of the company",
        }

    @api.model
    def _reasons(self):
        return {
            **super()._reasons(),
            "bookkeeping": self.env._(
                "Books and records that tax and commercial law demand "
                "(GDPR Art. 6(1)(c), 17(3)(b))"
            ),
            "draft": self.env._("Was never posted or ordered: no law demands it"),
        }
