import logging

from odoo import api, models
from odoo.tools import SQL, split_every

from odoo.addons.privacy_guard.extending import behind

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1_000  # events that a rule gets at a time


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
        """Run the rules on the events that this transaction has appended, a batch at a
        time. What others append meanwhile it does not see.
        """
        # superuser: rules run whoever made the change, as all of Odoo's
        events = self.env["consent.event"].sudo()
        ids = events.search([("id", ">", last)], order="id").ids
        for some in split_every(BATCH_SIZE, ids, events.browse):
            for rule in rules:
                self._automate_batch(rule, some.with_env(rule.env))
            # what was read of them is not needed for the next ones
            some.invalidate_recordset()

    @api.model
    def _automate_batch(self, rule, events):
        """A rule that fails is logged: whether a person's answer counts must not depend
        on what somebody automates. A concurrent change is no failure of the rule: the
        whole transaction is done again.
        """
        try:
            with self.env.cr.savepoint():
                rule._process(rule._filter_post(events))
        except Exception as error:
            if concurrent := behind(error):
                raise concurrent from None
            _logger.exception("Automation rule %s failed: %s", rule.id, events.ids)
