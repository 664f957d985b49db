import logging

from odoo import api, models
from odoo.tools import SQL

from ...fields.encrypted import (
    BOUND_CIPHERTEXT,
    CIPHERTEXT,
    blind_index_sql,
    ciphertext_sql,
)

_logger = logging.getLogger(__name__)

# How long everybody may have to wait behind us for somebody's long transaction.
LOCK_TIMEOUT = "3s"


class IrModelFields(models.Model):
    """The column of an encrypted field: what it refuses, and how it is searched."""

    _inherit = "ir.model.fields"

    @api.private
    def init(self):
        """What keeps a column free of text, whoever writes: raw SQL and processes that
        have not noticed yet included."""
        result = super().init()
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION privacy_guard_refuse_value() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '%: % refused, % is expected. Try again.',
                                TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1];
            END $$
            """
        )
        return result

    def _privacy_lock_table(self):
        """Changing a table waits for whoever uses it, and all others wait behind.

        :raise LockNotAvailable: when that would be for long
        """
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        lock = SQL(
            "LOCK TABLE %s IN ACCESS EXCLUSIVE MODE",
            SQL.identifier(self._privacy_table()),
        )
        self.env.cr.execute(lock, log_exceptions=False)

    def _privacy_refuse_text(self):
        """Refuse plain text in the database itself, and what is bound to no record
        unless old values are."""
        expected = BOUND_CIPHERTEXT if self.privacy_bound else CIPHERTEXT
        self._privacy_guard_column(
            SQL("!~ %s", expected), "plain text", "encrypted text"
        )

    def _privacy_bind(self):
        """Refuse from now on what is bound to no record: such a value can only come
        from an old backup."""
        self.env.execute_query(
            SQL(
                "UPDATE ir_model_fields SET privacy_bound = TRUE WHERE id = %s"
                " RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        self._privacy_refuse_text()

    def _privacy_refuse_ciphertext(self):
        """Refuse encrypted text in the database itself."""
        self._privacy_guard_column(
            SQL("~ %s", CIPHERTEXT), "encrypted text", "plain text"
        )

    def _privacy_guard_column(self, is_refused, refused, expected):
        """:param SQL is_refused: operator and pattern of what is refused
        :param str refused: what the error calls it
        :param str expected: and what it says is expected
        """
        self._privacy_unguard_column()
        self.env.cr.execute(
            SQL(
                """
                CREATE TRIGGER %(trigger)s BEFORE INSERT OR UPDATE OF %(column)s
                    ON %(table)s FOR EACH ROW
                  WHEN (NEW.%(column)s <> '' AND NEW.%(column)s %(is_refused)s)
               EXECUTE FUNCTION privacy_guard_refuse_value(%(refused)s, %(expected)s)
                """,
                trigger=SQL.identifier(self._privacy_trigger()),
                column=SQL.identifier(self.name),
                table=SQL.identifier(self._privacy_table()),
                is_refused=is_refused,
                refused=f"{self.name}: {refused}",
                expected=expected,
            )
        )

    def _privacy_unguard_column(self):
        self.env.cr.execute(
            SQL(
                "DROP TRIGGER IF EXISTS %s ON %s",
                SQL.identifier(self._privacy_trigger()),
                SQL.identifier(self._privacy_table()),
            )
        )

    def _privacy_trigger(self):
        return f"privacy_guard_{self.name}"[:63]

    def _privacy_add_index(self):
        """Exact search goes through the blind index within the ciphertext. Plain text
        is left out: parts of it would lie in the index."""
        column = SQL.identifier(self.name)
        self.env.cr.execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (%s) WHERE %s",
                SQL.identifier(self._privacy_index()),
                SQL.identifier(self._privacy_table()),
                blind_index_sql(column),
                ciphertext_sql(column),
            )
        )

    def _privacy_index(self):
        return f"{self._privacy_table()}_{self.name}_blind_idx"[:63]

    def _privacy_drop_other_indexes(self):
        """Whoever made them: they hold text, in old pages if nowhere else, and none of
        them finds anything in ciphertext."""
        rows = self.env.execute_query(
            SQL(
                """
                -- by what depends on the column: an expression names no column
                SELECT DISTINCT index.relname
                  FROM pg_depend depend
                  JOIN pg_class index ON index.oid = depend.objid
                   AND index.relkind = 'i'
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = depend.refobjid
                   AND attribute.attnum = depend.refobjsubid
                 WHERE depend.classid = 'pg_class'::regclass
                   AND depend.refclassid = 'pg_class'::regclass
                   AND depend.refobjid = %s::regclass
                   AND attribute.attname = %s AND index.relname <> %s
                """,
                self._privacy_table(),
                self.name,
                self._privacy_index(),
            )
        )
        for (name,) in rows:
            self._privacy_drop_index(name)
            _logger.info("%s is encrypted: index %s dropped", self, name)

    def _privacy_drop_index(self, name):
        self.env.cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
