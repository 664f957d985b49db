from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..constants import STATUSES
from ..models.consent.consent_record import VALUES
from ..models.purpose.consent_purpose import KINDS
from ..models.purpose.consent_purpose_implied import RELATIONSHIPS

INELIGIBILITIES = [
    ("archived", "Archived"),
    ("no_address", "No valid e-mail address"),
    ("several_addresses", "Several e-mail addresses"),
    ("unproven_address", "New e-mail address not confirmed"),
    ("blacklisted", "E-mail address is blacklisted"),
    ("bounced", "E-mails keep bouncing"),
    ("undelivered", "Request not delivered"),
    ("duplicate", "Duplicate"),
    ("stopped", "Processing stopped"),
    ("erased", "Erased"),
    ("peace", "Said no, or has not answered, of late"),
]
# In the context: that the list was opened from the person, whom a line leads to
# otherwise.
OF_PERSON = "privacy_of_person"
# In the context: whether a few of the rows are enough.
_BY_PAGE = "privacy_guard_by_page"


class ConsentReport(models.Model):
    """Consents beside the country, language and status of their person.

    A view of its own because a consent has no foreign key to its contact: grouping
    by country needs a join, and one join serves lists of any length.
    """

    _name = "consent.report"
    _description = "Consents of contacts"
    _inherit = "consent.subject.row.mixin"
    _auto = False
    _log_access = False
    _rec_name = "partner_id"
    _order = "res_model desc, res_id desc, purpose_id"
    _depends = {
        "consent.record": [
            "answered_at",
            "ends_at",
            "peace_since",
            "purpose_id",
            "related_by",
            "requested_at",
            "res_id",
            "res_model",
            "since",
            "to_review",
            "value",
        ],
        "consent.purpose": ["active", "ask_again_at", "default_selection", "kind"],
        "consent.delivery": ["is_final", "res_id", "res_model", "state", "version"],
        "consent.sealed.value": ["purpose_id", "res_id", "res_model"],
        "mail.blacklist": ["active", "email"],
        "res.partner": [
            "active",
            "address_unproven_until",
            "company_id",
            "country_id",
            "email",
            "email_normalized",
            "lang",
            "message_bounce",
            "privacy_other_addresses",
            "privacy_status",
        ],
    }

    partner_id = fields.Many2one(compute=None, search=None, readonly=True)
    purpose_id = fields.Many2one("consent.purpose", "Consent", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    value = fields.Selection(VALUES, readonly=True)
    since = fields.Datetime(readonly=True)
    requested_at = fields.Datetime("Asked on", readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    ends_at = fields.Datetime("Holds until", readonly=True)
    related_by = fields.Selection(RELATIONSHIPS, "Allowed by", readonly=True)
    to_review = fields.Boolean(readonly=True)
    is_withheld = fields.Boolean("Value withheld", readonly=True)
    email = fields.Char(readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    privacy_status = fields.Selection(STATUSES, "Contact Status", readonly=True)
    ineligibility = fields.Selection(
        INELIGIBILITIES, "Cannot be asked because", readonly=True
    )

    peace_until = fields.Datetime("Left in peace until", readonly=True)

    @property
    def _table_query(self) -> SQL:
        return SQL("SELECT %s FROM %s", SQL(", ").join(self._select()), self._from())

    @api.model
    def _select(self):
        """:return: list of SQL columns"""
        return [
            SQL("%s AS id", self._select_id()),
            SQL("record.res_model, record.res_id, record.purpose_id"),
            SQL("record.value, record.since, record.requested_at"),
            SQL("record.answered_at, record.ends_at, record.to_review"),
            SQL("record.related_by"),
            SQL("withheld.id IS NOT NULL AS is_withheld"),
            SQL("%s AS peace_until", self.env["consent.record"]._peace_until_sql()),
            SQL("purpose.kind"),
            SQL("res_partner.id AS partner_id"),
            SQL("(%s) AS is_readable", self._is_readable()),
            *self._select_subject(),
        ]

    @api.model
    def _select_id(self):
        """:return: SQL of what tells one row from the others"""
        return SQL("record.id")

    @api.model
    def _select_subject(self):
        """:return: list of SQL columns of the person, whichever model it is of"""
        columns = [
            self._subject_columns(self.env[name]) for name in self._subject_models()
        ]
        return [
            SQL(
                "COALESCE(%s) AS %s",
                SQL(", ").join(column[name] for column in columns),
                SQL.identifier(name),
            )
            for name in columns[0]
        ]

    @api.model
    def _subject_columns(self, model):
        """:return: {name: SQL} of what is shown of a subject, NULL for other models"""
        table = model._table
        records = self.env["consent.record"]
        own = SQL("record.res_model = %s AND purpose.active", model._name)
        has_country = "country_id" in model._fields
        country = SQL.identifier(table, "country_id") if has_country else SQL("NULL")
        return {
            "email": SQL.identifier(table, model._primary_email),
            "country_id": country,
            "lang": model._consent_lang_sql(table),
            "company_id": model._consent_company_sql(table),
            "privacy_status": SQL.identifier(table, "privacy_status"),
            # why somebody whom a consent applies to is not asked
            "ineligibility": SQL(
                """CASE WHEN %(own)s AND record.value = 'applicable'
                        THEN COALESCE(%(why)s, CASE WHEN %(peace)s THEN 'peace' END)
                        WHEN %(own)s AND %(kept)s AND %(peace)s THEN 'peace' END""",
                own=own,
                why=model._consent_ineligibility_sql(table),
                peace=records._in_peace_sql("record"),
                kept=records._kept_no_sql(),
            ),
        }

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """consent_record record
            JOIN consent_purpose purpose ON purpose.id = record.purpose_id
            LEFT JOIN consent_sealed_value withheld
                ON withheld.res_model = record.res_model
                AND withheld.res_id = record.res_id
                AND withheld.purpose_id = record.purpose_id
            %s""",
            SQL(" ").join(
                self._join_subject(self.env[name]) for name in self._subject_models()
            ),
        )

    @api.model
    def _join_subject(self, model):
        """Those whom the user may read: joined once for that and for their columns."""
        readable = self._readable_subjects(model._name)
        table, by_page = SQL.identifier(model._table), self.env.context.get(_BY_PAGE)
        return SQL(
            "LEFT JOIN LATERAL (SELECT * FROM %s AS readable WHERE readable.id ="
            " record.res_id AND record.res_model = %s %s) AS %s ON TRUE",
            readable.subselect(SQL("%s.*", SQL.identifier(readable.table))),
            model._name,
            # looked up row by row, whatever else the database would rather do
            SQL("LIMIT 1") if by_page else SQL(),
            table,
        )

    @api.model
    def _is_readable(self):
        """:return: SQL of whether the user may read the person"""
        return SQL(" OR ").join(
            SQL(
                "record.res_model = %s AND %s IS NOT NULL",
                name,
                SQL.identifier(self.env[name]._table, "id"),
            )
            for name in self._subject_models()
        )

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        by_page = self._by_page(limit, order)
        report = self.with_context(**{_BY_PAGE: by_page})
        return super(ConsentReport, report)._search(
            domain, offset, limit, order, **kwargs
        )

    def _visible_domain(self, by_page=False):
        """As the view has joined them."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL.identifier(alias, "is_readable")
        )

    def _consents(self):
        """:return: ``consent.record`` of these lines"""
        return self.env["consent.record"].browse(self.ids)

    def action_receipt(self):
        """As of ``consent.record``."""
        return self._consents().action_receipt()

    def action_proof_pack(self):
        """As of ``consent.record``."""
        return self._consents().action_proof_pack()

    def action_proof_packs(self):
        """As of ``consent.record``."""
        return self._consents().action_proof_packs()

    def action_open_subject(self):
        """Open the person behind the line; where one comes from there, the consent."""
        self.ensure_one()
        model, res_id = self.res_model, self.res_id
        if self.env.context.get(OF_PERSON):
            model, res_id = "consent.record", self._consents().id
        return self.env[model].browse(res_id)._get_records_action(context={})
