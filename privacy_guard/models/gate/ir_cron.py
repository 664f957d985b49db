import logging

from odoo import models

from ...attempts import Setup
from ...background import scheduled_action

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    """Nobody is there to answer what a scheduled action runs into."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """One of ours that fails while somebody sets the models up anew has not failed:
        it begins again, with the new ones."""
        setup = Setup(self.pool)
        try:
            with scheduled_action():
                return super()._callback(cron_name, server_action_id)
        except Exception as error:
            self.env.transaction.reset()
            cron = self.env[self._name].browse(self.id)
            if not (cron._privacy_is_ours() and setup.is_outdated()):
                raise
            _logger.info("%s begins again: %s", cron_name, type(error).__name__)
            self.env.transaction.reset()
            cron._trigger()
            cron._commit_progress()
