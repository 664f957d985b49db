"""What in a database needs which key: encrypted fields, sealed values, suppressed
addresses.

Plain SQL, so that it works when Odoo cannot load the database, and with a key file
that is not the right one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol

from psycopg2 import sql

from . import suppression
from .cipher import CipherError, FieldCipher, unseal
from .keyring import Keyring
from .keyring_file import KeyringError

# Once encryption is on, every value is encrypted: a plain one is an error.
ON = "on"
# how an encrypted value begins; others are plain
FORM = "^(pg1|pg2):[a-z0-9]{4,16}:[A-Za-z0-9_-]{22}:"
ENCRYPTED_FIELDS = """
    SELECT field.model, field.name, field.privacy_encryption
      FROM ir_model_fields field
     WHERE field.privacy_encryption <> 'off' AND field.store
  ORDER BY field.model, field.name
"""
# One value stands for all of its key and format: the first one.
FIELD_VALUES = sql.SQL("""
    SELECT used.key_id, used.count, value.{column}, value.id
      FROM (SELECT split_part({column}, ':', 2) AS key_id,
                   split_part({column}, ':', 1) AS version,
                   count(*), min(id) AS id
              FROM {table}
             WHERE {column} ~ {form}
          GROUP BY 1, 2) used
      JOIN {table} value ON value.id = used.id
  ORDER BY 1, used.version
""")
PLAIN_VALUES = sql.SQL("SELECT count(*) FROM {table} WHERE {column} !~ {form}")
# With the context that `consent.sealed.value` seals it in.
SEALED_VALUES = """
    SELECT used.key_id, used.count, value.sealed,
           concat_ws(',', value.res_model, field.name, value.res_id)
      FROM (SELECT split_part(sealed, ':', 2) AS key_id, count(*), min(id) AS id
              FROM consent_sealed_value
          GROUP BY 1) used
      JOIN consent_sealed_value value ON value.id = used.id
  LEFT JOIN consent_purpose purpose ON purpose.id = value.purpose_id
  LEFT JOIN ir_model_fields field ON field.id = purpose.field_id
  ORDER BY 1
"""
# Hashes cannot be tried, but without their key nobody is found by them.
SUPPRESSED = """
    SELECT key_id, count(*) FROM privacy_suppression
     WHERE key_id <> %s GROUP BY 1 ORDER BY 1
"""
COLUMN_TYPE = """
    SELECT data_type FROM information_schema.columns
     WHERE table_schema = current_schema AND table_name = %s AND column_name = %s
"""
TEXT_TYPES = {"text", "character varying"}


P = ParamSpec("P")


class Cursor(Protocol):
    """A cursor of psycopg2, or Odoo's."""

    def execute(self, query: Any, params: list[str] | None = None, /) -> object: ...

    def fetchone(self) -> tuple[Any, ...] | None: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Use:
    """Values of one place that need the same key."""

    place: str  # a field, the withheld values, or the suppression list
    count: int
    key_id: str | None  # "" for no key; None when it cannot be told
    problem: str = ""  # why they cannot be read, empty if one of them was

    def __str__(self) -> str:
        key = f" with key {self.key_id}" if self.key_id else ""
        return f"{self.place}: {self.count} values{key}: {self.problem or 'readable'}"

    def may_need(self, key_id: str) -> bool:
        return self.key_id in (key_id, None)


def is_odoo(cursor: Cursor) -> bool:
    return _has_column(cursor, "ir_model_fields", "name")


def find(cursor: Cursor, keyring: Keyring) -> Iterator[Use]:
    """Look through the whole database, and try one value of each place and key.

    Nothing is written.
    """
    if _has_column(cursor, "ir_model_fields", "privacy_encryption"):
        cursor.execute(ENCRYPTED_FIELDS)
        for model, field, state in cursor.fetchall():
            yield from _find_field(cursor, keyring, model, field, state)
    if _has_column(cursor, "consent_sealed_value", "sealed"):
        cursor.execute(SEALED_VALUES)
        for key_id, count, sealed, context in cursor.fetchall():
            problem = _problem(unseal, keyring, context, sealed)
            yield Use("withheld values", count, key_id, problem)
    if _has_column(cursor, "privacy_suppression", "digest"):
        cursor.execute(SUPPRESSED, [suppression.DATABASE])
        for key_id, count in cursor.fetchall():
            problem = _problem(keyring.subkey, key_id, suppression.CONTEXT)
            yield Use("suppressed addresses", count, key_id, problem)


def _find_field(
    cursor: Cursor, keyring: Keyring, model: str, field: str, state: str
) -> Iterator[Use]:
    place, table = f"{model}.{field}", model.replace(".", "_")
    if not _has_column(cursor, table, field):
        yield Use(place, 0, None, "there is no such text column")
        return
    parts = {
        "table": sql.Identifier(table),
        "column": sql.Identifier(field),
        "form": sql.Literal(FORM),
    }
    cursor.execute(FIELD_VALUES.format(**parts))
    decrypt = FieldCipher(keyring, model, field).decrypt
    for key_id, count, stored, record_id in cursor.fetchall():
        yield Use(place, count, key_id, _problem(decrypt, stored, record_id))
    if state == ON:
        cursor.execute(PLAIN_VALUES.format(**parts))
        [(count,)] = cursor.fetchall()
        if count:
            yield Use(place, count, "", "they are not encrypted")


def _has_column(cursor: Cursor, table: str, column: str) -> bool:
    cursor.execute(COLUMN_TYPE, [table, column])
    found = cursor.fetchone()
    return found is not None and found[0] in TEXT_TYPES


def _problem(
    decrypt: Callable[P, object], *arguments: P.args, **options: P.kwargs
) -> str:
    try:
        decrypt(*arguments, **options)
    except (KeyringError, CipherError) as error:
        return str(error)
    return ""
