from lxml.builder import E
from odoo import api, fields, models


class ConsentSubjectMixin(models.AbstractModel):
    """Whoever looks at a person sees that the last request did not arrive (ASK-1)."""

    _inherit = "consent.subject.mixin"

    consent_undelivered = fields.Text(
        "Request not delivered because",
        compute="_compute_consent_undelivered",
        groups="privacy_guard.group_privacy_user",
    )

    def _compute_consent_undelivered(self):
        reasons = {row.res_id: row.reason for row in self._consent_undelivered_rows()}
        for subject in self:
            subject.consent_undelivered = reasons.get(subject._origin.id, False)

    def _consent_undelivered_rows(self):
        """:return: what could not be delivered to these people, as far as the user may
        see it; the last one comes last"""
        return self.env["consent.delivery"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self._origin.ids),
                ("state", "=", "undelivered"),
            ],
            order="id",
        )

    def action_retry_consent_request(self):
        """Button *Retry* beside the reason.

        :raise AccessError: for who may not read the people, or ask nobody
        """
        self.check_access("read")
        return self._consent_undelivered_rows().action_retry()

    @api.model
    def _consent_show_undelivered(self, arch):
        """:param arch: etree node of a form or list view, changed in place"""
        if arch.tag != "form":
            return
        label = self.env._("The last request for consent was not delivered:")
        reason = E.field(
            {
                "name": "consent_undelivered",
                "readonly": "1",
                "nolabel": "1",
                "class": "oe_inline",
            }
        )
        retry = E.button(
            {
                "name": "action_retry_consent_request",
                "type": "object",
                "string": self.env._("Retry"),
                "class": "btn btn-secondary btn-sm",
            }
        )
        banner = E.div(
            {
                "class": "alert alert-warning d-flex flex-wrap align-items-center"
                " gap-2 mb-0",
                "role": "status",
                "invisible": "not consent_undelivered",
                "groups": "privacy_guard.group_privacy_user",
            },
            E.span(f"{label} ", reason),
            retry,
        )
        self.env["privacy.gate"]._add_above_sheet(arch, banner)
