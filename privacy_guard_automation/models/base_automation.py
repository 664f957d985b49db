from odoo import api, models
from odoo.exceptions import ValidationError

CREATED = ("on_create", "on_create_or_write")


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    @api.model
    def _consent_event_rules(self):
        """:return: the rules that run when a consent changes, as superuser"""
        events = self.env["consent.event"].sudo()
        return self._get_actions(events, CREATED).sudo()

    @api.constrains("model_id", "trigger")
    def _check_consent_rule(self):
        """A rule that would never run is worse than none.

        :raise ValidationError: it waits for a consent to be written or deleted
        """
        for rule in self:
            waits = rule.model_name == "consent.record" or (
                rule.model_name == "consent.event"
                and rule.trigger not in (*CREATED, "on_time", "on_webhook")
            )
            if waits:
                raise ValidationError(
                    self.env._(
                        "Each change of a consent is a new consent event: choose the "
                        "model Consent event and the trigger On create."
                    )
                )
