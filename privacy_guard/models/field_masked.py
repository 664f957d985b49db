"""Fields whose value only superuser code sees; everybody else sees the last characters.

The ORM's cache holds the value, and what leaves it is masked: reading, exporting,
grouping in Python, forms, templates. Superuser code, which Odoo itself runs on, works
as with any field. A mask remembers in this process what it stands for, so that code
that copies a value from one record to another copies the value; what travels to a
client is text and knows nothing.
"""

from contextlib import contextmanager
from functools import cache
from operator import attrgetter

from odoo.exceptions import UserError

from ..tools import masking

_EVERYONE = "privacy_guard.everyone_masked"


class Mask(str):
    """``••••1234``, and what it stands for."""

    # A name that expressions of templates and server actions may not use.
    __slots__ = ("__privacy_value__",)

    def __deepcopy__(self, memo):
        return self


class Unreadable(str):
    """Why a value cannot be decrypted, in its place; the value itself is untouched."""

    __slots__ = ()


@contextmanager
def everyone_masked(env):
    """Mask values for superuser code too: what is rendered here goes to people.

    :param env: environment of the transaction in which it holds
    """
    cache, was = env.cr.cache, env.cr.cache.get(_EVERYONE)
    _forget_derived(env)
    cache[_EVERYONE] = True
    try:
        yield
    finally:
        cache[_EVERYONE] = was
        _forget_derived(env)


def _forget_derived(env):
    """What was computed from values, for people or for code, is computed anew."""
    for field in env["ir.model.fields"]._privacy_derived_fields():
        field._invalidate_cache(env)


class MaskedField:
    """Mixin of a text field class that masks; also for related fields of the value."""

    privacy_visible_chars = 0
    # a related field takes it over
    _related_privacy_visible_chars = property(attrgetter("privacy_visible_chars"))

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, Mask):
            value = value.__privacy_value__
        elif isinstance(value, Unreadable):
            raise UserError(str(value))
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        # Called for each value of a list: no call in here is for nothing.
        if not value:
            return False if value is None else value
        env = record.env
        if type(value) is Unreadable:
            if env.su:
                raise UserError(str(value))
            return value
        if env.su and not env.cr.cache.get(_EVERYONE):
            return value
        if not record._ids[0] and self._is_typed(value, record):
            return value
        mask = Mask(masking.mask(value, self.privacy_visible_chars))
        mask.__privacy_value__ = value
        return mask

    def _is_typed(self, value, record):
        """Whether a form that is not saved yet got the value from the user, who sees
        it then; a value that stands in the saved record is none of them."""
        origin = record._origin
        if not origin:
            return True
        cache = self._get_cache(record.env)
        if origin.id not in cache:
            origin._fetch_field(self)
        return cache.get(origin.id) != value

    def convert_to_read(self, value, record, use_display_name=True):
        # plain text: some protocols know no subclasses of it
        return str(value) if isinstance(value, (Mask, Unreadable)) else value

    def convert_to_write(self, value, record):
        if isinstance(value, Mask):
            return value
        value = self.convert_to_cache(value, record, validate=False)
        return False if value is None else value

    def _compute_related(self, records):
        """Fill the cache with values, whoever reads them: the mask comes after it."""
        if not (self.compute_sudo or records.env.su):
            path = self.related.rpartition(".")[0]
            records.mapped(path).check_access("read")
        # superuser: the cache holds values; who may read them was checked above
        return super()._compute_related(records.sudo())


@cache
def with_mixin(mixin, base):
    """:return: the field class ``base`` with a mixin, always the same one"""
    return type(
        f"{mixin.__name__.removesuffix('Field')}{base.__name__}", (mixin, base), {}
    )
