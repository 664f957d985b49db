from odoo import models

from ...background import is_unattended
from ...constants import SKIP_LOCKED


class MailThread(models.AbstractModel):
    """What core does around the methods of a person's record, with all that it was
    asked for: the gate stands below it and lets some of it be left out."""

    _inherit = "mail.thread"

    def unlink(self):
        """Before the messages and followers go of somebody who stays."""
        threads = self
        if self._name in self.env["consent.record"]._subject_models():
            threads = self.env["privacy.gate"]._deletable(self)
        return super(MailThread, threads).unlink()

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Nobody follows by a value that was left out."""
        for threads, values in self._privacy_stored_values(updated_values):
            super(MailThread, threads)._message_auto_subscribe(
                values, followers_existing_policy=followers_existing_policy
            )
        return True

    def _privacy_stored_values(self, vals):
        """:return: list of (records, values) of what was not left out"""
        leaves_out = self.env.context.get(SKIP_LOCKED) or is_unattended(self)
        if (
            not leaves_out
            or self._name not in self.env["consent.record"]._subject_models()
        ):
            return [(self, vals)]
        gate = self.env["privacy.gate"]
        if gate._needs_no_check(self, vals):
            return [(self, vals)]
        # what is locked and is not what was to be written
        refused = gate._refused_fields(self, vals)
        return gate._without_refused(self, vals, refused)
