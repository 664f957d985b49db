from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ConsentSubjectRowMixin(models.AbstractModel):
    """A row about a subject: readable exactly when the subject is.

    There is no foreign key to the subject: merging contacts rewrites such keys by
    raw SQL and drops the rows that clash, and evidence outlives the contact.
    Access therefore follows the subject by a sub-select of the records that the
    user may read, one per model, so that a list of any length costs one query.
    """

    _name = "consent.subject.row.mixin"
    _description = "Row about a person whose data we keep"
    _inherit = ["privacy.visible.mixin"]
    # Whether rows of subjects that are gone stay readable (evidence does).
    _keeps_rows_of_deleted_subjects = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        compute="_compute_partner_id",
        search="_search_partner_id",
    )
    subject_name = fields.Char("Person", compute="_compute_subject_name")

    def _compute_subject_name(self):
        """The name of whatever record is behind the row, for who may read it."""
        self.subject_name = False
        for model_name, rows in self.grouped("res_model").items():
            if model_name not in self._subject_models():
                continue
            model = self.env[model_name].with_context(active_test=False)
            subjects = model.browse(set(rows.mapped("res_id"))).exists()
            readable = subjects._filtered_access("read")
            names = {subject.id: subject.display_name for subject in readable}
            for row in rows:
                row.subject_name = names.get(row.res_id)

    def _compute_partner_id(self):
        """The contact behind the row; empty for other models and deleted contacts."""
        ids = {row.res_id for row in self if row.res_model == "res.partner"}
        partners = self.env["res.partner"].with_context(active_test=False)
        known = set(partners.browse(ids).exists().ids)
        for row in self:
            is_known = row.res_model == "res.partner" and row.res_id in known
            row.partner_id = row.res_id if is_known else False

    def _search_partner_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        partners = self.env["res.partner"].with_context(active_test=False)
        if operator in ("in", "any") and not isinstance(value, (str, bytes)):
            found = value if operator == "in" else partners._search(value)
        else:
            found = partners._search([("display_name", operator, value)])
        return Domain("res_model", "=", "res.partner") & Domain("res_id", "in", found)

    def _subject_models(self):
        """:return: names of the models whose records are subjects, sorted"""
        registry = self.env.registry
        names = registry.descendants(["consent.subject.mixin"], "_inherit")
        return sorted(name for name in names if not registry[name]._abstract)

    @api.model
    def _status_sql(self, alias, statuses):
        """:param str alias: of a table with the model and the id of a subject
        :return: SQL of whether the person has one of these statuses"""
        return SQL(" OR ").join(
            SQL(
                """
                (%(row)s.res_model = %(model)s AND %(row)s.res_id IN (
                    SELECT id FROM %(table)s WHERE privacy_status = ANY(%(statuses)s)))
                """,
                row=SQL.identifier(alias),
                model=name,
                table=SQL.identifier(self.env[name]._table),
                statuses=list(statuses),
            )
            for name in self._subject_models()
        )

    def _visible_domain(self):
        """:return: Domain of the rows whose subject the current user may read"""
        readable = Domain.FALSE
        for model_name in self._subject_models():
            model = self.env[model_name].with_context(active_test=False)
            if not model.has_access("read"):
                continue
            allowed = Domain("res_id", "in", model._search([]))
            if self._keeps_rows_of_deleted_subjects:
                existing = model.sudo()._search([])
                allowed |= Domain("res_id", "not in", existing)
            readable |= Domain("res_model", "=", model_name) & allowed
        return readable
