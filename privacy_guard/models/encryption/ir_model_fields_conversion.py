import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ...attempts import attempt, explain
from ...constants import LOOK_AGAIN
from ...tools import keyring
from ...tools.keyring import KeyringError

_logger = logging.getLogger(__name__)

BATCH_SIZE = 5_000  # values converted in one transaction
PAUSE = 0.2  # seconds until the next pass over what others are changing


class IrModelFields(models.Model):
    """Converting the values of a field in the background: encrypting, decrypting, and
    encrypting anew under the newest key, or what is bound to no record.

    Each batch is one transaction that converts and moves the position, so that the
    process may be killed anywhere. Rows that somebody is changing are passed over; as
    long as a pass leaves any, another one follows. A value that cannot be converted is
    passed over, too, and noted; the next call tries it again.
    """

    _inherit = "ir.model.fields"

    @api.model
    def _privacy_convert_all(self):
        """Scheduled action: work until all is converted or the time is used up."""
        # superuser: converting depends on nobody's rights
        self.sudo()._privacy_encrypt_companions()
        switched = self.sudo().search(
            [("privacy_encryption", "in", ["encrypting", "decrypting", "on"])]
        )
        for field in switched:
            if field._privacy_convert() == 0:
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _privacy_convert(self):
        """Convert a field until it is done or the time of this call is used up.

        :return: as :meth:`_privacy_convert_batch`
        """
        left = None
        try:
            while retrying(self._privacy_is_unfinished, self.env):
                left = retrying(self._privacy_convert_batch, self.env)
                if not left:
                    break
            else:
                self._privacy_note_success()
        except KeyringError as error:
            left = self._privacy_note_failure(explain(self.env, error))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            left = self._privacy_come_again()
        return left

    def _privacy_come_again(self):
        """The field, or its table, is held by somebody's long transaction."""
        _logger.info("%s is in use: trying again in %s", self, LOOK_AGAIN)
        cron = self.env.ref("privacy_guard.ir_cron_field_encryption")
        cron._trigger(fields.Datetime.now() + LOOK_AGAIN)

    def _privacy_note_failure(self, reason):
        """What stands in the way of one field holds up no other; the next call tries
        again."""
        _logger.error("%s cannot be converted: %s", self, reason)
        # what failed is tried again from the beginning
        self._privacy_write({"privacy_failure": reason, "privacy_position": 0})
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _privacy_note_success(self):
        if self.privacy_failure:
            self._privacy_write({"privacy_failure": False})

    def _privacy_is_unfinished(self):
        """:return: whether values remain to be converted"""
        if self.privacy_encryption == "on":
            return (
                not self.privacy_bound
                or self.privacy_position
                or self._privacy_count_due(limit=1)
            )
        return self.privacy_encryption in ("encrypting", "decrypting")

    def _privacy_convert_batch(self):
        """Convert the next values and commit.

        :return: seconds left for this call of the scheduled action, None when the field
            has to wait for another one
        """
        if not self.try_lock_for_update():
            return self._privacy_come_again()
        done, reason = attempt(self, self._privacy_convert_next)
        if reason:
            return self._privacy_note_failure(reason)
        self._privacy_note_success()
        # at least 1: when the time is up now, the scheduled action comes again at once
        remaining = max(self.privacy_total - self.privacy_done, 1)
        return self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    def _privacy_convert_next(self):
        """:return: number of values dealt with
        :raise KeyringError: what is wrong with the key file is no value's fault
        :raise UserError: all are converted but those that cannot be"""
        failed = self._privacy_failed_items()
        if not self.privacy_position:
            failed._forget(self)
            if self.privacy_encryption == "on":
                self._privacy_begin_rotation()
        rows = self._privacy_batch(BATCH_SIZE, self.privacy_position)
        if rows:
            keyring.load()
            act, about = self._privacy_convert_rows, self._privacy_about
            converted = sum(failed._try_each(self, rows, act, about))
            self._privacy_move(rows[-1][0], converted)
        elif self._privacy_count_due(limit=1, possible=True):
            time.sleep(PAUSE)
            self._privacy_move(0, 0)
        elif count := self._privacy_count_due():
            raise UserError(
                self.env._(
                    "%s values cannot be converted: see Privacy > Background jobs.",
                    count,
                )
            )
        else:
            self._privacy_finish()
        return len(rows)

    def _privacy_convert_rows(self, rows):
        """:return: how many they are
        :raise KeyringError, CipherError: one of them cannot be read"""
        if self.privacy_encryption == "encrypting":
            self._privacy_redact_messages(self._privacy_repeated(rows))
        self._privacy_store(self._privacy_converted(rows))
        return len(rows)

    def _privacy_about(self, rows):
        """:return: (model, id) of whose value it is"""
        return self.model, rows[0][0]

    @api.model
    def _privacy_failed_items(self):
        # superuser: the job works for nobody in particular
        return self.env["privacy.job.item"].sudo()

    def _privacy_begin_rotation(self):
        """Note how many values are under an older key, or bound to no record."""
        self._privacy_write(
            {"privacy_total": self._privacy_count_due(), "privacy_done": 0}
        )
        self.flush_recordset()

    def _privacy_finish(self):
        """All values are of one kind now."""
        if self.privacy_encryption == "on":
            self._privacy_move(0, 0)
            if self.privacy_bound:
                return
        self._privacy_lock_table()
        if self.privacy_encryption == "on":
            self._privacy_bind()
        elif self.privacy_encryption == "encrypting":
            self._privacy_forget_traces()
            main = self.privacy_encrypted_with_id
            self._privacy_set_encryption("on", self.privacy_visible_chars, main)
            if not main:
                self.env["privacy.encryption.search"]._begin(self, seconds=0)
        else:
            self._privacy_unguard_column()
            self._privacy_drop_index(self._privacy_index())
            self._privacy_set_encryption("off", 0)
        self._privacy_reload()
        if self.privacy_encryption == "off":
            # the indexes that were dropped: those of fields, and those made by hand
            self.pool.check_indexes(self.env.cr, [self.model])
            self.env[self.model].init()
