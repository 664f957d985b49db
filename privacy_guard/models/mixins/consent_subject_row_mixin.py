from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ConsentSubjectRowMixin(models.AbstractModel):
    """A row about a subject: readable exactly when the subject is.

    There is no foreign key to the subject: merging contacts rewrites such keys by
    raw SQL and drops the rows that clash, and evidence outlives the contact.
    Access therefore follows the subject: the rows are compared with the records that
    the user may read, of each model, so that a list of any length costs one query.
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
            # superuser: as Odoo names what somebody may read, whatever its name is of
            names = {subject.id: subject.display_name for subject in readable.sudo()}
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

    @api.model
    def _readable_subjects(self, model_name):
        """:return: Query of the subjects of a model that the current user may read"""
        subjects = self.env[model_name].with_context(active_test=False)
        if not subjects.has_access("read"):
            return subjects.browse()._as_query()
        return subjects._search([])

    def _visible_domain(self, by_page=False):
        """Rows whose subject the user may read; or is gone, if that keeps them."""
        visible = Domain.FALSE
        for name in self._subject_models():
            if not self.env[name].has_access("read"):
                continue
            readable = self._readable_subjects(name)
            allowed = self._subject_found(readable, "readable", by_page)
            if self._keeps_rows_of_deleted_subjects:
                # superuser: somebody whom the user may not read is not gone
                existing = self.sudo()._readable_subjects(name)
                allowed |= ~self._subject_found(existing, "existing", by_page)
            visible |= Domain("res_model", "=", name) & allowed
        return visible

    @api.model
    def _subject_found(self, subjects, link, by_page):
        """Not ``IN``: a million ids do not fit into the memory of a query.

        :param subjects: Query of subjects of one model
        :param str link: name of the join
        :param bool by_page: as for :meth:`_visible_domain`
        :return: Domain of the rows about one of these, if they are about this model
        """
        ids = subjects.subselect(SQL.identifier(subjects.table, "id"))

        def looked_up(model, alias, query):
            res_id = model._field_to_sql(alias, "res_id", query)
            # not EXISTS, which the database may turn into a join after all
            return SQL(
                "(SELECT TRUE FROM %s AS subject WHERE subject.id = %s)", ids, res_id
            )

        def joined(model, alias, query):
            subject = query.make_alias(alias, f"{link}_{subjects.table}")
            id_ = SQL.identifier(subject, "id")
            res_id = model._field_to_sql(alias, "res_id", query)
            query.add_join("LEFT JOIN", subject, ids, SQL("%s = %s", id_, res_id))
            return SQL("%s IS NOT NULL", id_)

        return Domain.custom(to_sql=looked_up if by_page else joined)
