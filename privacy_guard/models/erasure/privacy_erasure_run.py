from odoo import api, fields, models
from odoo.tools import SQL

# How many people one transaction erases.
BATCH_SIZE = 200


class PrivacyErasure(models.Model):
    """Executing an erasure, in the background."""

    _inherit = "privacy.erasure"

    @api.model
    def _unfinished_domain(self):
        return [("state", "in", ("find", "erase", "verify"))]

    @api.model
    def _run(self):
        result = super()._run()
        self._write_journal()
        return result

    def _advance(self):
        seconds_left = super()._advance()
        self._write_journal()
        return seconds_left

    def _do_batch(self):
        batches = {"find": self._find_batch, "erase": self._erase_batch}
        return batches.get(self.state, self._verify_batch)()

    def _erase_batch(self):
        """:return: number of people dealt with"""
        pending = self.env["privacy.erasure.subject"].search(
            [("erasure_id", "=", self.id), ("state", "=", "pending")],
            order="id",
            limit=BATCH_SIZE,
        )
        if pending:
            # what is wrong with the key file is nobody's fault: all of them wait
            self.env["privacy.suppression"]._check_key()
            people = type(pending)
            self._try_each(pending, people._fulfil, people._whose, people._fail)
        else:
            self._set({"state": "verify"})
        return len(pending)

    def _fail(self, reason):
        """What stands in the way of all of it may name the people as well."""
        # superuser: as the job works, of what other models have too
        return super()._fail(self.subject_ids.sudo()._told_of_failure(reason))

    def _retry_items(self):
        """Take up the people who could not be erased."""
        failed = self.subject_ids.filtered(lambda person: person.state == "failed")
        if failed:
            failed._set({"state": "pending", "blocker": False})
            self._set({"state": "erase", "position": False})

    def _job_progress_sql(self):
        return SQL(
            """
            (SELECT 100 * count(*) FILTER (WHERE person.state <> 'pending')
                    / GREATEST(count(*), 1)
               FROM privacy_erasure_subject person WHERE person.erasure_id = job.id)
            """
        )

    def _finish(self):
        """Nothing that identified the people is kept longer than this."""
        self.subject_ids._clear_terms()
        self._set({"state": "done", "done_at": fields.Datetime.now()})
