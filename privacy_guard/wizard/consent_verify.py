from odoo import fields, models
from odoo.tools import format_datetime


class ConsentVerify(models.TransientModel):
    """Verify the evidence, of one contact or of all, and hand it out."""

    _name = "consent.verify"
    _description = "Verify evidence"

    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    scope = fields.Char(compute="_compute_scope")
    state = fields.Selection(
        [("open", "Not verified"), ("sound", "Sound"), ("broken", "Broken")],
        default="open",
        readonly=True,
    )
    report = fields.Text(readonly=True)

    def _compute_scope(self):
        for wizard in self:
            wizard.scope = self.env._("All contacts")
            if wizard.res_model in self.env:
                subject = self.env[wizard.res_model].browse(wizard.res_id)
                wizard.scope = subject.display_name

    def action_verify(self):
        """Recompute every hash and say what is wrong where."""
        self.ensure_one()
        problems = self.env["consent.event"]._verify(
            self.res_model or None, self.res_id or None
        )
        now = format_datetime(self.env, fields.Datetime.now())
        if problems:
            lines = [str(problem) for problem in problems[:200]]
            more = len(problems) - len(lines)
            lines += [self.env._("... and %s more", more)] if more else []
            self.write({"state": "broken", "report": "\n".join(lines)})
        else:
            report = self.env._("%s: no event is missing or altered.", now)
            self.write({"state": "sound", "report": report})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify evidence"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_export_jsonl(self):
        """Download all evidence as JSON Lines, for the stand-alone verifier."""
        return self._download("jsonl")

    def action_export_csv(self):
        """Download all evidence as CSV, for the stand-alone verifier."""
        return self._download("csv")

    def _download(self, extension):
        return {
            "type": "ir.actions.act_url",
            "url": f"/privacy_guard/evidence.{extension}",
            "target": "download",
        }
