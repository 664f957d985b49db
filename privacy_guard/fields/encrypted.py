"""Fields that are encrypted at rest (FLD-3), and searched by exact value (FLD-5)."""

import logging
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Field
from odoo.models import BaseModel
from odoo.tools import SQL, Query

from ..tools import keyring
from ..tools.cipher import VERSION, VERSIONS, CipherError, FieldCipher
from .masked import MaskedField, Unreadable

_logger = logging.getLogger(__name__)

# How ciphertext begins, for Python and as a pattern of PostgreSQL: any, and what is
# bound to its record.
PREFIXES = tuple(f"{version}:" for version in VERSIONS)
CIPHERTEXT = f"^({'|'.join(VERSIONS)}):"
BOUND_CIPHERTEXT = f"^{VERSION}:"
# In the context of a fetch, and nowhere else: no remote caller can pass this object.
FETCHING = object()


@lru_cache(maxsize=64)
def cipher_of(
    keys: keyring.Keyring, model: str, name: str, *, bound: bool
) -> FieldCipher:
    """:return: the cipher of a field under a keyring, which keeps what it derives"""
    return FieldCipher(keys, model, name, bound=bound)


def ciphertext_sql(column: SQL) -> SQL:
    """:return: SQL of whether a column holds ciphertext"""
    return SQL("%s ~ %s", column, CIPHERTEXT)


def blind_index_sql(column: SQL) -> SQL:
    """:return: SQL of what ciphertext is searched by; an index and a search have to
    spell it alike, or PostgreSQL does not use the one for the other"""
    return SQL("split_part(%s, ':', 3)", column)


class EncryptedFieldError(UserError, ValueError):
    """What cannot be done with an encrypted field; Odoo asks for a ValueError where it
    finds out whether a field can be sorted or grouped by."""

    # the web client knows this name, and shows the message alone
    context = {"exception_class": "odoo.exceptions.UserError"}


def exact_search_error(field: Field, env: Environment) -> EncryptedFieldError:
    """:return: what to raise where a field is searched by a part, sorted or grouped"""
    return EncryptedFieldError(
        env._(
            "%(field)s is encrypted: it can be searched by its exact value, but "
            "not by a part of it, and it can be neither sorted nor grouped by.",
            field=field._description_string(env),
        )
    )


