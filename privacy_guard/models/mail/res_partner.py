from odoo import models

from ...background import is_mail_gateway


class ResPartner(models.Model):
    """Anybody can write any sender into a mail; and what the lead or task that it makes
    says of its contact, Odoo copies to the contact as superuser."""

    _inherit = "res.partner"

    def write(self, vals):
        """What identifies a contact is changed by no mail that comes in."""
        if is_mail_gateway() and self.env["privacy.gate"]._is_enabled():
            identifying = self._privacy_identifying_names()
            vals = {name: vals[name] for name in vals.keys() - identifying}
            if not vals:
                return True
        return super().write(vals)
