from odoo import models

# what is given to a group from its own side: Odoo stores it with neither row
OTHER_SIDES = ("rule_groups", "menu_access", "view_access")


class ResGroups(models.Model):
    """Which groups have our rights along with their own, from whichever side, and which
    rules, menus and views hold for one. Who is a member is not of this log."""

    _name = "res.groups"
    _inherit = ["res.groups", "privacy.logged.mixin"]
    _privacy_logged = ("implied_ids", "implied_by_ids")

    def write(self, vals):
        """Besides what is written of the group: the rows at the other side."""
        groups = self.with_context(active_test=False)
        before = {name: groups[name] for name in OTHER_SIDES if name in vals}
        former = {name: rows._privacy_protection() for name, rows in before.items()}
        result = super().write(vals)
        for name, rows in before.items():
            (rows | groups[name])._privacy_log_protection(former[name])
        return result

    def _privacy_is_ours(self):
        """A group of ours, or one whose members have it along with theirs, however far
        the way is."""
        reached, more = self.browse(), self
        while more:
            reached |= more
            more = more.implied_ids - reached
        return not self._privacy_own_ids().keys().isdisjoint(reached.ids)