class EncryptedField(MaskedField):
    """Mixin of a stored text field class: ciphertext in the column, text in cache."""

    # Some rows hold text still or again: encryption is being switched on or off.
    privacy_mixed = False
    # It is being switched off.
    privacy_writes_text = False
    # No value is left that is bound to no record: such a one was put there.
    privacy_bound = False

    def _cipher(self) -> FieldCipher:
        """:raise KeyringError: when the keyring cannot be used"""
        keys, bound = keyring.load(), self.privacy_bound
        return cipher_of(keys, self.model_name, self.name, bound=bound)

    # ------------------------------------------------------------------
    # Database <-> cache
    # ------------------------------------------------------------------

    def _insert_cache(self, records: BaseModel, values: Iterable[str | None]) -> None:
        return super()._insert_cache(records, self._privacy_decrypted(records, values))

    def _privacy_decrypted(
        self, records: BaseModel, values: Iterable[str | None]
    ) -> list[str | None]:
        """:return: list of texts; ``Unreadable`` where a value cannot be decrypted"""
        values = list(values)
        if not any(values):
            return values
        try:
            decrypt = self._cipher().decrypt
            return [
                value and decrypt(value, id_)
                for id_, value in zip(records._ids, values, strict=True)
            ]
        except (keyring.KeyringError, CipherError):
            return self._privacy_legible(records, values)

    def _privacy_legible(
        self, records: BaseModel, values: list[str | None]
    ) -> list[str | None]:
        """The same one by one, where some are text, or something is wrong."""
        texts: list[str | None] = []
        problems = set()
        for id_, value in zip(records._ids, values, strict=True):
            text = value
            if value and value.startswith(PREFIXES):
                try:
                    text = self._cipher().decrypt(value, id_)
                except (keyring.KeyringError, CipherError) as error:
                    text = self._unreadable(value, records.env)
                    problems.add(str(error))
            texts.append(text)
        for problem in problems:
            _logger.error("Values of %s cannot be decrypted: %s", self, problem)
        return texts

    def _unreadable(self, stored: str, env: Environment) -> Unreadable:
        key_id = stored.split(":")[1]
        return Unreadable(env._("⚠ cannot be decrypted with key %s", key_id))

    def convert_to_column_insert(
        self,
        value: object,
        record: BaseModel,
        values: dict[str, Any] | None = None,
        validate: bool = True,
    ) -> str | None:
        """:param values: of a new record, with the id that it will have"""
        text = super().convert_to_column_insert(value, record, values, validate)
        if not text or self.privacy_writes_text:
            return text
        record_id = record.id if values is None else values["id"]
        try:
            return self._cipher().encrypt(text, record_id)
        except keyring.KeyringError as error:
            raise self._no_key(record.env, error) from error

    def _no_key(self, env: Environment, error: keyring.KeyringError) -> UserError:
        """The log says what is wrong with the key file, and where it is; users read
        that nothing was lost."""
        _logger.error("%s: %s", self, error)
        return UserError(
            env._(
                "%(field)s is encrypted, and the key file cannot be used: nothing was "
                "read or changed. The server's log says what is wrong.",
                field=self._description_string(env),
            )
        )

    # ------------------------------------------------------------------
    # Search: exact values only
    # ------------------------------------------------------------------

    def to_sql(self, model: BaseModel, alias: str) -> SQL:
        """:raise EncryptedFieldError: for whatever is no fetch: sorting, grouping,
        aggregating and comparing ciphertext would give wrong answers"""
        if model.env.context.get("privacy_fetching") is FETCHING:
            return super().to_sql(model, alias)
        raise exact_search_error(self, model.env)

    def _condition_to_sql(
        self,
        field_expr: str,
        operator: str,
        value: Collection[object],
        model: BaseModel,
        alias: str,
        query: Query,
    ) -> SQL:
        if operator not in ("in", "not in"):
            raise exact_search_error(self, model.env)
        model._check_field_access(self, "read")
        column = SQL.identifier(alias, self.name, to_flush=self)
        values = list(value)
        texts = [str(item) for item in values if item not in (None, False, "")]
        matches = []
        if texts:
            matches.append(self._match_sql(column, texts, model.env))
        if len(texts) < len(values):
            matches.append(SQL("COALESCE(%s, '') = ''", column))
        found = SQL("(%s)", SQL(" OR ").join(matches or [SQL("FALSE")]))
        return found if operator == "in" else SQL("%s IS NOT TRUE", found)

    def _match_sql(self, column: SQL, texts: list[str], env: Environment) -> SQL:
        """:return: SQL of whether the column holds one of the texts"""
        try:
            indexes = [i for text in texts for i in self._cipher().indexes(text)]
        except keyring.KeyringError as error:
            raise self._no_key(env, error) from error
        match = SQL(
            "(%s AND %s = ANY(%s))",
            ciphertext_sql(column),
            blind_index_sql(column),
            indexes,
        )
        if self.privacy_mixed:
            match = SQL("(%s OR %s = ANY(%s))", match, column, texts)
        return match

    def expression_getter(self, field_expr: str) -> Callable[[BaseModel], object]:
        """The same equality as in the database, whoever filters."""
        getter = super().expression_getter(field_expr)

        def get(record: BaseModel) -> object:
            value = getter(record.sudo())
            return unicodedata.normalize("NFC", value) if value else value

        return get

    def filter_function(
        self,
        records: BaseModel,
        field_expr: str,
        operator: str,
        value: Collection[object],
    ) -> Callable[[BaseModel], bool]:
        if operator != "in":
            raise exact_search_error(self, records.env)
        values = {
            unicodedata.normalize("NFC", item) if isinstance(item, str) else item
            for item in value
        }
        return super().filter_function(records, field_expr, operator, values)

    def _description_sortable(self, env: Environment) -> bool:
        return False

    def _description_groupable(self, env: Environment) -> bool:
        return False
