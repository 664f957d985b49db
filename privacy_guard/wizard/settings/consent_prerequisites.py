from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, formataddr


class ConsentPrerequisites(models.TransientModel):
    """What must be settled before consents take effect, and what it will do.

    Nothing changes before *Enable*: the counts are a dry run.
    """

    _name = "consent.prerequisites"
    _description = "Consents prerequisites"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    from_name = fields.Char(
        "From name",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
    )
    from_email = fields.Char(
        "From address",
        compute="_compute_sender",
        store=True,
        readonly=False,
        precompute=True,
    )
    duplicate_count = fields.Integer("Duplicates", compute="_compute_duplicate_count")
    approve_duplicates = fields.Boolean("Mark duplicates")
    approve_refusal = fields.Boolean("Refuse addresses already in use")
    line_ids = fields.One2many(
        "consent.prerequisites.line",
        "wizard_id",
        "Values that will be withheld",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )
    is_checked = fields.Boolean()
    mail_problem = fields.Text(readonly=True)
    missing = fields.Text(compute="_compute_missing")

    @api.depends("company_id")
    def _compute_sender(self):
        for wizard in self:
            company = wizard.company_id
            wizard.from_name = company.privacy_from_name or company.name
            wizard.from_email = company.privacy_from_email or company.email

    @api.depends("company_id")
    def _compute_duplicate_count(self):
        count = sum(
            self.env[name]._privacy_duplicate_count()
            for name in self.env["consent.record"]._subject_models()
        )
        for wizard in self:
            wizard.duplicate_count = count

    @api.depends("company_id")
    def _compute_line_ids(self):
        lines = [fields.Command.create(vals) for vals in self._prepare_withheld_lines()]
        for wizard in self:
            wizard.line_ids = [fields.Command.clear(), *lines]

    @api.depends("from_name", "from_email", "approve_duplicates", "approve_refusal")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = "\n".join(wizard._missing_prerequisites())

    @api.model
    def _prepare_withheld_lines(self):
        """:return: values of one line per data consent that needs a "yes" first, with
        the number of values that asking will withhold"""
        purposes = self.env["consent.purpose"].search(
            [
                ("kind", "=", "data"),
                ("active", "=", True),
                ("default_selection", "=", "no"),
            ]
        )
        return [
            {"purpose_id": purpose.id, "value_count": purpose._count_to_withhold()}
            for purpose in purposes
        ]

    def _missing_prerequisites(self):
        """:return: list of sentences, one for each thing still missing"""
        self.ensure_one()
        missing = []
        if not (self.from_name or "").strip():
            missing.append(self.env._("Enter the From name of consent requests."))
        if not email_normalize(self.from_email or ""):
            missing.append(
                self.env._("Enter a valid From address for consent requests.")
            )
        if not self.approve_duplicates:
            missing.append(self.env._("Approve that duplicates are marked."))
        if not self.approve_refusal:
            missing.append(
                self.env._("Approve that addresses already in use are refused.")
            )
        blocker = self.line_ids and self.env["consent.sealed.value"]._blocker()
        if blocker:
            missing.append(blocker)
        return missing

    def action_enable(self):
        """Enable consents, or show what is missing beside what was entered."""
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Enabling consents needs the right to change settings.")
            )
        if self._missing_prerequisites():
            self.is_checked = True
            return self._reopen()
        sender = formataddr((self.from_name.strip(), self.from_email.strip()))
        _recipient, self.mail_problem = self.company_id._privacy_try(sender)
        if self.mail_problem:
            return self._reopen()
        self.company_id.write(
            {
                "privacy_from_name": self.from_name.strip(),
                "privacy_from_email": self.from_email.strip(),
            }
        )
        for name in self.env["consent.record"]._subject_models():
            self.env[name]._privacy_flag_duplicates()
        self.env["privacy.gate"]._enable()
        self.env["consent.run"]._evaluate_at_once()
        overview = self.env["privacy.dashboard"]._lead_back({})
        # what is shown of people changes: the client begins anew
        return {
            "type": "ir.actions.client",
            "tag": "reload",
            "params": {"action_id": overview.get("id")},
        }

    def _reopen(self):
        return self._get_records_action(
            name=self._description, target="new", context={}
        )
