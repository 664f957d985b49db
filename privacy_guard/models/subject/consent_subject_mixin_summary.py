from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """What the smart button and the filters of a person say about consents."""

    _inherit = "consent.subject.mixin"

    consent_summary = fields.Char(
        "Consents granted",
        compute="_compute_consent_summary",
        groups="base.group_user",
    )
    cannot_be_asked = fields.Boolean(
        compute="_compute_consent_cannot_be_asked",
        search="_search_consent_cannot_be_asked",
        groups="base.group_user",
    )

    def _compute_consent_cannot_be_asked(self):
        found = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("cannot_be_asked", "=", True)]
        )
        for subject in self:
            subject.cannot_be_asked = subject in found

    def _search_consent_cannot_be_asked(self, operator, value):
        """People whom a consent applies to and who cannot be written to, or are left
        in peace."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        to_ask = Domain("value", "=", "applicable") & Domain(
            "purpose_id.active", "=", True
        )
        unreachable = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS NOT NULL", model._consent_ineligibility_sql(alias)
            )
        )
        in_peace = Domain.custom(
            to_sql=lambda model, alias, query: model._in_peace_sql(alias)
        )
        return (Domain("consent_ids", "any", to_ask) & unreachable) | Domain(
            "consent_ids", "any", to_ask & in_peace
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
