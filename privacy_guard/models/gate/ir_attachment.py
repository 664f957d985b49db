import logging

from odoo import api, models

from ...background import is_unattended

_logger = logging.getLogger(__name__)

# what says whose file it is
PLACE = frozenset({"res_model", "res_id", "res_field"})


class IrAttachment(models.Model):
    """Pictures of contacts are attachments: who writes these passes the gate too,
    superuser code included. What Odoo stores there of a field that was written has
    passed it already, and meets no lock.

    Files beside the fields, such as those of the chatter, are no part of the contact.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        locked = attachments._privacy_locked_files()
        if locked and is_unattended(self.browse(attachments.ids)):
            _logger.info(
                "Left out, files of who is locked: %s", locked.mapped("res_id")
            )
            locked.unlink()  # as superuser, whom nothing keeps from it
            return attachments - locked
        locked._privacy_refuse_files()
        return attachments

    def write(self, vals):
        files = self
        if self.env.su and is_unattended(self):
            files -= self._privacy_locked_files()
        elif not (self.env.su and PLACE.isdisjoint(vals)):
            self._privacy_locked_files()._privacy_refuse_files()
        before = files._privacy_file_states()
        result = super(IrAttachment, files).write(vals)
        after = files._privacy_file_states()
        changed = files.filtered(lambda file: after.get(file.id) != before.get(file.id))
        changed._privacy_locked_files()._privacy_refuse_files()
        return result

    def unlink(self):
        # superuser: with a record its files go, and what nothing needs any more
        if not self.env.su:
            self._privacy_locked_files()._privacy_refuse_files()
        return super().unlink()

    def _privacy_file_states(self):
        """:return: {id, of files of fields: whose it is, and what is in it}; what moves
        a file to another storage changes none of it"""
        # superuser: as in _privacy_locked_files
        return {
            file.id: (
                file.res_model,
                file.res_id,
                file.res_field,
                file.checksum,
                file.url,
            )
            for file in self.sudo()
            if file.res_field
        }

    def _privacy_locked_files(self):
        """:return: those that are a locked field of a contact"""
        # superuser: which field of whom it is; core checks what the user may do
        files = self.sudo().filtered("res_field")
        locked = self.browse()
        subject_models = self.env["consent.record"]._subject_models() if files else ()
        for (name, field), some in files.grouped(
            lambda file: (file.res_model, file.res_field)
        ).items():
            if name in subject_models:
                subjects = self.env[name].browse(some.mapped("res_id")).exists()
                reasons = self.env["privacy.gate"]._lock_reasons(subjects, {field})
                ids = {subject.id for subject in reasons}
                locked += some.filtered(lambda file, ids=ids: file.res_id in ids)
        return locked.with_env(self.env)

    def _privacy_refuse_files(self):
        """:raise UserError: there are any"""
        for file in self.sudo():
            subject = self.env[file.res_model].browse(file.res_id)
            self.env["privacy.gate"]._check_unlocked(subject, {file.res_field})
