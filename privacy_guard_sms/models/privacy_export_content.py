from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """What people sent back by text message belongs into the access copy."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        gate = self.env["privacy.gate"]
        numbers = {n for persons in subjects for n in gate._numbers_of(persons)}
        replies = Source(
            "privacy.sms.reply",
            Domain("number", "in", list(numbers)),
            ["date", "body"],
            self.env._("Text messages from you"),
        )
        return [*super()._sources(subjects), replies]
