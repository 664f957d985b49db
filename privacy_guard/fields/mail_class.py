"""The class of a mail, as text that only code of ours can give."""

from odoo.models import BaseModel

# Context keys that count only with an object of the class below.
TRUSTED_CLASS = "privacy_class_given"
POSTED = "privacy_posted"


class TrustedMailClass(str):
    """A class of mail that code of ours gives. No remote caller can send one: what
    comes over RPC is plain text."""

    __slots__ = ()


def mandatory(records: BaseModel) -> BaseModel:
    """What these records send is owed to the person: an answer to their request, a
    code that they ask for, a receipt. It goes out whatever they have stopped.

    :param records: of any model
    :return: the same records; mail that is created through them passes the gate
    """
    return records.with_context(**{TRUSTED_CLASS: TrustedMailClass("mandatory")})


def copies_of_post(thread: BaseModel) -> BaseModel:
    """:return: the same records; mail created through them is copies of a message that
    is being posted"""
    return thread.with_context(**{POSTED: TrustedMailClass("manual")})


def note_classes(messages: BaseModel) -> None:
    """Store what each of these is. It is nobody's to set: whatever was passed when they
    were created is replaced.

    :param messages: records with the method ``_privacy_classify``
    """
    # superuser: whoever sends need not be able to write to the queue
    by_class = messages.sudo().grouped(lambda message: message._privacy_classify())
    for name, alike in by_class.items():
        alike.privacy_class = name
