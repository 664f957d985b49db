from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import Source


class PrivacyExportContent(models.AbstractModel):
    """Mailings, what was seen of them and mailing lists belong into the access
    copy. Mailing contacts come as its subjects."""

    _inherit = "privacy.export.content"

    @api.model
    def _sources(self, subjects):
        received = self._traces_domain(subjects)
        on_lists = Domain.OR(
            Domain("contact_id", "in", persons.ids)
            for persons in subjects
            if persons._name == "mailing.contact"
        )
        return [
            *super()._sources(subjects),
            Source(
                "mailing.subscription",
                on_lists,
                ["list_id", "create_date", "opt_out", "opt_out_datetime"],
                self.env._("Mailing lists you are on"),
            ),
            Source(
                "mailing.trace",
                received,
                [
                    "mass_mailing_id",
                    "email",
                    "trace_status",
                    "sent_datetime",
                    "open_datetime",
                    "links_click_datetime",
                    "reply_datetime",
                ],
                self.env._("Mailings to you"),
            ),
            Source(
                "link.tracker.click",
                Domain("mailing_trace_id", "any", received),
                ["link_id", "create_date", "ip", "country_id"],
                self.env._("Links in mailings that you followed"),
            ),
        ]

    @api.model
    def _traces_domain(self, subjects):
        """:return: Domain of the traces of what was sent to the person"""
        on_them = Domain.OR(
            Domain("model", "=", persons._name) & Domain("res_id", "in", persons.ids)
            for persons in self._records(subjects)
        )
        addresses = {
            address
            for persons in subjects
            for address in persons._privacy_marketing_addresses()
        }
        return on_them | Domain("email", "in", list(addresses))
