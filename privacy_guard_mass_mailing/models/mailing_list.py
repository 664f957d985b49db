from odoo import api, fields, models
from odoo.fields import Domain

# What lists and mailings of mail can rely on: a use of data that is about e-mail.
ABOUT_MAIL = [("kind", "=", "custom"), ("covers_email", "=", True)]


class MailingList(models.Model):
    _inherit = "mailing.list"

    privacy_purpose_id = fields.Many2one(
        "consent.purpose",
        "Consent",
        domain=ABOUT_MAIL,
        ondelete="restrict",
        help="What mailings to this list rely on, unless they say otherwise.",
    )

    def write(self, vals):
        if "contact_ids" not in vals:
            return super().write(vals)
        subscriptions = self.env["mailing.subscription"]
        with subscriptions._privacy_keeping_left([("list_id", "in", self.ids)]):
            return super().write(vals)

    @api.model
    def _privacy_opt_out(self, purpose_ids, addresses):
        """Who withdrew a consent gets nothing more of the lists that rely on it.

        :param purpose_ids: of ``consent.purpose``
        :param addresses: as `privacy.gate` knows them
        """
        subscriptions = self.env["mailing.subscription"].search(
            [
                ("opt_out", "=", False),
                ("list_id.privacy_purpose_id", "in", list(purpose_ids)),
                ("contact_id", "any", self._privacy_members_domain(addresses)),
            ]
        )
        subscriptions.opt_out = True

    @api.model
    def _privacy_members_domain(self, addresses):
        """:return: domain of the mailing contacts with these addresses"""
        return Domain("email_normalized", "in", list(addresses))
