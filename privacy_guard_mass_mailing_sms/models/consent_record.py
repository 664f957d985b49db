from odoo import models
from odoo.tools import SQL


class ConsentRecord(models.Model):
    _inherit = "consent.record"

    def _effects_sql(self):
        """Lists can rely on consents about text messages too."""
        effects = super()._effects_sql()
        effects["leaving"] = SQL(
            "(%s OR purpose.covers_sms AND step.value = 'refused')", effects["leaving"]
        )
        return effects
