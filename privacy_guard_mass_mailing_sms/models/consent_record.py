from odoo import api, models

from odoo.addons.privacy_guard.extending import Effect

LEAVING_LISTS = Effect(
    """purpose.covers_sms AND purpose.covers_email IS NOT TRUE
       AND step.value = 'refused'""",
    lambda people, purpose: people._privacy_leave_mailing_lists(purpose),
)


class ConsentRecord(models.Model):
    _inherit = "consent.record"

    @api.model
    def _effects(self):
        """Lists can rely on consents about text messages too."""
        return (*super()._effects(), LEAVING_LISTS)
