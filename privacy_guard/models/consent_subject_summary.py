from odoo import fields, models


class ConsentSubjectMixin(models.AbstractModel):
    """The one line about consents on the smart button of a person."""

    _inherit = "consent.subject.mixin"

    consent_summary = fields.Char(
        "Consents granted",
        compute="_compute_consent_summary",
        groups="base.group_user",
    )

    def _compute_consent_summary(self):
        counts = self.env["consent.record"]._read_group(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("value", "!=", "not_applicable"),
            ],
            ["res_id", "value"],
            ["__count"],
        )
        applying, granted = {}, {}
        for res_id, value, count in counts:
            applying[res_id] = applying.get(res_id, 0) + count
            if value == "granted":
                granted[res_id] = count
        for subject in self:
            subject.consent_summary = self.env._(
                "%(granted)s of %(applying)s granted",
                granted=granted.get(subject.id, 0),
                applying=applying.get(subject.id, 0),
            )
