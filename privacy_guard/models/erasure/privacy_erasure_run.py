import logging

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ...constants import LOOK_AGAIN

_logger = logging.getLogger(__name__)

# How many people one transaction erases.
BATCH_SIZE = 200


class PrivacyErasure(models.Model):
    """Executing erasures, a batch at a time."""

    _inherit = "privacy.erasure"

    @api.model
    def _run(self):
        """Go on with all confirmed erasures until they are done or the time of this
        call is up."""
        for erasure in self.search([("state", "in", ("erase", "verify"))], order="id"):
            while erasure.state in ("erase", "verify"):
                # a transaction that meets a concurrent change is done again
                seconds_left = retrying(erasure._advance, self.env)
                self._write_journal()
                if not seconds_left:
                    return
        self._write_journal()

    def _advance(self):
        """Do one batch and commit it.

        :return: seconds left for this call, 0 also when another worker is at it
        """
        if not self.try_lock_for_update():
            cron = self.env.ref("privacy_guard.ir_cron_erasures")
            cron._trigger(fields.Datetime.now() + LOOK_AGAIN)
            self.env["ir.cron"]._commit_progress(remaining=0)
            return 0
        # the lock waits for nobody, but the state may be older than it
        self.invalidate_recordset()
        done = 0
        if self.state == "erase":
            done = self._erase_batch()
        elif self.state == "verify":
            done = self._verify_batch()
        remaining = self.search_count([("state", "in", ("erase", "verify"))])
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _erase_batch(self):
        """:return: number of people dealt with"""
        pending = self.env["privacy.erasure.subject"].search(
            [("erasure_id", "=", self.id), ("state", "=", "pending")],
            order="id",
            limit=BATCH_SIZE,
        )
        if not pending:
            self._set({"state": "verify"})
            return 0
        if not self._try(pending) and len(pending) > 1:
            for person in pending:
                self._try(person)
        return len(pending)

    def _try(self, people):
        """Erase them; one whom something else refuses to let go stays as it was, with
        the reason, and holds up nobody.

        :return: whether they were erased
        """
        try:
            with self.env.cr.savepoint():
                people._fulfil()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except (UserError, psycopg2.Error) as error:
            self.env.invalidate_all(flush=False)
            _logger.warning("%s cannot be erased: %s", people, type(error).__name__)
            if len(people) == 1:
                people._refuse(people._explain(error))
            return False
        return True

    def _finish(self):
        """Nothing that identified the people is kept longer than this."""
        self.subject_ids._clear_terms()
        self._set({"state": "done", "done_at": fields.Datetime.now()})
