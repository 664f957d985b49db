from functools import partial

from odoo import api, models
from odoo.service.model import retrying

from ...attempts import attempt


class ConsentSealedValue(models.Model):
    """What is due for withheld values, daily and when a consent is switched on or off.

    Each batch is one transaction: a kill anywhere leaves a value on its contact or
    sealed. What the batches look for is what is not as it should be, so that they
    finish whatever was interrupted or impossible before.
    """

    _inherit = "consent.sealed.value"

    @api.model
    def _run_daily(self):
        """Bring back, destroy, withhold and seal again what is due, as far as time
        allows."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        last = self._last_item()
        steps = [
            partial(self._run_step, self._restore_due),
            partial(self._run_step, self._destroy_due),
            self._enforce_all,
            self._reseal_all,
        ]
        if all(step() for step in steps):
            retrying(partial(self._forget_items, last), self.env)
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_step(self, step):
        """What fails holds up no other step; the next call tries it again.

        :param step: takes the id after which to begin; returns the ids it dealt with
        :return: whether there was time for all of it
        """

        def batch(after):
            ids, reason = attempt(self, partial(step, after))
            if reason:
                self._note_item(self._name, 0, reason)
            done = ids or []
            return done, self.env["ir.cron"]._commit_progress(len(done), remaining=1)

        ids, seconds = retrying(partial(batch, 0), self.env)
        while ids and seconds:
            ids, seconds = retrying(partial(batch, ids[-1]), self.env)
        return bool(seconds)

    @api.model
    def _enforce_all(self):
        """:return: whether there was time for all of it"""
        domain = [("to_enforce", "=", True), ("field_id", "!=", False)]
        for purpose in self.env["consent.purpose"].search(domain):
            if not self._run_step(partial(self._enforce_due, purpose)):
                return False
            if not self._run_step(partial(self._note_enforced, purpose)):
                return False
        return True

    @api.model
    def _reseal_all(self):
        """After a rotation, seal all under the newest key.

        :return: whether there was time for all of it
        """

        def batch():
            remaining, reason = attempt(self, reseal)
            if reason:
                self._note_item(self._name, 0, reason)
            return remaining, self.env["ir.cron"]._commit_progress(remaining=1)

        def reseal():
            return 0 if self._key_problem() else self._reseal(self._BATCH_SIZE)

        remaining, seconds = retrying(batch, self.env)
        while remaining and seconds:
            remaining, seconds = retrying(batch, self.env)
        return bool(seconds)

    @api.model
    def _settle(self):
        """A consent was switched on or off: begin now, the rest in the background."""
        self._restore_due(0)
        self.env.ref("privacy_guard.ir_cron_withheld_values")._trigger()
