from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [("data", "Data"), ("custom", "Use"), ("tracking", "Tracking")]
LEGAL_BASES = [
    ("consent", "Consent (GDPR Art. 6(1)(a))"),
    ("contract", "Performance of a contract (GDPR Art. 6(1)(b))"),
    ("legal_obligation", "Legal obligation (GDPR Art. 6(1)(c))"),
    ("vital_interests", "Vital interests (GDPR Art. 6(1)(d))"),
    ("public_task", "Public task (GDPR Art. 6(1)(e))"),
    ("legitimate_interests", "Legitimate interests (GDPR Art. 6(1)(f))"),
]
# number of active purposes allowed by default, per kind and model (FLD-6)
DEFAULT_LIMITS = {"data": 10, "custom": 10}
FIXED_ONCE_USED = ("kind", "field_id", "tracking_scope", "company_id")


class ConsentPurpose(models.Model):
    """One thing we ask consent for. Users know it as a "Consent"."""

    _name = "consent.purpose"
    _description = "Consent"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="custom")
    field_id = fields.Many2one(
        "ir.model.fields",
        domain=[("model", "=", "res.partner")],
        ondelete="set null",
    )
    tracking_scope = fields.Selection(
        [("email", "E-mail engagement"), ("document", "Document engagement")]
    )
    text = fields.Text(
        translate=True, help="What the person reads before deciding, in their language."
    )
    default_selection = fields.Selection(
        [
            ("no", "No: consent is needed first (opt-in)"),
            ("yes", "Yes: the person may object (opt-out)"),
        ],
        required=True,
        default="no",
    )
    legal_basis = fields.Selection(
        LEGAL_BASES,
        default="consent",
        required=True,
        help="GDPR does not know silent consent: a default of yes needs another basis.",
    )
    condition = fields.Char(
        "Conditions",
        default="[]",
        required=True,
        help="Contacts it applies to; none means everyone.",
    )
    covers_email = fields.Boolean(
        "Is about e-mail",
        help="Requests carry a one-click unsubscribe header that refuses it.",
    )
    company_id = fields.Many2one("res.company", help="Empty: all companies ask for it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=False)
    version = fields.Integer("Published version", readonly=True, copy=False)
    notice_ids = fields.One2many("consent.notice", "purpose_id", readonly=True)
    has_unpublished_changes = fields.Boolean(compute="_compute_has_unpublished_changes")
    matched_count = fields.Integer("Contacts matched", compute="_compute_matched_count")

    _field_uniq = models.UniqueIndex(
        "(field_id) WHERE field_id IS NOT NULL", "This field has a consent already."
    )
    _tracking_uniq = models.UniqueIndex(
        "(tracking_scope) WHERE tracking_scope IS NOT NULL",
        "There is one consent for each kind of tracking.",
    )

    @api.depends("kind", "condition", "company_id")
    def _compute_matched_count(self):
        for purpose in self:
            try:
                purpose.matched_count = sum(
                    self.env[name]
                    .with_context(active_test=False)
                    .search_count(purpose._applying_domain(name))
                    for name in purpose._target_domains()
                )
            except (ValidationError, UserError, ValueError):
                purpose.matched_count = 0

    @api.depends("name", "text", "default_selection", "legal_basis", "notice_ids")
    def _compute_has_unpublished_changes(self):
        for purpose in self:
            purpose.has_unpublished_changes = bool(
                purpose._origin and purpose._origin._changed_drafts()
            )

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("kind", "field_id", "tracking_scope")
    def _check_kind(self):
        for purpose in self:
            if (purpose.kind == "data") != bool(purpose.field_id):
                raise ValidationError(
                    self.env._("A data consent, and no other, names a field.")
                )
            if (purpose.kind == "tracking") != bool(purpose.tracking_scope):
                raise ValidationError(
                    self.env._(
                        "A tracking consent, and no other, names what is tracked."
                    )
                )

    @api.constrains("field_id")
    def _check_field(self):
        for purpose in self.filtered("field_id"):
            field = purpose.field_id
            if reason := purpose._data_field_obstacle(field):
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot carry a data consent: %(reason)s",
                        field=field.field_description,
                        reason=reason,
                    )
                )

    @api.constrains("default_selection", "legal_basis")
    def _check_legal_basis(self):
        for purpose in self:
            if purpose.default_selection == "yes" and purpose.legal_basis == "consent":
                raise ValidationError(
                    self.env._(
                        "%(name)s: silence is no consent (GDPR Art. 4(11)). A default "
                        "of yes needs another legal basis, which the person is shown.",
                        name=purpose.name,
                    )
                )

    @api.constrains("condition")
    def _check_condition(self):
        for purpose in self:
            for model_name, domain in purpose._target_domains().items():
                try:
                    self.env[model_name].sudo().search(domain, limit=1)
                except (ValueError, UserError, TypeError, KeyError) as error:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: the conditions cannot be used: %(error)s",
                            name=purpose.name,
                            error=error,
                        )
                    ) from error

    @api.constrains("active", "kind")
    def _check_limit(self):
        """FLD-6; 0 means unlimited."""
        for kind in {purpose.kind for purpose in self if purpose.active}:
            limit = self._limit(kind)
            if limit and self.search_count([("kind", "=", kind)]) > limit:
                raise ValidationError(
                    self.env._(
                        "At most %(limit)s active consents of kind %(kind)s are "
                        "allowed. Settings > Privacy > Limits raises it.",
                        limit=limit,
                        kind=dict(
                            self._fields["kind"]._description_selection(self.env)
                        )[kind],
                    )
                )

    @api.constrains("active")
    def _check_published(self):
        for purpose in self:
            if purpose.active and not purpose.version:
                raise ValidationError(
                    self.env._(
                        "%(name)s: publish its text before switching it on.",
                        name=purpose.name,
                    )
                )

    @api.model
    def _limit(self, kind):
        """:return: how many purposes of a kind may be active; 0 = unlimited"""
        if kind not in DEFAULT_LIMITS:
            return 0
        # a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return int(
            parameters.get_param(
                f"privacy_guard.limit_{kind}_consents", DEFAULT_LIMITS[kind]
            )
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        purposes = super().create(vals_list)
        self._clear_caches()
        return purposes

    def write(self, vals):
        if fixed := vals.keys() & set(FIXED_ONCE_USED):
            self._check_unused(fixed, vals)
        result = super().write(vals)
        self._clear_caches()
        return result

    def _check_unused(self, names, vals):
        """What people were asked about may not turn into something else."""
        for purpose in self:
            changed = any(
                purpose._fields[name].convert_to_write(purpose[name], purpose)
                != vals[name]
                for name in names
            )
            if changed and purpose._has_events():
                raise UserError(
                    self.env._(
                        "%(name)s applies to contacts already: archive it and define "
                        "another consent.",
                        name=purpose.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for purpose in self:
            if purpose.kind == "tracking":
                raise UserError(
                    self.env._("A tracking consent can only be switched off.")
                )
            if purpose.version:
                raise UserError(
                    self.env._(
                        "%(name)s has been published: archive it instead.",
                        name=purpose.name,
                    )
                )

    def _has_events(self):
        self.ensure_one()
        # superuser: evidence of contacts the user may not read counts too
        events = self.env["consent.event"].sudo()
        return bool(events.search([("purpose_id", "=", self.id)], limit=1))

    def unlink(self):
        result = super().unlink()
        self._clear_caches()
        return result

    def _clear_caches(self):
        """Which fields are guarded decides the views too."""
        self.env.registry.clear_cache("default", "templates")
