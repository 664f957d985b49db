from odoo import api, models


class IrAttachment(models.Model):
    """Pictures of contacts are attachments: users who write these pass the gate too.

    What Odoo itself stores there has passed it as a field of the contact.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._privacy_check_unlocked_files()
        return attachments

    def write(self, vals):
        self._privacy_check_unlocked_files()
        result = super().write(vals)
        if "res_id" in vals or "res_field" in vals:
            self._privacy_check_unlocked_files()
        return result

    def unlink(self):
        self._privacy_check_unlocked_files()
        return super().unlink()

    def _privacy_check_unlocked_files(self):
        """:raise UserError: when one of them is a locked field of a contact"""
        if self.env.su:
            return
        # superuser: which field of whom it is; core checks what the user may do
        files = self.sudo().filtered("res_field")
        subject_models = self.env["consent.record"]._subject_models()
        for (name, field), some in files.grouped(
            lambda file: (file.res_model, file.res_field)
        ).items():
            if name in subject_models:
                subjects = self.env[name].browse(some.mapped("res_id"))
                self.env["privacy.gate"]._check_unlocked(subjects, {field})
