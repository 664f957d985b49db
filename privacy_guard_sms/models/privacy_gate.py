from odoo import api, models


class PrivacyGate(models.AbstractModel):
    """May this person get a text message of this class?"""

    _inherit = "privacy.gate"

    @api.model
    def _sms_refusals(self, asked):
        """Who may not get text messages.

        :param dict asked: {class of message: set of ids of contacts and of numbers in
            international form}
        :return: {(class, recipient): refusal reason} of those who may not get it
        """
        return self._channel_refusals(asked, "covers_sms")
