from odoo import api, fields, models


class PrivacyComplaint(models.Model):
    """Which mailing it is about, where its headers still say so."""

    _inherit = "privacy.complaint"

    mailing_id = fields.Many2one(
        "mailing.mailing", readonly=True, index="btree_not_null"
    )

    @api.model
    def _prepare(self, report, address):
        threads = self.env["mail.thread"]
        named = [threads._privacy_mailing_named(url)[0] for url in report.unsubscribe]
        mailing = next(filter(None, named), None)
        company = mailing and mailing.user_id.company_id
        complaints = self.with_company(company) if company else self
        values = super(PrivacyComplaint, complaints)._prepare(report, address)
        return {**values, "mailing_id": mailing and mailing.id}
