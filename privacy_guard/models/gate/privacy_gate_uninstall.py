from odoo import api, models

from ...constants import PENDING_REQUEST


class PrivacyGate(models.AbstractModel):
    """What stands against uninstalling."""

    _inherit = "privacy.gate"

    @api.model
    def _uninstall_blockers(self):
        """:return: list of sentences; add-ons that protect more add theirs"""
        return [
            *self._uninstall_blockers_of_encryption(),
            *self._uninstall_blockers_of_requests(),
            *self._uninstall_blockers_of_erasures(),
        ]

    @api.model
    def _uninstall_blockers_of_encryption(self):
        # superuser: the reasons hold whoever uninstalls
        encrypted = self.env["ir.model.fields"].sudo()._privacy_encrypted_rows()
        return [
            self.env._("%(field)s is encrypted.", field=f"{model}.{name}")
            for model, name, state, *_how in encrypted
            if state != "off"
        ]

    @api.model
    def _uninstall_blockers_of_requests(self):
        # superuser: as above
        requests = self.env["privacy.request"].sudo()
        if count := requests.search_count([("state", "in", PENDING_REQUEST)]):
            return [self.env._("%(count)s people wait for an answer.", count=count)]
        return []

    @api.model
    def _uninstall_blockers_of_erasures(self):
        """Erasures that were confirmed stand against it until they are done."""
        # superuser: as above
        erasures = self.env["privacy.erasure"].sudo()
        return [
            self.env._("%s is being executed.", erasure.name)
            for erasure in erasures.search([("state", "in", ("erase", "verify"))])
        ]
