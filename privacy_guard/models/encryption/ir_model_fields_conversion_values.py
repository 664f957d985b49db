from odoo import models
from odoo.tools import SQL

from ...fields.encrypted import BOUND_CIPHERTEXT, cipher_of, ciphertext_sql
from ...tools import keyring


class IrModelFields(models.Model):
    """The values of a field that is being converted, as the database has them."""

    _inherit = "ir.model.fields"

    def _privacy_count_due(self, limit=None, possible=False):
        """
        :param bool possible: only of those that nothing stands in the way of
        :return: number of values that are to be converted, at most ``limit``
        """
        self.env.flush_all()  # what follows reads tables
        column, condition = SQL.identifier(self.name), SQL("TRUE")
        if possible:
            id_ = SQL.identifier(self._privacy_table(), "id")
            failed = self._privacy_failed_items()
            condition = failed._none_sql(self, self.model, id_)
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM (SELECT FROM %s WHERE %s <> '' AND %s AND %s LIMIT %s) AS due
                """,
                SQL.identifier(self._privacy_table()),
                column,
                self._privacy_due_sql(column),
                condition,
                limit,
            )
        )
        return count

    def _privacy_batch(self, limit, position):
        """:return: the next (id, stored value) that are to be converted, locked"""
        self.env.flush_all()  # what follows reads tables
        column = SQL.identifier(self.name)
        return self.env.execute_query(
            SQL(
                """
                SELECT id, %(column)s FROM %(table)s
                 WHERE id > %(position)s AND %(column)s <> '' AND %(due)s
              ORDER BY id LIMIT %(limit)s
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                column=column,
                table=SQL.identifier(self._privacy_table()),
                position=position,
                due=self._privacy_due_sql(column),
                limit=limit,
            )
        )

    def _privacy_due_sql(self, column):
        """:return: SQL of whether a value is to be converted"""
        encrypted = ciphertext_sql(column)
        if self.privacy_encryption == "encrypting":
            return SQL("NOT (%s)", encrypted)
        if self.privacy_encryption == "decrypting":
            return encrypted
        newest = f"{BOUND_CIPHERTEXT}{keyring.load().active_id}:"
        return SQL("%s AND %s !~ %s", encrypted, column, newest)

    def _privacy_converted(self, rows):
        """:return: [(id, value to store)]"""
        cipher = self._privacy_cipher()
        encrypt, decrypt = cipher.encrypt, cipher.decrypt
        if self.privacy_encryption == "encrypting":
            return [(id_, encrypt(text, id_)) for id_, text in rows]
        if self.privacy_encryption == "decrypting":
            return [(id_, decrypt(stored, id_)) for id_, stored in rows]
        return [(id_, encrypt(decrypt(stored, id_), id_)) for id_, stored in rows]

    def _privacy_cipher(self):
        """:raise KeyringError: when the keyring cannot be used"""
        names, bound = (self.model, self.name), self.privacy_bound
        return cipher_of(keyring.load(), *names, bound=bound)

    def _privacy_store(self, rows):
        """By SQL: how a value is stored is no change of the contact."""
        ids, values = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS record SET %(column)s = new.value
                  FROM unnest(%(ids)s::int[], %(values)s::text[]) AS new (id, value)
                 WHERE record.id = new.id
                """,
                table=SQL.identifier(self._privacy_table()),
                column=SQL.identifier(self.name),
                ids=ids,
                values=values,
            )
        )
        self.env[self.model].invalidate_model([self.name], flush=False)

    def _privacy_move(self, position, done):
        self.env.execute_query(
            SQL(
                """
                UPDATE ir_model_fields
                   SET privacy_position = %s, privacy_done = privacy_done + %s
                 WHERE id = %s RETURNING id
                """,
                position,
                done,
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
