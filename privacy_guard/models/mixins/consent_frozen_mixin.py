# The refusals stand in for their super methods, on purpose.
# pylint: disable=method-required-super,no-raise-unlink
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime


class ConsentFrozenMixin(models.AbstractModel):
    """Rows that nobody makes, changes or deletes but a named method of their model.

    The refusals hold for every user, the superuser included. The named methods use
    :meth:`_make`, :meth:`_set` and :meth:`_drop`, past them, or write by SQL. They
    check who asks: these here do so as superuser.
    """

    _name = "consent.frozen.mixin"
    _description = "Row that is not edited"

    @api.depends(lambda self: (self._rec_name,) if self._rec_name else ())
    @api.depends_context("lang", "tz", "uid")
    def _compute_display_name(self):
        """A moment is shown as the user's clock shows it."""
        name = self._rec_name
        if not name or self._fields[name].type != "datetime":
            return super()._compute_display_name()
        zone = self.env.context.get("tz")
        for row in self:
            row.display_name = format_datetime(self.env, row[name], zone)

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self._frozen_message())

    def write(self, vals):
        raise UserError(self._frozen_message())

    def unlink(self):
        raise UserError(self._frozen_message())

    @api.model
    def _make(self, vals_list):
        """:param vals_list: any values
        :return: the new rows, with the rights of the caller"""
        return models.BaseModel.create(self.sudo(), vals_list).with_env(self.env)

    def _set(self, vals):
        """:param dict vals: any values"""
        models.BaseModel.write(self.sudo(), vals)

    def _drop(self):
        models.BaseModel.unlink(self.sudo())

    @api.model
    def _frozen_message(self):
        return self.env._(
            "%(model)s: rows are neither made, changed nor deleted directly.",
            model=self.env["ir.model"]._get(self._name).sudo().name,
        )

    def _refuse_changes_in_database(self, changes="UPDATE OR DELETE OR TRUNCATE"):
        """Have the database refuse changes of this table, whoever asks for them.

        :param str changes: which ones, in SQL
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION privacy_guard_append_only() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
            END $$
            """
        )
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE TRIGGER privacy_guard_append_only
                BEFORE %s ON %s
                FOR EACH STATEMENT EXECUTE FUNCTION privacy_guard_append_only()
                """,
                SQL(changes),
                SQL.identifier(self._table),
            )
        )
