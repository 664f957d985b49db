from odoo import api, models

from .privacy_holding import Holding, by_record


class PrivacyHoldings(models.AbstractModel):
    """What this add-on itself holds."""

    _inherit = "privacy.holdings"

    @api.model
    def _declared(self):
        record = (by_record(),)
        return [
            *super()._declared(),
            Holding("consent.sealed.value", "delete", record, "contact"),
            Holding("consent.evidence", "delete", record, "evidence"),
            Holding("consent.record", "keep", record, "evidence"),
            Holding("consent.event", "keep", record, "evidence"),
            Holding("privacy.status.log", "keep", record, "accountability"),
            Holding("privacy.access.log", "keep", record, "accountability"),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
            "privacy.erasure.subject": "ids; what it keeps meanwhile is cleared",
            "privacy.erasure.line": "ids of rows, no values",
            "privacy.erasure.finding": "ids of rows, no values",
            "privacy.suppression": "keyed hashes",
        }
