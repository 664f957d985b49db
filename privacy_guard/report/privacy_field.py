from odoo import api, fields, models
from odoo.tools import SQL

from ..models.personal.ir_model_fields import FLAGS
from ..notifications import RELOAD, notification
from ..tools.personal_fields import SUGGESTIONS, pattern

TYPES = [
    ("char", "Text"),
    ("text", "Long text"),
    ("html", "Formatted text"),
    ("date", "Date"),
    ("datetime", "Date and time"),
    ("selection", "Choice"),
    ("integer", "Whole number"),
    ("float", "Decimal number"),
    ("monetary", "Amount"),
    ("many2one", "Link"),
    ("binary", "Picture or file"),
    ("boolean", "Yes or no"),
    ("one2many", "Lines"),
    ("many2many", "Several links"),
    ("reference", "Link to anything"),
    ("many2one_reference", "Number of a record"),
    ("json", "Structured data"),
    ("properties", "Properties"),
    ("properties_definition", "Definition of properties"),
]
ORIGINS = [("standard", "Standard"), ("custom", "Custom")]
STATES = [("erasing", "Erasing"), ("removed", "Removed")]
SUITED = [("personal", "Personal"), ("sensitive", "Sensitive")]
REASONS = [
    ("health", "Health"),
    ("belief", "Belief, origin, orientation"),
    ("birth", "Birth, age"),
    ("identity", "Identity number"),
    ("bank", "Bank account, income"),
    ("name", "Name"),
    ("contact", "Phone, e-mail"),
    ("online", "Online identity"),
    ("address", "Address"),
    ("location", "Location"),
    ("traits", "Personal traits"),
    ("work", "Profession"),
    ("picture", "Picture, signature"),
    ("notes", "Free text about the person"),
    ("number", "Number that identifies the person"),
]


