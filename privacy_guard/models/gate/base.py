from odoo import api, models
from odoo.exceptions import MissingError

from ... import left_out
from .privacy_gate_controls import OWN


class Base(models.AbstractModel):
    """What nobody writes, and what somebody is asked in a dialogue, is not prefilled by
    whoever sets the context either. What becomes of a record that somebody stopped
    leads to is noted with them."""

    _inherit = "base"

    @api.model
    def default_get(self, fields):
        model = self
        if self._name.startswith(OWN) or any(
            key.startswith("default_privacy_") for key in self.env.context
        ):
            model = self.env["privacy.gate"]._without_prefilled(self)
        return super(Base, model).default_get(fields)

    @api.model
    def load(self, fields, data):
        """Whoever imports is told of each row what was left out of it, and why: in the
        messages; in Odoo's dialog, which takes them for errors, by a notification."""
        with left_out.noting() as noted:
            result = super().load(fields, data)
        if noted and result["ids"]:
            told = self.env["privacy.gate"]._left_out_messages(noted, result["ids"])
            if self.env.context.get("import_file"):
                self.env["privacy.gate"]._notify_left_out(told)
            else:
                result["messages"] += told
        return result

    def read(self, fields=None, load="_classic_read"):
        """Zero is the id of no row, but Odoo computes such a one as if it were new."""
        if self._name.startswith(OWN) and 0 in self._ids:
            raise MissingError(self.env._("Record does not exist or has been deleted."))
        return super().read(fields, load)

    def write(self, vals):
        """Under another name it says something else of whoever leads to it."""
        names = {self._rec_name, self._parent_name if self._parent_store else None}
        if names.isdisjoint(vals):
            return super().write(vals)
        said = self.env["privacy.gate"]._said_by_stopped(self)
        result = super().write(vals)
        if said:
            self.env["privacy.gate"]._note_renamed_elsewhere(said)
        return result

    def unlink(self):
        said = self.env["privacy.gate"]._said_by_stopped(self)
        result = super().unlink()
        if said:
            self.env["privacy.gate"]._note_deleted_elsewhere(said)
        return result
