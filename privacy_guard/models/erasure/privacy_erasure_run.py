from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# How many people one transaction erases.
BATCH_SIZE = 200
# Rows about people come while an erasure of many goes on.
SEARCH_AGAIN = timedelta(hours=1)


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
        """:return: number of people dealt with, or of tables searched for them"""
        pending = self.env["privacy.erasure.subject"].search(
            [("erasure_id", "=", self.id), ("state", "=", "pending")],
            order="id",
            limit=BATCH_SIZE,
        )
        if pending and not self._is_searched():
            return self._search_batch()
        if pending:
            # what is wrong with the key file is nobody's fault: all of them wait
            self.env["privacy.suppression"]._check_key()
            people = type(pending)
            self._try_each(pending, people._fulfil, people._whose, people._fail)
        else:
            self._set({"state": "verify"})
        return len(pending)

    def _is_searched(self):
        """:return: whether what the catalogue has found is as good as new"""
        searched_at = self.searched_at
        return bool(searched_at) and fields.Datetime.now() - searched_at < SEARCH_AGAIN

    def _search_batch(self):
        """Search the next tables, for all people who are to be erased at once: most of
        what it takes is reading the tables.

        :return: number of tables searched
        """
        people = self._pending_people()._existing()
        terms = people._readable_terms()
        if not self.position:
            people._find_declared(terms)
        count = self._search_next(people, terms)
        if not self.position:
            self._set({"searched_at": fields.Datetime.now()})
        return count

    def _fail(self, reason):
        """What stands in the way of all of it may name the people as well."""
        # superuser: as the job works, of what other models have too
        return super()._fail(self.subject_ids.sudo()._told_of_failure(reason))

    def _retry_items(self):
        """Take up the people who could not be erased."""
        failed = self.subject_ids.filtered(lambda person: person.state == "failed")
        if failed:
            failed._set({"state": "pending", "blocker": False})
            self._set({"state": "erase", "position": False, "searched_at": False})

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
