import logging
import time
from collections import Counter, defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...fields.encrypted import PREFIXES
from ...tools.cipher import CipherError
from ...tools.keyring import KeyringError
from ...tools.value_search import WHOLE, ValueSearch

_logger = logging.getLogger(__name__)

TEXT_TYPES = frozenset({"character varying", "text", "jsonb", "json"})
ROWS = 500  # read at once
LENGTH = 1_000_000  # characters of one text that are looked through


class PrivacyEncryptionColumn(models.AbstractModel):
    """The columns that may repeat the values of a field, and looking through them."""

    _name = "privacy.encryption.column"
    _description = "Columns that are searched for encrypted values"

    @api.model
    def _tables(self, ir_field):
        """:return: {table: names of its columns with text}, of all tables whose rows
        have an id, but for the columns of the field and what is encrypted with it"""
        own = {
            (one._privacy_table(), one.name)
            for one in ir_field | ir_field._privacy_companions()
        }
        tables = {}
        for table, types in self.env["privacy.data.map"]._columns_of_tables().items():
            texts = sorted(
                name
                for name, type_ in types.items()
                if type_ in TEXT_TYPES and (table, name) not in own
            )
            if texts and types.get("id") in ("integer", "bigint"):
                tables[table] = texts
        return tables

    @api.model
    def _small_first(self, tables):
        """:return: the same tables, those with few rows first"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT relname FROM pg_class
                 WHERE relname = ANY(%s) AND relnamespace = current_schema::regnamespace
              ORDER BY relpages, relname
                """,
                list(tables),
            )
        )
        return {table: tables[table] for (table,) in rows}

    @api.model
    def _values(self, ir_field, limit=None):
        """:return: list of the values of a field as they were typed, newest first"""
        return [text for _id, text in self._values_by_record(ir_field, limit)]

    @api.model
    def _values_by_record(self, ir_field, limit=None):
        """:return: list of (id of the record, its value), newest first"""
        self.env.flush_all()  # what follows reads tables
        column = SQL.identifier(ir_field.name)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE %s <> '' ORDER BY id DESC LIMIT %s",
                column,
                SQL.identifier(ir_field._privacy_table()),
                column,
                limit,
            )
        )
        if not any(text.startswith(PREFIXES) for _id, text in rows):
            return rows
        ir_field._privacy_check_keyring()
        return list(_readable(ir_field, rows))

    @api.model
    def _count(self, search, tables, seconds, begin=("", 0)):
        """Look through tables until they are done or the time is up.

        :param search: a `ValueSearch`
        :param dict tables: as of :meth:`_tables`, in the order in which they are read
        :param begin: (table, id of the last row) where an earlier call ended
        :return: (number of tables that are done, {(table, column): {how a value was
            found: number of rows}}, (table, id) where to go on or None)
        """
        self.env.flush_all()  # what follows reads tables
        deadline = time.monotonic() + seconds
        counts, done = defaultdict(Counter), 0
        for table, columns in tables.items():
            position = begin[1] if table == begin[0] else 0
            while rows := self._rows(table, columns, position):
                for _id, *texts in rows:
                    for column, text in zip(columns, texts, strict=True):
                        if kind := _kind(search, text):
                            counts[table, column][kind] += 1
                position = rows[-1][0]
                if time.monotonic() > deadline:
                    return done, counts, (table, position)
            done += 1
        return done, counts, None

    @api.model
    def _repeating(self, values, table, column):
        """Look where texts of the field's own table are a value.

        :param dict values: {id of a record: value of the field}
        Yield (ids of the records whose text is their own value, number of the others
        whose text is one).
        """
        search, position = ValueSearch(values.values()), 0
        while rows := self._rows(table, [column], position):
            found = [row for row in rows if _kind(search, row[1]) == WHOLE]
            own = [
                id_
                for id_, text in found
                if ValueSearch([values.get(id_, "")]).look(text) == WHOLE
            ]
            yield own, len(found) - len(own)
            position = rows[-1][0]

    @api.model
    def _rows(self, table, columns, position):
        texts = SQL(", ").join(
            SQL("left(%s::text, %s)", SQL.identifier(name), LENGTH) for name in columns
        )
        return self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id > %s ORDER BY id LIMIT %s",
                texts,
                SQL.identifier(table),
                position,
                ROWS,
            )
        )


def _readable(ir_field, rows):
    """Yield (id, text) of what can be read of (id, text or ciphertext); the log names
    the others."""
    decrypt = ir_field._privacy_cipher().decrypt
    for id_, text in rows:
        try:
            plain = decrypt(text, id_) if text.startswith(PREFIXES) else text
        except (CipherError, KeyringError):
            _logger.warning("%s of record %s cannot be read", ir_field, id_)
        else:
            yield id_, plain


def _kind(search, text):
    """:return: how a text repeats a value, None if it does not; ciphertext does not"""
    if not text or text.startswith(PREFIXES):
        return None
    return search.look(text)
