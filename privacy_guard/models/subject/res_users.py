from odoo import api, models

from ...fields.mail_class import mandatory
from .mail_blacklist import compared

# What makes a person one of the company's own employees, or ends it.
EMPLOYING = frozenset({"active", "group_ids", "partner_id"})


class ResUsers(models.Model):
    """Users are contacts: their consents follow from being employees, and they have the
    fields of contacts."""

    _inherit = "res.users"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """A user has the fields of a contact, the removed ones too."""
        description = super().fields_get(allfields, attributes)
        self.env["privacy.gate"]._describe_removed(self._name, description)
        return description

    @api.model
    def _search(self, domain, *args, **kwargs):
        """As for contacts: users are searched without asking their model."""
        return super()._search(compared(domain, "email_normalized"), *args, **kwargs)

    # Consents are not for employees: whoever becomes one is evaluated at once, or their
    # own data would stay locked until the daily run.

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users.partner_id._consent_sync()
        return users

    def write(self, vals):
        self._privacy_check_own_address(vals)
        partners = self.env["res.partner"]
        if employing := not EMPLOYING.isdisjoint(vals):
            partners = self.partner_id
        result = super().write(vals)
        if employing:
            (partners | self.partner_id)._consent_sync()
        return result

    # Who has stopped processing must still be able to log in, and hears of it when
    # somebody else does. What these mails say is not the caller's to choose.

    def _action_reset_password(self, signup_type="reset"):
        owed = mandatory(self, self.mapped("email"))
        return super(ResUsers, owed)._action_reset_password(signup_type)

    def _send_totp_mail_code(self):
        """Of `auth_totp_mail`, which Odoo installs along with mail and loads before us;
        without it nobody calls this."""
        owed = mandatory(self, self.mapped("email"))
        return super(ResUsers, owed)._send_totp_mail_code()

    def _notify_security_setting_update(
        self, subject, content, mail_values=None, **kwargs
    ):
        # after a change of the address, the former one is told
        elsewhere = (kwargs.get("force_email"), (mail_values or {}).get("email_to"))
        owed = mandatory(self, [*self.mapped("email"), *elsewhere])
        return super(ResUsers, owed)._notify_security_setting_update(
            subject, content, mail_values=mail_values, **kwargs
        )
