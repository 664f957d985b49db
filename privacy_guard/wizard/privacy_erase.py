import re

from odoo import api, fields, models
from odoo.exceptions import UserError

NAMED = 10  # people whom the question names
# a word of a name that is no "van" or "de"
WORD = re.compile(r"[^\W\d_]{4,}")


class PrivacyErase(models.TransientModel):
    """The last question before personal data is erased."""

    _name = "privacy.erase"
    _description = "Erase personal data"

    erasure_id = fields.Many2one("privacy.erasure", required=True, ondelete="cascade")
    erased_count = fields.Integer("Number of people", compute="_compute_erased_count")
    people = fields.Char(compute="_compute_erased_count")
    undecided_count = fields.Integer(
        "Kinds of records that stay", compute="_compute_undecided_count"
    )
    reason = fields.Text(
        compute="_compute_reason",
        store=True,
        readonly=False,
        required=True,
    )
    naming = fields.Char("Part of a name", compute="_compute_naming")
    confirmation = fields.Char("Type ERASE")

    def _compute_erased_count(self):
        for wizard in self:
            pending = wizard.erasure_id.subject_ids.filtered(
                lambda row: row.state == "pending"
            )
            wizard.erased_count = len(pending)
            names = [row.subject_name or str(row.res_id) for row in pending[:NAMED]]
            if more := len(pending) - len(names):
                names.append(self.env._("%s more", more))
            wizard.people = ", ".join(names)

    @api.depends("erasure_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = wizard.erasure_id._reason() or wizard.reason

    @api.depends("reason", "erasure_id")
    def _compute_naming(self):
        """Whole names and addresses are taken out of the reason; whether a word is part
        of a name, a person tells."""
        for wizard in self:
            names = {word.lower() for word in WORD.findall(wizard.people or "")}
            words = dict.fromkeys(WORD.findall(wizard.reason or ""))
            wizard.naming = ", ".join(w for w in words if w.lower() in names)

    def _compute_undecided_count(self):
        for wizard in self:
            totals = wizard.erasure_id.undecided_ids
            wizard.undecided_count = len(set(totals.mapped("res_model")))

    def action_erase(self):
        """Begin erasing; the officer's right is checked with the erasure.

        :raise UserError: ERASE was not typed, there is no reason, or nobody to erase
        """
        self.ensure_one()
        if (self.confirmation or "").strip() != "ERASE":
            raise UserError(self.env._("Type ERASE to erase: it cannot be undone."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the data is erased."))
        if not self.erased_count:
            raise UserError(self.env._("There is nobody whose data can be erased."))
        self.erasure_id._confirm(self.reason.strip())
        # the client keeps the names in the path that led here: it is left
        return self.erasure_id._get_records_action(target="main", context={})
