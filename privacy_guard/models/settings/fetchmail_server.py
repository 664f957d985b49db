from odoo import api, models

from ...constants import FOLLOWING


class FetchmailServer(models.Model):
    """By which servers mail comes in: without them no objection or request does that is
    sent by mail. The log has no password; what fetching notes is no change."""

    _name = "fetchmail.server"
    _inherit = ["fetchmail.server", "privacy.logged.mixin"]
    _privacy_logged = (
        "active",
        "state",
        "priority",
        "server_type",
        "server",
        "port",
        "is_ssl",
        "user",
        "object_id",
    )

    def _privacy_is_ours(self):
        """Each: whoever objects writes to any of our addresses."""
        return True

    @api.model
    def _update_cron(self):
        """Whether the job runs follows from the servers, which have their lines."""
        servers = self.with_context(privacy_following=FOLLOWING)
        return super(FetchmailServer, servers)._update_cron()
