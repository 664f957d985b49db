from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_privacy_request = fields.Boolean("Privacy requests")
    kpi_privacy_request_value = fields.Integer(
        compute="_compute_kpi_privacy_request_value"
    )
    kpi_privacy_request_overdue = fields.Boolean("Overdue privacy requests")
    kpi_privacy_request_overdue_value = fields.Integer(
        compute="_compute_kpi_privacy_request_overdue_value"
    )

    def _compute_kpi_privacy_request_value(self):
        """Requests that came in."""
        self._check_privacy_user()
        self._calculate_company_based_kpi(
            "privacy.request",
            "kpi_privacy_request_value",
            date_field="date",
            additional_domain=[("state", "!=", "unconfirmed")],
        )

    def _compute_kpi_privacy_request_overdue_value(self):
        """Requests that are overdue now, whatever period the digest is about."""
        self._check_privacy_user()
        _start, _end, companies = self._get_kpi_compute_parameters()
        counts = self.env["privacy.request"]._read_group(
            [("is_overdue", "=", True), ("company_id", "in", companies.ids)],
            ["company_id"],
            ["__count"],
        )
        by_company = dict(counts)
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_privacy_request_overdue_value = by_company.get(company, 0)

    def _check_privacy_user(self):
        """:raise AccessError: which makes the digest skip the figure for this user"""
        if not self.env.user.has_group("privacy_guard.group_privacy_user"):
            raise AccessError(self.env._("Only privacy users see requests."))

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("privacy_guard.privacy_guard_menu")
        action = f"privacy_guard.privacy_request_action?menu_id={menu.id}"
        actions["kpi_privacy_request"] = action
        actions["kpi_privacy_request_overdue"] = action
        return actions
