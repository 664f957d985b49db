from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Loans belong into the copy of a person's data. Members come as its subjects."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        members = self.env["library.member"].union(
            *(people for people in subjects if people._name == "library.member")
        )
        loans = Source(
            "library.loan",
            Domain("member_id", "in", members.ids),
            ["book", "note", "returned"],
            self.env._("What you have borrowed"),
        )
        return [*super()._sources(subjects), loans]
