from odoo import api, fields, models
from odoo.exceptions import UserError

STEPS = [
    ("values", "Erasing values"),
    ("history", "Erasing the history"),
    ("done", "Erased"),
]


class PrivacyRemoval(models.Model):
    """A field that was taken off the forms by deleting its data consent: who did it,
    and how far erasing it on every contact has come.

    The field is locked and hidden from the confirmation on. A transaction that was
    running then may still store a value behind the position: whoever is erased is
    looked at again, and every day after that.
    """

    _name = "privacy.removal"
    _description = "Removed field"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _order = "date desc, id desc"
    _log_access = False
    _rec_name = "label"
    _job_cron = "privacy_guard.ir_cron_erase_removed_fields"
    _job_begun = "date"
    _job_of_all = True

    field_id = fields.Many2one(
        "ir.model.fields", "Definition", readonly=True, ondelete="set null"
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char("Field", required=True, readonly=True)
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one("res.users", "Removed by", readonly=True)
    date = fields.Datetime("Removed on", required=True, readonly=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    # of all companies: the progress is all that is shown of them
    position = fields.Integer("Last ID done", readonly=True, groups=fields.NO_ACCESS)
    total = fields.Integer(
        "Contacts with a value", readonly=True, groups=fields.NO_ACCESS
    )
    seen = fields.Integer("Contacts erased", readonly=True, groups=fields.NO_ACCESS)
    returned_at = fields.Datetime("Brought back on", readonly=True)
    returned_by_id = fields.Many2one("res.users", "Brought back by", readonly=True)
    remaining = fields.Integer(
        "Contacts left",
        compute="_compute_remaining",
        compute_sudo=True,
        groups=fields.NO_ACCESS,
    )
    progress = fields.Float(
        compute="_compute_remaining", compute_sudo=True, aggregator=None
    )

    _field_uniq = models.UniqueIndex(
        "(field_id) WHERE returned_at IS NULL", "This field has been removed already."
    )

    @api.depends("step", "total", "seen")
    def _compute_remaining(self):
        for removal in self:
            done = removal.step == "done"
            removal.remaining = 0 if done else max(removal.total - removal.seen, 1)
            removal.progress = (
                100 if done else 99 * removal.seen / max(removal.total, 1)
            )

    # ------------------------------------------------------------------
    # Removing
    # ------------------------------------------------------------------

    @api.model
    def _remove(self, purpose):
        """Delete a data consent: archive it, take its field off the forms, and erase
        the field on every contact.

        :param purpose: data consent of the field
        :return: the removal, whose erasing begins at once in the background
        :raise AccessError: for anybody but a privacy officer who may write the consent
        :raise UserError: when it is no data consent, or its field is removed already
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        purpose.check_access("write")
        ir_field = purpose.sudo().field_id  # superuser: the officer's right was checked
        if not ir_field or ir_field.privacy_removed:
            raise UserError(
                self.env._("%(name)s has no field to remove.", name=purpose.name)
            )
        # first: what is withheld comes back when its consent is switched off, except
        # of a removed field
        ir_field._privacy_set_removed(True)
        purpose.active = False
        removal = self._begin(ir_field, purpose)
        self._cron()._trigger()
        return removal

    def _begin(self, ir_field, purpose):
        vals = {
            "field_id": ir_field.id,
            "res_model": ir_field.model,
            "field_name": ir_field.name,
            "label": ir_field.field_description,
            "purpose_id": purpose.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "step": "values",
            "position": 0,
            "seen": 0,
        }
        removal = self._make([vals])
        removal._set({"total": removal._count_values()})
        return removal

    @api.model
    def _open_for(self, ir_fields):
        """:return: the removals of fields that are removed now"""
        return self.search(
            [("field_id", "in", ir_fields.ids), ("returned_at", "=", False)]
        )

    def _note_return(self):
        self._forget_items()
        self._set(
            {"returned_at": fields.Datetime.now(), "returned_by_id": self.env.uid}
        )
