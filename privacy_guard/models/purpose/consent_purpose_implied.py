from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

RELATIONSHIPS = [("purchase", "Purchase"), ("inquiry", "Inquiry")]
# For how many months what allows messages without asking. CASL s. 10(10) says so. UWG
# § 7(3) names no number, and knows no inquiry: it gets no more than CASL gives.
IMPLIED_MONTHS = {
    "business_relationship": {"purchase": 24, "inquiry": 6},
    "existing_customer": {"purchase": 24},
}
# what UWG § 7(3) demands, no. 1 to 4
SOFT_OPT_IN = ("soft_sale", "soft_similar", "soft_no_objection", "soft_told")


class ConsentPurpose(models.Model):
    """Implied consent (TIM-3): what a purchase or an inquiry allows without asking, for
    as long as the law says."""

    _inherit = "consent.purpose"

    soft_sale = fields.Boolean("We got the address with a sale of ours to the person")
    soft_similar = fields.Boolean("We write about similar goods or services of our own")
    soft_no_objection = fields.Boolean("We write to nobody who has objected")
    soft_told = fields.Boolean(
        "We tell of the right to object when we get the address, and in each message"
    )
    soft_evidence = fields.Text(
        "How each is proven",
        help="What an authority would be shown: the page and text of the checkout, what"
        " is advertised, where objections are recorded.",
    )

    @api.constrains("legal_basis", "default_selection", "kind", "company_id")
    def _check_implied(self):
        for purpose in self._implied():
            if purpose.default_selection == "yes" or purpose.kind != "custom":
                raise ValidationError(
                    self.env._(
                        "%(name)s: a relationship allows messages for a time. Choose "
                        "the default no: who has none is asked.",
                        name=purpose.name,
                    )
                )
            if not purpose.company_id and not self._only_company():
                raise ValidationError(
                    self.env._(
                        "%(name)s: a relationship is one with a company. Choose it, so "
                        "that the others do not rely on it.",
                        name=purpose.name,
                    )
                )

    @api.constrains("active", "legal_basis", "soft_evidence", *SOFT_OPT_IN)
    def _check_soft_opt_in(self):
        for purpose in self:
            if purpose.legal_basis != "existing_customer" or not purpose.active:
                continue
            met = all(purpose[name] for name in SOFT_OPT_IN)
            if not met or not (purpose.soft_evidence or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(name)s: UWG § 7(3) allows messages only if all four "
                        "conditions are met. Tick each, and say how it is proven.",
                        name=purpose.name,
                    )
                )

    def _implied(self):
        """:return: those under which a relationship allows messages"""
        return self.filtered(lambda purpose: purpose.legal_basis in IMPLIED_MONTHS)

    @api.model
    @ormcache()
    def _any_implied(self):
        """:return: whether there is one, switched off or not"""
        # superuser: as with other conditions, it binds who may not read it
        everything = self.sudo().with_context(active_test=False)
        implied = everything.search([("legal_basis", "in", list(IMPLIED_MONTHS))])
        return bool(implied)

    @api.model
    def _only_company(self):
        """:return: id of the company, None where there are several"""
        # superuser: those that the user is not in count, too
        companies = self.env["res.company"].sudo().search([], limit=2)
        return companies.id if len(companies) == 1 else None

    def _implied_until(self, relationship, since):
        """:param str relationship: of :data:`RELATIONSHIPS`
        :param since: when it came about
        :return: until when it allows messages, as ``consent.record`` computes it by
            SQL; None if not at all"""
        self.ensure_one()
        months = IMPLIED_MONTHS.get(self.legal_basis, {}).get(relationship)
        return since + relativedelta(months=months) if months else None
