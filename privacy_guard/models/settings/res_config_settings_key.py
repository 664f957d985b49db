from odoo import fields, models

from ...tools import keyring


class ResConfigSettings(models.TransientModel):
    """Settings > Privacy > Keys: whether there is a key file, and where."""

    _inherit = "res.config.settings"

    privacy_key_file = fields.Char("Key file", compute="_compute_privacy_key_file")
    privacy_key_problem = fields.Char(compute="_compute_privacy_key_file")

    def _compute_privacy_key_file(self):
        problem = self.env["consent.sealed.value"]._key_problem()
        path = not problem and keyring.path_in_use()
        for settings in self:
            settings.privacy_key_file = path
            settings.privacy_key_problem = problem
