import logging

from odoo import api, models
from odoo.exceptions import UserError

from ...background import is_unattended
from ...constants import OFFICER

_logger = logging.getLogger(__name__)


class PrivacyGate(models.AbstractModel):
    """What nobody does to people who asked to stop processing, besides writing."""

    _inherit = "privacy.gate"

    @api.model
    def _deletable(self, records):
        """To stop processing is to keep (GDPR Art. 18): nobody deletes the contact.

        :return: the records, without those that are stopped where code runs that nobody
            is there to answer
        :raise UserError: when one of the records is stopped
        """
        if stopped := self._stopped(records):
            records.check_access("unlink")
            if is_unattended(records):
                _logger.info("Not deleted, stopped: %s %s", records._name, stopped.ids)
                return records - stopped
            raise UserError(
                self.env._(
                    "%(contact)s cannot be deleted: %(reason)s",
                    **self._refusal_values(stopped[0]),
                )
            )
        return records

    @api.model
    def _check_copy(self, records):
        """:raise UserError: when one of the records is locked by its Contact Status"""
        reasons = self._status_reasons(records) if self._is_enabled() else {}
        if locked := records.filtered(lambda record: record.id in reasons)[:1]:
            records.check_access("read")
            raise UserError(
                self.env._(
                    "%(contact)s cannot be duplicated: %(reason)s",
                    # superuser: the status is not the user's to read on every model
                    **self._refusal_values(locked.sudo()),
                )
            )

    @api.model
    def _check_merge(self, records):
        """Merging changes a stopped contact: it is an officer's to decide.

        :raise UserError: when one of the records is stopped and the user no officer
        """
        if self.env.su or self.env.user.has_group(OFFICER):
            return
        if stopped := self._stopped(records)[:1]:
            records.check_access("write")
            raise UserError(
                self.env._(
                    "%(contact)s cannot be merged: %(reason)s",
                    **self._refusal_values(stopped),
                )
            )

    @api.model
    def _refusal_values(self, record):
        """:return: what a refusal names"""
        reason = self._status_reasons(record)[record.id]
        return {
            "contact": record.display_name,
            "reason": self._reason_label(reason),
        }

    @api.model
    def _stopped(self, records):
        """:return: those whose processing is stopped, as superuser"""
        if not self._is_enabled():
            return records.browse()
        # the status is not the user's to read on every model, but it binds them
        return records.sudo().filtered(lambda r: r.privacy_status == "stopped")
