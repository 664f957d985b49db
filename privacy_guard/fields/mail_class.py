"""The class of a mail, as text that only code of ours can give."""

from odoo.models import BaseModel

# Context keys that count only with an object of the class below.
TRUSTED_CLASS = "privacy_class_given"
POSTED = "privacy_posted"


class TrustedMailClass(str):
    """A class of mail that code of ours gives. No remote caller can send one: what
    comes over RPC is plain text."""

    __slots__ = ()


def of_class(records: BaseModel, name: str) -> BaseModel:
    """Code of ours says what these records send.

    :param records: of any model
    :param str name: one of ``MAIL_CLASSES``
    :return: the same records; mail that is created through them is of this class
    """
    return records.with_context(**{TRUSTED_CLASS: TrustedMailClass(name)})


def given_class(records: BaseModel) -> str | None:
    """:return: the class that :func:`of_class` has given, None without one"""
    given = records.env.context.get(TRUSTED_CLASS)
    return str(given) if isinstance(given, TrustedMailClass) else None


def mandatory(records: BaseModel) -> BaseModel:
    """The person must get what these records send: an answer to their request, a
    code that they ask for, a receipt. It goes out whatever they have stopped.

    :param records: of any model
    :return: the same records; mail that is created through them passes the gate
    """
    return of_class(records, "mandatory")


def copies_of_post(thread: BaseModel) -> BaseModel:
    """:return: the same records; mail created through them is copies of a message that
    is being posted"""
    return thread.with_context(**{POSTED: TrustedMailClass("manual")})