class PrivacyField(models.Model):
    """The stored fields of contacts with their flags, the screen *Personal data*.

    A row per ``ir.model.fields``, with the same id. What is done here is done by the
    named methods of that model, which check the officer's right.
    """

    _name = "privacy.field"
    _description = "Personal data"
    _auto = False
    _log_access = False
    _rec_name = "label"
    _order = "label, name, id"
    _depends = {
        "consent.purpose": ["field_id"],
        "ir.model.fields": [
            "field_description",
            "model",
            "name",
            "state",
            "store",
            "ttype",
            "privacy_removed",
            *FLAGS,
        ],
        "ir.model": ["name"],
        "privacy.removal": ["field_id", "returned_at", "step"],
    }

    field_id = fields.Many2one("ir.model.fields", "Definition", readonly=True)
    model = fields.Char("Technical name of the model", readonly=True)
    model_label = fields.Char("Kind of record", readonly=True)
    name = fields.Char("Technical name", readonly=True)
    label = fields.Char("Field", readonly=True)
    ttype = fields.Selection(TYPES, "Type", readonly=True)
    origin = fields.Selection(ORIGINS, readonly=True)
    personal = fields.Boolean(readonly=True)
    sensitive = fields.Boolean(readonly=True)
    can_be_flagged = fields.Boolean(readonly=True)
    # suggested until it has been flagged so
    suited_flag = fields.Selection(SUITED, "Suggested", readonly=True)
    suggestion = fields.Selection(REASONS, "Because", readonly=True)
    purpose_id = fields.Many2one("consent.purpose", "Data consent", readonly=True)
    consent_stage = fields.Selection(related="purpose_id.stage", string="Consent is")
    removal_id = fields.Many2one("privacy.removal", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    removed_by_id = fields.Many2one(related="removal_id.user_id", string="Removed by")
    removed_on = fields.Datetime(related="removal_id.date", string="Removed on")
    progress = fields.Float(related="removal_id.progress")
    failure = fields.Char(related="removal_id.failure")
    blocker = fields.Char("Cannot be personal because", compute="_compute_blockers")
    sensitive_blocker = fields.Char(
        "Cannot be sensitive because", compute="_compute_blockers"
    )

    # ------------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        return SQL("SELECT %s FROM %s", SQL(", ").join(self._select()), self._from())

    @api.model
    def _select(self):
        """:return: list of SQL columns; what protects fields further adds its own"""
        label = "COALESCE(field.field_description->>%s, field.field_description->>%s)"
        model_label = "COALESCE(of_model.name->>%s, of_model.name->>%s)"
        lang = self.env.lang or "en_US"
        return [
            SQL("field.id, field.id AS field_id, field.model, field.name, field.ttype"),
            SQL(f"{label} AS label", lang, "en_US"),
            SQL(f"{model_label} AS model_label", lang, "en_US"),
            SQL(
                "CASE field.state WHEN 'manual' THEN 'custom'"
                " ELSE 'standard' END AS origin"
            ),
            SQL("COALESCE(field.privacy_personal, FALSE) AS personal"),
            SQL("COALESCE(field.privacy_sensitive, FALSE) AS sensitive"),
            SQL("flaggable.id IS NOT NULL AS can_be_flagged"),
            SQL("%s AS suggestion", self._select_suggested(0)),
            SQL("%s AS suited_flag", self._select_suggested(1)),
            SQL("purpose.id AS purpose_id"),
            SQL("removal.id AS removal_id"),
            SQL(
                "CASE WHEN removal.step = 'done' THEN 'removed'"
                " WHEN removal.id IS NOT NULL THEN 'erasing' END AS state"
            ),
        ]

    @api.model
    def _select_suggested(self, place):
        """:return: what the table of suggestions has at a place, by the field's name,
        for fields that could have that flag and have not"""
        has_flag = {
            "personal": SQL("field.privacy_personal"),
            "sensitive": SQL("field.privacy_sensitive"),
        }
        cases = [
            SQL(
                "WHEN field.name ~ %s THEN CASE WHEN %s THEN NULL ELSE %s END",
                pattern(row[2]),
                has_flag[row[1]],
                row[place],
            )
            for row in SUGGESTIONS
        ]
        return SQL(
            "CASE WHEN flaggable.id IS NULL THEN NULL %s END", SQL(" ").join(cases)
        )

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """(SELECT * FROM ir_model_fields
                 WHERE model = ANY(%s) AND store AND name <> ALL(%s)) field
            JOIN ir_model of_model ON of_model.id = field.model_id
            LEFT JOIN unnest(%s::int[]) AS flaggable (id) ON flaggable.id = field.id
            LEFT JOIN consent_purpose purpose ON purpose.field_id = field.id
            LEFT JOIN privacy_removal removal
                ON removal.field_id = field.id AND removal.returned_at IS NULL""",
            self.env["consent.record"]._subject_models(),
            list(models.MAGIC_COLUMNS),
            list(self.env["ir.model.fields"]._privacy_flaggable_ids()),
        )

    def _compute_blockers(self):
        flags = {"privacy_sensitive": True}
        for line in self:
            ir_field = line.field_id
            line.blocker = ir_field and ir_field._privacy_personal_blocker()
            line.sensitive_blocker = ir_field and ir_field._privacy_flag_blocker(flags)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_flag_personal(self):
        """Flag as personal: erasing a person's data clears it."""
        self.field_id._privacy_flag({"privacy_personal": True})

    def action_flag_sensitive(self):
        """Flag as sensitive: each gets a data consent, switched off until completed."""
        self.field_id._privacy_flag({"privacy_sensitive": True})
        return notification(
            self.env._("Their data consents are switched off until completed.")
        )

    def action_flag_suggested(self):
        """Give each of these fields the flag that is suggested for it; of none, all
        fields. Where sensitive is not possible, personal is all that is set.

        :return: action that says how many, and what comes next
        :raise AccessError: as ``ir.model.fields._privacy_flag``
        """
        suggested = self or self.search([("suited_flag", "!=", False)])
        suggested = suggested.filtered("suited_flag")
        sensitive = suggested.filtered(
            lambda line: line.suited_flag == "sensitive" and not line.sensitive_blocker
        )
        sensitive.field_id._privacy_flag({"privacy_sensitive": True})
        personal = suggested - sensitive
        personal.field_id._privacy_flag({"privacy_personal": True})
        return notification(
            self.env._(
                "Flagged as personal: %(personal)s, as sensitive: %(sensitive)s. Data "
                "consents of sensitive fields are switched off until completed.",
                personal=len(personal),
                sensitive=len(sensitive),
            ),
            self.env["privacy.dashboard"]._lead_on(RELOAD),
        )

    def action_unflag(self):
        """Take the flags off; a published consent is archived, a draft is deleted."""
        self.field_id._privacy_flag({"privacy_personal": False})

    def action_bring_back(self):
        """Show removed fields again, empty."""
        self.field_id._privacy_bring_back()
