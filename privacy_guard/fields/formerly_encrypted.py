"""Fields that were encrypted once. A transaction that began before the last value was
converted still sees ciphertext, which is no value for anybody."""

from collections.abc import Iterable

from odoo.exceptions import ConcurrencyError
from odoo.models import BaseModel

from ..tools.cipher import is_encrypted
from .masked import ReceivingField


class FormerlyEncryptedField(ReceivingField):
    """Mixin of a stored text field class that hands out no ciphertext."""

    def _insert_cache(self, records: BaseModel, values: Iterable[str | None]) -> None:
        """:raise ConcurrencyError: for Odoo to begin the transaction again, which sees
        the text then"""
        values = list(values)
        if any(map(is_encrypted, values)):
            raise ConcurrencyError(f"{self} has been decrypted meanwhile")
        return super()._insert_cache(records, values)
