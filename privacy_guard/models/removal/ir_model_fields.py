from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class IrModelFields(models.Model):
    """Taking a field off the forms, and bringing it back."""

    _inherit = "ir.model.fields"

    privacy_removed = fields.Boolean(
        "Removed from forms",
        readonly=True,
        copy=False,
        help="Its data consent was deleted: it is erased, locked and shown nowhere.",
    )

    @api.model
    def _privacy_refuse_removed(self, *vals_list):
        """Erasing and the flag go together: deleting a data consent is the only way."""
        if any("privacy_removed" in vals for vals in vals_list):
            raise AccessError(
                self.env._(
                    "A field is removed by deleting its data consent, and brought back "
                    "under Personal data."
                )
            )

    def _privacy_set_removed(self, removed):
        """Take the field off, or bring it back; from now on for every way in."""
        self._privacy_write({"privacy_removed": removed})
        # the gate, forms and lists of all workers
        self.env.registry.clear_cache("default", "templates")

    def _privacy_bring_back(self):
        """Show removed fields again, empty as they are.

        :raise AccessError: for anybody but a privacy officer who is in all companies
        :raise UserError: while a contact still has a value, which would come back too
        """
        self._privacy_check_decider()
        removed = self.filtered("privacy_removed")
        # superuser: the officer's right was checked
        removals = self.env["privacy.removal"].sudo()._open_for(removed)
        for removal in removals:
            if not removal._is_erased():
                raise UserError(
                    self.env._(
                        "%(field)s is still being erased: wait until no contact has a "
                        "value.",
                        field=removal.label,
                    )
                )
        removed._privacy_set_removed(False)
        removals._note_return()
