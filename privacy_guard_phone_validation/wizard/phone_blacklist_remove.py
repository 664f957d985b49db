from odoo import models
from odoo.exceptions import UserError

from odoo.addons.privacy_guard.extending import masking, value_behind


class PhoneBlacklistRemove(models.TransientModel):
    """The dialogue gets the number from the contact's form, which shows a mask."""

    _inherit = "phone.blacklist.remove"

    def action_unblacklist_apply(self):
        if masking.looks_masked(self.phone):
            # a dialogue that is stored nowhere: the one on the screen keeps its mask
            self = self.new({"phone": self._privacy_number(), "reason": self.reason})
        return super().action_unblacklist_apply()

    def _privacy_number(self):
        """:return: the number of the contact from whose form the dialogue was opened
        :raise UserError: when the mask is not that of its number"""
        model = self.env.context.get("active_model")
        if model in self.env:
            record = self.env[model].browse(self.env.context.get("active_id"))
            if number := record._phone_format(number=self.phone):
                return value_behind(number)
        raise UserError(
            self.env._("%s is a mask. Open this from the contact's form.", self.phone)
        )
