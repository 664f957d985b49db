from odoo import api, models
from odoo.exceptions import UserError

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
        users._privacy_check_new_colleagues(users.partner_id.browse())
        users.partner_id._consent_sync()
        return users

    def write(self, vals):
        self._privacy_check_own_address(vals)
        partners = former = self.env["res.partner"]
        if employing := not EMPLOYING.isdisjoint(vals):
            partners, former = self.partner_id, self._privacy_colleagues()
        result = super().write(vals)
        if employing:
            self._privacy_check_new_colleagues(former)
            (partners | self.partner_id)._consent_sync()
        return result

    def _privacy_colleagues(self):
        """:return: contacts of those of these users who are the company's own"""
        # superuser: who they are decides, whoever may read them
        users = self.sudo()
        return users.filtered(lambda user: user.active and not user.share).partner_id

    def _privacy_check_new_colleagues(self, former):
        """A no binds whatever becomes of the person (IDN-5): mail to colleagues is
        about their work, and nobody becomes one to be written to again.

        :param former: contacts who were colleagues before
        :raise UserError: one of the others has stopped processing, or was erased
        """
        for partner in self._privacy_colleagues() - former:
            if partner.privacy_status in ("stopped", "erased"):
                raise UserError(
                    self.env._(
                        "%s asked us to stop processing their data, or to erase it, "
                        "and cannot be the contact of a user of the company. A privacy "
                        "officer can reopen the contact.",
                        partner.display_name,
                    )
                )

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
