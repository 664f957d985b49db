from odoo import api, models

# Decided by no officer: who may what hangs on them, or Odoo's working.
OF_ODOO = {
    "res.company",
    "res.users",
    "ir.rule",
    "ir.cron",
    "ir.sequence",
    "ir.module.module",
}


class PrivacyDataMap(models.AbstractModel):
    """What is left for officers to declare, and what is not theirs to declare."""

    _inherit = "privacy.data.map"

    @api.model
    def _not_to_be_declared(self, model_name, treatment):
        """:return: why an officer may not declare this treatment of a model, or None"""
        model = self.env.get(model_name)
        if model is None or model._abstract or model._transient:
            return self.env._("%s holds no rows that stay.", model_name)
        label = self._model_label(model_name)
        if model_name in self.env["consent.record"]._subject_models():
            return self.env._("%s: the people themselves are erased.", label)
        if model_name in self._exempt():
            return self.env._(
                "%(model)s needs no declaration: %(reason)s.",
                model=label,
                reason=self._exempt()[model_name],
            )
        if treatment == "keep":
            return None
        if self._is_of_odoo(model_name):
            return self.env._(
                "%s: Odoo needs these rows; they can only be kept.", label
            )
        known = {one.model for one in self._declared() if one.found_by}
        if treatment == "delete" and model_name in known:
            return self.env._(
                "%s: an add-on declares which rows go. Columns that it says nothing of "
                "can be blanked, anonymised or kept.",
                label,
            )
        return None

    @api.model
    def _is_of_odoo(self, model_name):
        """:return: whether rights or evidence hang on the rows of a model"""
        frozen = self.env.registry.descendants(["consent.frozen.mixin"], "_inherit")
        return (
            model_name in OF_ODOO
            or model_name in frozen
            or not self.env[model_name]._allow_sudo_commands
        )
