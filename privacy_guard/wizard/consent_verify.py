from itertools import islice
from urllib.parse import urlencode

from odoo import fields, models
from odoo.tools import format_datetime

MAX_LINES = 200


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
        """Recompute every hash and say what is wrong where; of all people in the
        background."""
        self.ensure_one()
        if not self.res_model:
            return self._show(self.env["consent.verification"]._begin())
        problems = self.env["consent.event"]._problems(self.res_model, self.res_id)
        found = list(islice(problems, MAX_LINES + 1))
        lines = [self._describe(problem) for problem in found[:MAX_LINES]]
        if len(found) > MAX_LINES:
            lines.append(self.env._("... and more"))
        if not found:
            lines.append(
                self.env._(
                    "%(time)s: no event is missing or altered.",
                    time=format_datetime(self.env, fields.Datetime.now()),
                )
            )
            # without a seal whoever rewrites all of it leaves no trace
            if blocker := self.env["consent.log"]._blocker():
                lines.append(
                    self.env._("Nothing is sealed. %(reason)s", reason=blocker)
                )
        self.write(
            {"state": "broken" if found else "sound", "report": "\n".join(lines)}
        )
        return {**self._show(self), "target": "new"}

    def _show(self, record):
        return record._get_records_action(
            name=self.env._("Verify evidence"), context={}
        )

    def _describe(self, problem):
        """:return: a ``ledger.Problem`` in the words of the user"""
        values = {
            "subject": self._name_of(problem.res_model, problem.res_id),
            "purpose": self._name_of("consent.purpose", problem.purpose_id),
            "number": problem.sequence,
            "detail": problem.detail,
        }
        if problem.kind == "text":
            return self.env._(
                "%(purpose)s, text %(subject)s, version %(number)s: %(detail)s",
                **values,
            )
        if problem.kind == "sealed":
            return self.env._(
                "%(subject)s, place %(number)s in the log: %(detail)s", **values
            )
        if problem.kind == "log":
            return self.env._("%(subject)s, of %(number)s events: %(detail)s", **values)
        if problem.kind in ("evidence", "unreferenced"):
            return self.env._(
                "%(subject)s, personal evidence %(number)s: %(detail)s", **values
            )
        return self.env._(
            "%(subject)s, %(purpose)s, event %(number)s: %(detail)s", **values
        )

    def _name_of(self, model_name, res_id):
        """Evidence outlives the person: then only the number tells who it was."""
        number = f"{model_name} {res_id}"
        if model_name not in self.env:
            return number
        record = self.env[model_name].browse(res_id).exists()
        if not record or not record.has_access("read"):
            return number
        return f"{record.display_name} ({number})"

    def action_export_jsonl(self):
        """Download the evidence as JSON Lines, for the stand-alone verifier."""
        return self._download("jsonl")

    def action_export_csv(self):
        """Download the evidence as CSV, for the stand-alone verifier."""
        return self._download("csv")

    def action_export_checkpoint(self):
        """Download the newest checkpoint, with its time stamp and the keys that verify
        it."""
        url = "/privacy_guard/evidence/checkpoint.zip"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _download(self, extension):
        url = f"/privacy_guard/evidence.{extension}"
        if self.res_model:
            subject = {"res_model": self.res_model, "res_id": self.res_id}
            url += f"?{urlencode(subject)}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
