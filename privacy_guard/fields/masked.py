"""Fields whose value only superuser code sees; everybody else sees the last characters.

The ORM's cache holds the value, and what leaves it is masked: reading, exporting,
grouping in Python, forms, templates. Superuser code, which Odoo itself runs on, works
as with any field. A mask remembers in this process what it stands for, so that code
that copies a value from one record to another copies the value; what travels to a
client is text and knows nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.models import BaseModel

from ..tools import masking
from ..tools.cipher import is_encrypted

if TYPE_CHECKING:  # what the mixins below are for
    from odoo.fields import Text
else:
    Text = object

_EVERYONE = "privacy_guard.everyone_masked"
_SENT = "privacy_guard.sent"
SHOWN_OF_CIPHERTEXT = 8


class Mask(str):
    """``••••1234``, and what it stands for."""

    __slots__ = ("value", "visible")
    visible: int

    def __deepcopy__(self, memo: dict[int, object]) -> "Mask":
        return self


# No attribute: ``str.format`` takes any, dunder or not, and templates may use it.
_get_value = Mask.__dict__["value"].__get__
_set_value = Mask.__dict__["value"].__set__
type.__delattr__(Mask, "value")


def masked(value: str, visible: int, kind: type[Mask] = Mask) -> Mask:
    """:return: the mask of a value, a ``kind`` of `Mask`"""
    mask = kind(masking.mask(value, visible))
    _set_value(mask, value)
    mask.visible = visible
    return mask


def value_behind(text: object) -> object:
    """:return: what a mask stands for; anything else as it is"""
    return _get_value(text) if isinstance(text, Mask) else text


class Unreadable(str):
    """Why a value cannot be decrypted, in its place; the value itself is untouched."""

    __slots__ = ()


@contextmanager
def everyone_masked(env: Environment) -> Iterator[None]:
    """Mask values for superuser code too: what is rendered here goes to people.

    :param env: environment of the transaction in which it holds
    """
    if env.cr.cache.get(_EVERYONE):
        yield
        return
    try:
        _forget_derived(env)
        with masking_everyone(env, True):
            yield
    finally:
        _forget_derived(env)


@contextmanager
def masking_everyone(env: Environment, masked: bool) -> Iterator[None]:
    """Mask values for superuser code too, or let it see them again; what was computed
    from values before stays as it is."""
    with _noted(env, _EVERYONE, masked):
        yield


@contextmanager
def showing_sent(env: Environment, sent: object) -> Iterator[None]:
    """Show in records that are not saved what their user has sent, and nothing else.

    :param sent: texts, in containers of any depth
    """
    with _noted(env, _SENT, sent):
        yield


def show_also(env: Environment, text: str) -> None:
    """Within `showing_sent`: show what code has made of a text that the user sent."""
    env.cr.cache[_SENT] = (env.cr.cache.get(_SENT), text)


@contextmanager
def _noted(env: Environment, key: str, value: object) -> Iterator[None]:
    cache = env.cr.cache
    before = cache.get(key)
    cache[key] = value
    try:
        yield
    finally:
        cache[key] = before


def _contains(container: object, text: str) -> bool:
    """:return: whether a text is somewhere in nested containers"""
    if isinstance(container, Mapping):
        return any(_contains(item, text) for item in container.values())
    if isinstance(container, list | tuple):
        return any(_contains(item, text) for item in container)
    return container == text


def _forget_derived(env: Environment) -> None:
    """What was computed from values, for people or for code, is computed anew."""
    for field in env["ir.model.fields"]._privacy_derived_fields():
        field._invalidate_cache(env)


def sees_values(env: Environment) -> bool:
    """:return: whether the code that runs in an environment is trusted with values"""
    return env.su and not env.cr.cache.get(_EVERYONE)


class ReceivingField(Text):
    """Mixin of a text field class that takes the value which a mask stands for, and no
    ciphertext: whoever read some would store it as a value."""

    def convert_to_cache(
        self, value: object, record: BaseModel, validate: bool = True
    ) -> str | None:
        if isinstance(value, Unreadable):
            raise UserError(str(value))
        if isinstance(value, str) and is_encrypted(value):
            raise UserError(
                record.env._(
                    "%(field)s: %(value)s is a mask, not a value. Enter the value "
                    "itself.",
                    field=self._description_string(record.env),
                    value=f"{value[:SHOWN_OF_CIPHERTEXT]}…",
                )
            )
        return super().convert_to_cache(value_behind(value), record, validate)


class MaskedField(ReceivingField):
    """Mixin of a text field class that masks; also for related fields of the value."""

    privacy_visible_chars = 0
    # a related field takes it over
    _related_privacy_visible_chars = property(attrgetter("privacy_visible_chars"))

    def convert_to_record(self, value: str | None, record: BaseModel) -> str | bool:
        # Called for each value of a list: no call in here is for nothing.
        if not value:
            return False if value is None else value
        if type(value) is Unreadable:
            if record.env.su:
                raise UserError(str(value))
            return value
        if record.env.su and sees_values(record.env):
            return value
        if not record._ids[0] and self._is_typed(value, record):
            return value
        return masked(value, self.privacy_visible_chars)

    def _is_typed(self, value: str, record: BaseModel) -> bool:
        """Whether a form that is not saved yet got the value from the user. What it
        took over from another record is none of it, whoever did that."""
        return _contains(record.env.cr.cache.get(_SENT), value)

    def convert_to_read(
        self, value: str | bool, record: BaseModel, use_display_name: bool = True
    ) -> str | bool:
        # plain text: some protocols know no subclasses of it
        return value and str(value)

    def convert_to_export(self, value: str | bool, record: BaseModel) -> str | bool:
        return self.convert_to_read(super().convert_to_export(value, record), record)

    def convert_to_write(self, value: object, record: BaseModel) -> str | bool:
        if isinstance(value, Mask):
            return value
        value = self.convert_to_cache(value, record, validate=False)
        return False if value is None else value

    def _compute_related(self, records: BaseModel) -> None:
        """Fill the cache with values, whoever reads them: the mask comes after it."""
        if not (self.compute_sudo or records.env.su):
            path = self.related.rpartition(".")[0]
            records.mapped(path).check_access("read")
        # superuser: the cache holds values; who may read them was checked above
        return super()._compute_related(records.sudo())


@cache
def with_mixin(mixin: type[ReceivingField], base: type[Text]) -> type[Text]:
    """:return: the field class ``base`` with a mixin, always the same one"""
    return type(
        f"{mixin.__name__.removesuffix('Field')}{base.__name__}", (mixin, base), {}
    )
