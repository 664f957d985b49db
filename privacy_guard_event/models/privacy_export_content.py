from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Registrations in the access copy: those with their address, and those
    that they booked without one."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        addresses = {
            address
            for persons in subjects
            for address in persons._privacy_emails().values()
            if address
        }
        registrations = self.env["event.registration"]._privacy_attended_domain(
            addresses, self._contacts(subjects)
        )
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
