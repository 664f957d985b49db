from odoo import api, models

# of Odoo: where answers come in, and by whom text messages leave
OTHERS = frozenset({"alias_domain_id", "sms_provider"})


class ResCompany(models.Model):
    """What a company sets under Settings > Privacy, whichever add-on brings it, and by
    which ways its messages come and go: a line for each setting."""

    _name = "res.company"
    _inherit = ["res.company", "privacy.logged.mixin"]

    def _privacy_is_ours(self):
        return True

    @api.model
    def _privacy_logged_names(self):
        return tuple(
            name
            for name, field in self._fields.items()
            if (name.startswith("privacy_") or name in OTHERS)
            and (field.store and not field.readonly)
        )

    def _privacy_lines(self, label):
        return {
            f"{self._name} {self.id}: {name}": self._privacy_shown(name) or None
            for name in self._privacy_logged_names()
        }
