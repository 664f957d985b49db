from markupsafe import Markup
from odoo import api, models

from ...constants import OFFICER, REASON
from ..gate.privacy_gate import ENABLED


class PrivacyGate(models.AbstractModel):
    """Switching consents on and off, which is logged, and told to officers."""

    _inherit = "privacy.gate"

    @api.model
    def _enable(self):
        """Start evaluating, locking and asking; the next daily run does the rest."""
        # superuser: the dialogue checks the Settings right
        self.env["ir.config_parameter"].sudo().set_param(ENABLED, "True")

    @api.model
    def _disable(self, reason):
        """Stop evaluating, locking and asking; what people have said is kept.

        :param str reason: why, for the log and the officers
        """
        # superuser: as above
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.with_context(**{REASON: reason}).set_param(ENABLED, "False")

    @api.model
    def _after_switch(self, enabled, reason):
        """What follows from the setting, whoever has changed it in whatever way."""
        # forms show the locks from now on, or do not any more
        self.env.registry.clear_cache("default", "templates")
        if enabled:
            # superuser: values may have been written while consents were disabled
            purposes = self.env["consent.purpose"].sudo()
            purposes.search([("field_id", "!=", False)]).to_enforce = True
        else:
            self._tell_officers(reason)

    @api.model
    def _tell_officers(self, reason):
        # superuser: whoever it is who switches off, officers hear of it
        env = self.sudo().env
        officers = env.ref(OFFICER).all_user_ids.filtered(
            lambda user: not user.share and user != env.ref("base.user_root")
        )
        for lang, users in officers.grouped("lang").items():
            gate = self.with_context(lang=lang)
            env["mail.thread"].message_notify(
                partner_ids=users.partner_id.ids,
                author_id=env.ref("base.partner_root").id,
                subject=gate.env._("Consents are switched off"),
                body=gate._switched_off_message(reason),
            )

    @api.model
    def _switched_off_message(self, reason):
        """:return: HTML"""
        told = self.env._(
            "%(user)s has switched consents off: nobody is asked, and what people "
            "answered is not obeyed.",
            user=self.env.user.name,
        )
        why = (
            self.env._("Reason: %s", reason)
            if reason
            else self.env._("No reason was given: the system parameter was changed.")
        )
        return Markup("<p>%s</p><p>%s</p>") % (told, why)
