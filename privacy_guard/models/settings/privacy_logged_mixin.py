from odoo import api, models

from ..gate.privacy_gate_controls import OWN

MODULE = "privacy_guard"


class PrivacyLoggedMixin(models.AbstractModel):
    """Rows of Odoo that protect what we keep, such as record rules: whoever changes
    one, by whatever right and way, leaves a line in the log of settings. What
    installing and upgrading does is no change of anybody's."""

    _name = "privacy.logged.mixin"
    _description = "Protection whose changes are logged"
    # names of the fields that protect
    _privacy_logged = ()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._privacy_log_protection({})
        return rows

    def write(self, vals):
        if self._privacy_written_names().isdisjoint(vals):
            return super().write(vals)
        former = self._privacy_protection()
        result = super().write(vals)
        self._privacy_log_protection(former)
        return result

    def unlink(self):
        former = self._privacy_protection()
        result = super().unlink()
        self.browse()._privacy_log_protection(former)
        return result

    def _privacy_is_ours(self):
        """:return: whether this row protects what we keep"""
        return self.model_id.model.startswith(OWN)

    @api.model
    def _privacy_written_names(self):
        """:return: names of the fields by which what protects is written"""
        return frozenset(self._privacy_logged)

    def _privacy_protection(self):
        """:return: {what the log calls a row: what it says now} of those of these rows
        that are ours"""
        if not self.env.registry.ready:
            return {}
        # superuser: whoever changes it, by whatever right; not in their language
        rows = self.sudo().with_context(lang=None, active_test=False)
        rows = rows.filtered(lambda row: row._privacy_is_ours())
        known = rows.get_external_id()
        return {
            f"{row._name} {known[row.id] or f'{row.display_name} ({row.id})'}": (
                row._privacy_protection_text()
            )
            for row in rows
        }

    def _privacy_protection_text(self):
        """:return: what the row says, as the log shows it"""
        return "; ".join(
            f"{name}: {self._privacy_shown(self[name])}"
            for name in self._privacy_logged
        )

    @api.model
    def _privacy_shown(self, value):
        if not isinstance(value, models.BaseModel):
            return value
        known = value.get_external_id()
        return ", ".join(sorted(known[row.id] or str(row.id) for row in value))

    def _privacy_log_protection(self, former):
        """:param dict former: as of :meth:`_privacy_protection`, before the change"""
        new = self._privacy_protection()
        changes = {
            key: (former.get(key), new.get(key))
            for key in sorted(former.keys() | new.keys())
            if former.get(key) != new.get(key)
        }
        if changes:
            self.env["privacy.setting.log"]._log(changes)
