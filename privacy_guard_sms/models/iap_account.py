from odoo import models


class IapAccount(models.Model):
    """By which accounts text messages and letters leave, what confirms a refusal among
    them. The log does not have the token; what the service tells of an account is no
    change."""

    _name = "iap.account"
    _inherit = ["iap.account", "privacy.logged.mixin"]
    _privacy_logged = ("name", "service_id", "company_ids", "account_token")
    _privacy_digested = frozenset({"account_token"})

    def _privacy_is_ours(self):
        return self.service_name in ("sms", "snailmail")
