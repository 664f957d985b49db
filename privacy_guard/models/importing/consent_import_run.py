from functools import partial

from odoo import api, models
from odoo.service.model import retrying

BATCH_SIZE = 1_000


class ConsentImport(models.Model):
    """The import itself: a batch is events, evidence and lines in one transaction, so
    that a kill anywhere loses none and records none twice."""

    _inherit = "consent.import"

    @api.model
    def _run(self):
        """Go on with all imports until they are done or the time of this call is up."""
        for imported in self.search([("state", "=", "running")], order="id"):
            while imported.state == "running":
                if not retrying(partial(imported._advance), self.env):
                    return

    def _advance(self):
        """Import one batch and commit it.

        :return: seconds left for this call, 0 also when another worker is at it
        """
        cron = self.env["ir.cron"]
        if not self.try_lock_for_update():
            return cron._commit_progress(remaining=0) and 0
        # the lock waits for nobody, but the state may be older than it
        self.invalidate_recordset()
        domain = [("import_id", "=", self.id), ("state", "=", "ready")]
        lines = self.env["consent.import.line"].search(
            domain, order="id", limit=BATCH_SIZE
        )
        if self.state == "running" and lines:
            lines._record()
        elif self.state == "running":
            self._finish()
        return cron._commit_progress(len(lines), remaining=int(bool(lines)))

    def _finish(self):
        """The files have done their service; what they prove is evidence now."""
        self.write({"state": "done", "file": False, "documents": False})
