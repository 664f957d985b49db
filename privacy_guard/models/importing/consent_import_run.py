from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP = timedelta(days=30)
BATCH_SIZE = 1_000  # lines recorded in one transaction
NO_FILES = {"file": False, "documents": False}


class ConsentImport(models.Model):
    """Recording in the background: a batch is events, evidence and lines in one
    transaction, so that a kill anywhere loses none and records none twice."""

    _inherit = "consent.import"

    @api.model
    def _unfinished_domain(self):
        return [("state", "=", "running")]

    def _do_batch(self):
        """:return: number of lines dealt with, None where all that remain are held"""
        lines, remain = self._next_lines()
        if lines:
            answers = type(lines)
            self._try_each(lines, answers._record, answers._whose, answers._fail)
        elif remain:
            return None
        else:
            self._finish()
        return len(lines)

    def _next_lines(self):
        """:return: the next lines that nobody stands in the way of, locked, and
        whether there are others; these say so, and their turn comes later"""
        remain, after = False, 0
        while lines := self._lines("ready", BATCH_SIZE, after):
            free = lines._lock()
            remain = True
            if free:
                return free, remain
            after = lines[-1].id
        return lines, remain

    def _finish(self):
        """The files have done their service; what they prove is evidence now. Lines
        that failed need them once more."""
        kept = self._lines("failed")
        self.write({"state": "done", **({} if kept else NO_FILES)})

    def _retry_items(self):
        """Take up the lines that failed."""
        if failed := self._lines("failed"):
            failed.write({"state": "ready", "reason": False})
            self.state = "running"

    def _job_progress_sql(self):
        """Of the lines that were to be imported."""
        return SQL(
            """
            (SELECT 100 * count(*) FILTER (WHERE line.state <> 'ready')
                    / GREATEST(count(*), 1)
               FROM consent_import_line line
              WHERE line.import_id = job.id AND line.state <> 'refused')
            """
        )

    def _lines(self, state, limit=None, after=0):
        """:param int after: id; later ones alone"""
        return self.env["consent.import.line"].search(
            [("import_id", "=", self.id), ("state", "=", state), ("id", ">", after)],
            order="id",
            limit=limit,
        )

    @api.autovacuum
    def _gc_imports(self):
        """Files hold addresses: what is recorded of them are events and evidence."""
        limit = fields.Datetime.now() - KEEP
        self.search([("create_date", "<", limit), ("state", "!=", "running")]).unlink()
