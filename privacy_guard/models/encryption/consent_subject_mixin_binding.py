from contextlib import contextmanager

import psycopg2.errors
from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...attempts import Setup


class ConsentSubjectMixin(models.AbstractModel):
    """An encrypted value is bound to its record (ENC-1), whose id has to be known
    before it is written; and what is written by a process that does not know yet
    whether a field is encrypted."""

    _inherit = "consent.subject.mixin"

    def _create(self, data_list):
        with self._privacy_noticing(), self._privacy_giving_ids(data_list):
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        with self._privacy_noticing():
            return super()._write_multi(vals_list)

    @contextmanager
    def _privacy_noticing(self):
        """The database refuses what a process writes that has not noticed yet that
        encryption was switched. It begins again, and has noticed then.

        :raise ConcurrencyError: which Odoo answers by doing so
        """
        setup = Setup(self.pool)
        try:
            yield
        except psycopg2.errors.RaiseException as error:
            if setup.is_outdated():
                raise ConcurrencyError("Encryption was switched.") from error
            raise

    @contextmanager
    def _privacy_giving_ids(self, data_list):
        """Ids come before the rows where there are values to encrypt, with one query
        for all: core hands the values of the row to its fields."""
        names = self._privacy_encrypted_names()
        stored_list = [data["stored"] for data in data_list]
        if not any(stored.get(name) for stored in stored_list for name in names):
            yield
            return
        ids = self._privacy_reserve_ids(len(stored_list))
        for stored, id_ in zip(stored_list, ids, strict=True):
            stored["id"] = id_
        yield
        for stored in stored_list:
            del stored["id"]

    def _privacy_reserve_ids(self, count):
        """:return: ids that no other row gets, ascending"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT nextval(sequence.name)
                  FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name)
                       AS sequence,
                       generate_series(1, %s)
                """,
                self._table,
                count,
            )
        )
        return [id_ for (id_,) in rows]

    def _init_column(self, column_name):
        """An encrypted field that gets a default has one value per row."""
        if column_name not in self._privacy_encrypted_names():
            return super()._init_column(column_name)
        field = self._fields[column_name]
        text = field.default and field.convert_to_write(field.default(self), self)
        if text:
            column = SQL.identifier(column_name)
            table = SQL.identifier(self._table)
            rows = self.env.execute_query(
                SQL("SELECT id FROM %s WHERE %s IS NULL", table, column)
            )
            empty = self.browse(id_ for (id_,) in rows)
            self.env["ir.model.fields"]._get(self._name, column_name)._privacy_store(
                [(row.id, field.convert_to_column_insert(text, row)) for row in empty]
            )
        return None
