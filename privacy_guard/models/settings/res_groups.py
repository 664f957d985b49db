from odoo import models

from .privacy_logged_mixin import MODULE


class ResGroups(models.Model):
    """Which groups have our rights along with their own, and which rules hold for one.
    Who is a member is not of this log."""

    _name = "res.groups"
    _inherit = ["res.groups", "privacy.logged.mixin"]
    _privacy_logged = ("implied_ids",)

    def write(self, vals):
        """Rules that are written from the side of the group."""
        if "rule_groups" not in vals:
            return super().write(vals)
        groups = self.with_context(active_test=False)
        before = groups.rule_groups
        former = before._privacy_protection()
        result = super().write(vals)
        (before | groups.rule_groups)._privacy_log_protection(former)
        return result

    def _privacy_is_ours(self):
        known = (self | self.implied_ids).get_external_id()
        return any(name.startswith(f"{MODULE}.") for name in known.values())
