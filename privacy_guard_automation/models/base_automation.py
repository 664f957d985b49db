from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

CREATED = ("on_create", "on_create_or_write")


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    @api.model
    def _consent_event_rules(self):
        """:return: the rules that run when a consent changes, as superuser"""
        ids = self._consent_event_rule_ids()
        if "__action_done" not in self.env.context:
            # what core passes on, so that a rule does not run on its own changes
            self = self.with_context(__action_done={})
        return self.sudo().browse(ids)

    @api.model
    @ormcache()
    def _consent_event_rule_ids(self):
        """Known without asking: each person who is saved may have consents that
        change."""
        events = self.env["consent.event"].sudo()
        return tuple(self._get_actions(events, CREATED).ids)

    def _update_registry(self):
        """Other rules are there now, in core's word."""
        self.env.registry.clear_cache()
        return super()._update_registry()

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
