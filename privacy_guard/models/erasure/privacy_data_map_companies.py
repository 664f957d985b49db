from odoo import api, models
from odoo.tools import SQL

# Their company says who uploaded a file, or where a login works, not whose they are.
OF_NO_COMPANY = frozenset({"ir.attachment", "res.users"})
# How far up a row belongs to another one: a notification, its message, its order.
LEVELS = 3


class PrivacyDataMap(models.AbstractModel):
    """Which company keeps a row (ROL-2): the one that it names; of what is about a
    record or goes with it, such as messages, the one of the record."""

    _inherit = "privacy.data.map"

    @api.model
    def _out_of_reach(self, model_name, ids, companies):
        """
        :param companies: ids of the companies that somebody reaches; None: all
        :return: {id: id of the company that keeps it} of the rows that others decide
            about
        """
        model = self.env[model_name]
        if companies is None or not ids or not (keepers := self._keepers(model, ids)):
            return {}
        self.env.flush_all()  # what follows reads tables
        rows = self.env.execute_query(
            SQL(
                """
                SELECT held.id, min(keeper.id) FROM %s AS held
                 CROSS JOIN LATERAL unnest(ARRAY[%s]::int[] || %s) AS keeper (id)
                 WHERE held.id = ANY(%s) AND NOT keeper.id = ANY(%s) GROUP BY held.id
                """,
                SQL.identifier(model._table),
                SQL(", ").join(keepers),
                self._companies_of_answers(model, "held"),
                list(ids),
                list(companies),
            )
        )
        return dict(rows)

    @api.model
    def _companies_of_answers(self, model, alias):
        """:return: SQL array of the companies whose consents a row proves answers to:
        somebody else's proof of a no is not to go"""
        if model._name != "consent.evidence":
            return SQL("'{}'::int[]")
        return SQL("ARRAY(SELECT purpose.company_id %s)", model._answers_sql(alias))

    @api.model
    def _keepers(self, model, ids, alias="held", level=1):
        """:param ids: of the rows; None: whatever rows
        :return: list of SQL of the companies that keep a row, by its alias"""
        own = []
        if self._names_company(model):
            own = [SQL.identifier(alias, "company_id")]
        if pair := self._pair(model):
            document = self._document_company(model, pair, alias, ids)
            return [SQL("COALESCE(%s)", SQL(", ").join([document, *own]))]
        if own or model._name in OF_NO_COMPANY or level > LEVELS:
            return own
        return self._parent_companies(model, alias, level)

    @api.model
    def _names_company(self, model):
        field = model._fields.get("company_id")
        return (
            model._name not in OF_NO_COMPANY
            and field is not None
            and field.comodel_name == "res.company"
            # else each company has said another one
            and not field.company_dependent
            and self._has_column(model, "company_id")
        )

    @api.model
    def _has_column(self, model, name):
        columns = self._columns_of_tables().get(model._table, {})
        return name in model._fields and name in columns

    @api.model
    def _pair(self, model):
        """:return: (column with the model, column with the id) of what a row is about,
        or None"""
        for field in model._fields.values():
            if field.type == "many2one_reference" and self._has_column(
                model, field.name
            ):
                if self._has_column(model, field.model_field):
                    return field.model_field, field.name
        return None

    @api.model
    def _document_company(self, model, pair, alias, ids):
        """:return: SQL of the company of the record that a row is about"""
        of_model, of_id = (SQL.identifier(alias, name) for name in pair)
        cases = [
            SQL(
                "WHEN %s THEN (SELECT document.company_id FROM %s AS document"
                " WHERE document.id = %s)",
                name,
                SQL.identifier(self.env[name]._table),
                of_id,
            )
            for name in self._documents(model, pair[0], ids)
        ]
        if not cases:
            return SQL("NULL::int")
        return SQL("CASE %s %s END", of_model, SQL(" ").join(cases))

    @api.model
    def _documents(self, model, column, ids):
        """:return: names of the models with a company that rows are about"""
        names = list(self.env.registry)
        if ids is not None:
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %s FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(column),
                    SQL.identifier(model._table),
                    list(ids),
                )
            )
            names = [name for (name,) in rows if name in self.env]
        return sorted(name for name in names if self._names_company(self.env[name]))

    @api.model
    def _parent_companies(self, model, alias, level):
        """:return: list of SQL of the companies of the rows that a row goes with"""
        found = []
        for field in model._fields.values():
            goes_with = field.type == "many2one" and field.ondelete == "cascade"
            if not goes_with or not self._has_column(model, field.name):
                continue
            parent, above = self.env[field.comodel_name], f"above_{level}"
            found += [
                SQL(
                    "(SELECT %s FROM %s AS %s WHERE %s = %s)",
                    keeper,
                    SQL.identifier(parent._table),
                    SQL.identifier(above),
                    SQL.identifier(above, "id"),
                    SQL.identifier(alias, field.name),
                )
                for keeper in self._keepers(parent, None, above, level + 1)
            ]
        return found
