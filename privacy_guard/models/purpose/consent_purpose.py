from functools import partial

from odoo import api, fields, models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

KINDS = [("data", "Data"), ("custom", "Use"), ("tracking", "Tracking")]
DEFAULTS = [
    ("no", "No: consent is needed first (opt-in)"),
    ("yes", "Yes: the person may object (opt-out)"),
]
LEGAL_BASES = [
    ("consent", "Consent (GDPR Art. 6(1)(a))"),
    ("contract", "Performance of a contract (GDPR Art. 6(1)(b))"),
    ("legal_obligation", "Legal obligation (GDPR Art. 6(1)(c))"),
    ("vital_interests", "Vital interests (GDPR Art. 6(1)(d))"),
    ("public_task", "Public task (GDPR Art. 6(1)(e))"),
    ("legitimate_interests", "Legitimate interests (GDPR Art. 6(1)(f))"),
    ("business_relationship", "Existing business relationship (CASL s. 10(9))"),
    ("existing_customer", "Existing customer (UWG § 7(3))"),
]


class ConsentPurpose(models.Model):
    """One thing we ask consent for. Users know it as a "Consent"."""

    _name = "consent.purpose"
    _description = "Consent"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="custom")
    field_id = fields.Many2one(
        "ir.model.fields",
        domain=lambda self: [
            ("model", "in", self.env["consent.record"]._subject_models())
        ],
        ondelete="set null",
    )
    tracking_scope = fields.Selection(
        [("email", "E-mail engagement"), ("document", "Document engagement")]
    )
    text = fields.Text(
        translate=True, help="What the person reads before deciding, in their language."
    )
    default_selection = fields.Selection(DEFAULTS, required=True, default="no")
    legal_basis = fields.Selection(
        LEGAL_BASES,
        default="consent",
        required=True,
        help="GDPR does not know silent consent: a default of yes needs another basis."
        " A purchase or an inquiry may allow messages for a time, until the person says"
        " no (CASL, UWG).",
    )
    condition = fields.Char(
        "Conditions",
        default="[]",
        required=True,
        help="Contacts it applies to; none means everyone.",
    )
    condition_model = fields.Char(compute="_compute_condition_model")
    covers_email = fields.Boolean(
        "Is about e-mail",
        help="Requests carry a one-click unsubscribe header that refuses it.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_company(),
        help="Empty: all companies ask for it.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=False)
    version = fields.Integer("Published version", readonly=True, copy=False)
    # who said no before, and was left in peace, is asked again later (TIM-1)
    ask_again_at = fields.Datetime("Asked anew since", readonly=True, copy=False)
    valid_months = fields.Integer(
        "A yes holds for",
        help="Months after which the person has to say yes again; 0: it does not end."
        " They are told 30, 7 and 1 days before.",
    )
    # since when that is so: no yes ends within the days in which people are told
    valid_from = fields.Datetime(compute="_compute_valid_from", store=True)
    ends_as = fields.Selection(
        [
            ("applicable", "To be asked again"),
            ("refused", "Not granted: a value of the contact is erased"),
        ],
        "Then it is",
        required=True,
        default="applicable",
    )
    notice_ids = fields.One2many("consent.notice", "purpose_id", readonly=True)
    has_unpublished_changes = fields.Boolean(compute="_compute_has_unpublished_changes")
    languages_to_publish = fields.Char(
        "Not published in", compute="_compute_has_unpublished_changes"
    )
    matched_count = fields.Integer("Contacts matched", compute="_compute_matched_count")
    condition_error = fields.Char("Not evaluated", compute="_compute_matched_count")

    _field_uniq = models.UniqueIndex(
        "(field_id) WHERE field_id IS NOT NULL", "This field has a consent already."
    )
    _tracking_uniq = models.UniqueIndex(
        "(tracking_scope) WHERE tracking_scope IS NOT NULL",
        "There is one consent for each kind of tracking.",
    )

    @api.model
    def _default_company(self):
        """What all companies ask for is defined by who is in all of them."""
        if self.env.su or self.env.user._privacy_is_in_all_companies():
            return self.env["res.company"]
        return self.env.company

    @api.depends("field_id")
    def _compute_condition_model(self):
        for purpose in self:
            # superuser: definitions of fields are not every user's to read
            purpose.condition_model = purpose.sudo().field_id.model or "res.partner"

    @api.depends("valid_months")
    def _compute_valid_from(self):
        self.valid_from = fields.Datetime.now()

    @api.depends("kind", "field_id", "condition", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_matched_count(self):
        # a failure takes along what was assigned before: all is counted first
        counted = [(purpose, *purpose._count_matched()) for purpose in self]
        for purpose, count, reason in counted:
            purpose.matched_count, purpose.condition_error = count, reason

    def _count_matched(self):
        """:return: number of people whom it applies to and the user may read, and why
        that is not known"""
        try:
            return sum(map(self._count_matched_of, self._target_domains())), False
        except (UserError, ValueError) as error:
            return 0, str(error)

    def _count_matched_of(self, model_name):
        """Each model on its own: who may read contacts may not read leads."""
        people = self.env[model_name].with_context(active_test=False)
        try:
            domain = self._applying_domain(self.env[model_name])
            return self._evaluate(partial(people.search_count, domain))
        except AccessError:
            return 0  # there are none that the user may read

    @api.depends("name", "text", "default_selection", "legal_basis", "notice_ids")
    def _compute_has_unpublished_changes(self):
        names = dict(self.env["res.lang"].get_installed())
        for purpose in self:
            saved = purpose._origin
            purpose.has_unpublished_changes = bool(saved and saved._changed_drafts())
            drafts = saved._drafts_of_new_languages() if saved else []
            languages = [names[draft["lang"]] for draft in drafts]
            purpose.languages_to_publish = format_list(self.env, languages)

    # ------------------------------------------------------------------
    # Saving: every step there is, in order, whatever room it lives in
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_version_unset(*vals_list)
        purposes = super().create(vals_list)
        purposes._check_author(self._condition_names())
        self._clear_caches()
        purposes._flag_fields()
        return purposes

    def write(self, vals):
        self._check_version_unset(vals)
        self._check_fixed(vals)
        # superuser: definitions of fields are not every user's to read
        former_fields = self.sudo().field_id
        result = super().write(self._with_enforcement(vals))
        self._check_new_company(vals)
        self._check_author(vals.keys())
        self._clear_caches()
        self._lapse_unticked(vals)
        self._settle_ends(vals)
        self._settle_withheld(vals)
        self._move_flags(vals, former_fields)
        return result

    def unlink(self):
        """An add-on that goes takes its drafts along. What it has published people have
        read, which events prove: it stays, switched off."""
        going = self
        if self.env.context.get(MODULE_UNINSTALL_FLAG):
            published = self.filtered("version")
            published.active = False
            going -= published
        former_fields = going.sudo().field_id  # superuser: as above
        result = super(ConsentPurpose, going).unlink()
        self._clear_caches()
        self._unflag(former_fields)
        return result

    def _clear_caches(self):
        """Which fields are guarded decides the views too."""
        self.env.registry.clear_cache("default", "templates")
