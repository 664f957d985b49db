import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class ConsentRecord(models.Model):
    """Changes of consents are SQL, which no automation rule sees: tell them."""

    _inherit = "consent.record"

    @api.model
    def _apply_changes(self, changes, **options):
        rules = self.env["base.automation"]._consent_event_rules()
        if not rules:
            return super()._apply_changes(changes, **options)
        last = self._last_event_number()
        number = super()._apply_changes(changes, **options)
        self._automate(rules, last)
        return number

    @api.model
    def _last_event_number(self):
        """:return: what every event of this transaction from now on is above"""
        [(number,)] = self.env.execute_query(
            SQL("SELECT last_value - (NOT is_called)::int FROM consent_event_id_seq")
        )
        return number

    @api.model
    def _automate(self, rules, last):
        """Run the rules on the events that this transaction has appended. What others
        append meanwhile it does not see.

        A rule that fails is logged: whether a person's answer counts must not depend
        on what somebody automates.
        """
        # superuser: rules run whoever made the change, as all of Odoo's
        events = (
            self.env["consent.event"].sudo().search([("id", ">", last)], order="id")
        )
        for rule in rules:
            try:
                with self.env.cr.savepoint():
                    rule._process(rule._filter_post(events.with_env(rule.env)))
            except Exception:
                _logger.exception("Automation rule %s failed", rule.id)
