from odoo import fields, models


class ConsentWitnessAccept(models.TransientModel):
    """Accept that a log of others was restored from a backup, seeing what it says of
    that (EVI-2)."""

    _name = "consent.witness.accept"
    _description = "Accept a restore"

    log_id = fields.Many2one("consent.witnessed.log", required=True)
    proof = fields.Text("Declaration", required=True)
    statement = fields.Text("It says", readonly=True)

    def action_read(self):
        """Show what the declaration says.

        :raise UserError: when it is none of this log
        """
        self.ensure_one()
        self.log_id._check_settings_right()
        self.statement = self.log_id._read_declaration(self.proof).text
        return self._get_records_action(
            name=self.env._("Accept a restore"), target="new", context={}
        )

    def action_accept(self):
        """Go on with the log from there."""
        self.ensure_one()
        self.log_id._accept(self.proof)
        return {"type": "ir.actions.act_window_close"}
