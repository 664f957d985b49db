from odoo import fields, models
from odoo.exceptions import UserError

STATES = [
    ("open", "Not compared"),
    ("same", "Holds it"),
    ("other", "Does not hold it"),
    ("declared", "Declared"),
]


class PrivacyLogCompare(models.TransientModel):
    """Compare the evidence with a checkpoint that was kept outside, and declare that
    the database was restored from a backup (EVI-2)."""

    _name = "consent.log.compare"
    _description = "Compare with a checkpoint"

    note = fields.Text("Checkpoint", required=True)
    state = fields.Selection(STATES, default="open", readonly=True)
    reason = fields.Char()
    size = fields.Integer("Events that it covers", readonly=True)
    present_size = fields.Integer("Events sealed here", readonly=True)

    def action_compare(self):
        """Say whether the evidence holds all that the checkpoint covers.

        :raise UserError: when it is no checkpoint of this log
        """
        self.ensure_one()
        log = self.env["consent.log"]
        stated, is_held = log._compare(self.note)
        if not is_held:
            log._note_lost(stated, self.note)
        self.write(
            {
                "state": "same" if is_held else "other",
                "size": stated.size,
                "present_size": log._find().size,
            }
        )
        return self._show()

    def action_declare(self):
        """Write into the log that the database was restored.

        :raise UserError: without a reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Say when it was restored, and why. Everybody may read it.")
            )
        log = self.env["consent.log"]
        stated, is_held = log._compare(self.note)
        if not is_held:
            log._declare_restored(stated, self.reason)
            self.state = "declared"
        return self._show()

    def _show(self):
        return self._get_records_action(
            name=self.env._("Compare with a checkpoint"), target="new", context={}
        )
