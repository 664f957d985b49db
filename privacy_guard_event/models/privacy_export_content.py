from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from odoo.addons.privacy_guard.models.privacy_export_source import Source


class PrivacyExportContent(models.AbstractModel):
    """Registrations in the copy of a person's data: those with their address, and those
    that they booked without one."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        addresses = {
            address
            for persons in subjects
            for address in persons._addresses().values()
            if address
        }
        booked = Domain("partner_id", "in", self._contacts(subjects).ids)
        own = Domain.OR(
            Domain("email", "=ilike", escape_psql(address))
            for address in sorted(addresses)
        )
        registrations = own | booked & Domain("email", "=", False)
        return [
            *super()._sources(subjects),
            Source(
                "event.registration",
                registrations,
                [
                    "event_id",
                    "name",
                    "email",
                    "phone",
                    "company_name",
                    "state",
                    "create_date",
                    "date_closed",
                ],
                self.env._("Your registrations for events"),
            ),
            Source(
                "event.registration.answer",
                Domain("registration_id", "any", registrations),
                ["question_id", "value_answer_id", "value_text_box"],
                self.env._("Your answers to questions about events"),
            ),
        ]
