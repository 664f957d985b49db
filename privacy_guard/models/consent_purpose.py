from odoo import fields, models

KINDS = [("data", "Data"), ("custom", "Use"), ("tracking", "Tracking")]
LEGAL_BASES = [
    ("consent", "Consent (GDPR Art. 6(1)(a))"),
    ("contract", "Performance of a contract (Art. 6(1)(b))"),
    ("legal_obligation", "Legal obligation (Art. 6(1)(c))"),
    ("vital_interests", "Vital interests (Art. 6(1)(d))"),
    ("public_task", "Public task (Art. 6(1)(e))"),
    ("legitimate_interests", "Legitimate interests (Art. 6(1)(f))"),
]


class ConsentPurpose(models.Model):
    """One thing we ask consent for."""

    _name = "consent.purpose"
    _description = "Consent"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="custom")
    field_id = fields.Many2one("ir.model.fields", "Field", ondelete="cascade")
    tracking_scope = fields.Selection(
        [("email", "E-mail engagement"), ("document", "Document engagement")]
    )
    text = fields.Text(translate=True)
    default_selection = fields.Selection(
        [("no", "No: consent is needed first"), ("yes", "Yes: the person may object")],
        required=True, default="no",
    )
    legal_basis = fields.Selection(LEGAL_BASES, default="consent", required=True)
    # an Odoo domain on the contact; empty = everyone
    condition = fields.Char(default="[]", required=True)
    covers_email = fields.Boolean("Is about e-mail")
    company_id = fields.Many2one("res.company")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=False)
    notice_ids = fields.One2many("consent.notice", "purpose_id")
    version = fields.Integer(readonly=True, copy=False)  # of the last published text
    has_unpublished_changes = fields.Boolean(compute="_compute_has_unpublished_changes")
    matched_count = fields.Integer(compute="_compute_matched_count")

    def _target_domains(self):
        """:return: {model name: Domain} of the records this purpose applies to"""
        raise NotImplementedError

    def _current_notices(self):
        """:return: {purpose id: consent.notice} shown now, in the language of the
            context, else English, else any"""
        raise NotImplementedError
