from odoo import api, models
from odoo.exceptions import AccessError

from ...constants import OFFICER

# who decides what others see of our lists
SHARERS = (OFFICER, "base.group_erp_manager")


class PrivacySharedMixin(models.AbstractModel):
    """What users of Odoo make of lists, for themselves or for others. On a list of ours
    that is for others decides what officers see when they open it: one that shows no
    requests hides all of them."""

    _name = "privacy.shared.mixin"
    _description = "What users share on lists of ours"

    @api.model_create_multi
    def create(self, vals_list):
        shared = super().create(vals_list)
        shared._privacy_check_shared()
        return shared

    def write(self, vals):
        self._privacy_check_shared()
        result = super().write(vals)
        self._privacy_check_shared()
        return result

    def unlink(self):
        self._privacy_check_shared()
        return super().unlink()

    def _privacy_is_shared(self):
        """:return: whether it is on a list of ours, for others than the user"""
        raise NotImplementedError

    def _privacy_check_shared(self):
        """:raise AccessError: when it is for others, and the user is none of those who
        decide what these see"""
        user = self.env.user
        if self.env.su or any(map(user.has_group, SHARERS)):
            return
        # superuser: with whom it is shared need not be readable
        for shared in self.sudo():
            if shared._privacy_is_shared():
                raise AccessError(
                    self.env._(
                        "%(name)s is for others as well: on lists of Privacy Guard "
                        "only privacy officers and administrators share something.",
                        name=shared.display_name,
                    )
                )
