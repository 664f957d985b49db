from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Meetings belong into the access copy. Leads come as its subjects."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        on_leads = Domain.OR(
            Domain("opportunity_id", "in", persons.ids)
            for persons in subjects
            if persons._name == "crm.lead"
        )
        with_them = Domain("partner_ids", "in", self._contacts(subjects).ids)
        meetings = Source(
            "calendar.event",
            on_leads | with_them,
            ["name", "start", "stop", "location", "description"],
            self.env._("Meetings with you"),
        )
        return [*super()._sources(subjects), meetings]
