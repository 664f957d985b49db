from odoo import fields, models


class PrivacyEraseAddress(models.TransientModel):
    """Somebody asks to be erased, and says no more than their address."""

    _name = "privacy.erase.address"
    _description = "Erase by e-mail address"

    email = fields.Char("E-mail address", required=True)

    def action_begin(self):
        """The officer's right is checked with the erasure.

        :return: action that opens the dry run
        """
        self.ensure_one()
        erasure = self.env["privacy.guest"]._erase_address(self.email)
        return erasure._get_records_action(context={})
