"""The class of a mail, as an object that only code of ours can give."""

from collections.abc import Iterable
from typing import TypeAlias

from odoo.models import BaseModel

from ..tools import addresses

# Ids of contacts, and addresses or numbers.
Recipient: TypeAlias = int | str

# Context keys that count only with an object of the classes below.
TRUSTED_CLASS = "privacy_class_given"
POSTED = "privacy_posted"


class TrustedMailClass:
    """A class that code of ours gives to certain mail. No remote caller can send one:
    what comes over RPC is plain text and numbers.

    It is equal to nothing but itself: Odoo hands out an environment again whose context
    is equal, and with it what is left of another permission.
    """

    __slots__ = ("name", "recipients")

    def __init__(self, name: str, recipients: set[Recipient] | None = None):
        self.name = name
        self.recipients = recipients

    def covers(self, message: BaseModel) -> bool:
        """:return: whether it was given for whom a message goes to"""
        if self.recipients is None:
            return True
        recipients = message._privacy_recipients()
        return bool(recipients) and recipients <= self.recipients

    def spend(self, messages: BaseModel) -> None:
        """End it for whom these messages go to."""
        for message in messages if self.recipients else ():
            self.recipients -= message._privacy_recipients()


class PostedMessage:
    """The message that is being posted; as above, nobody can send one."""

    __slots__ = ("message_id",)

    def __init__(self, message_id: int):
        self.message_id = message_id


def of_class(
    records: BaseModel, name: str, recipients: Iterable[Recipient] | None = None
) -> BaseModel:
    """Code of ours says what these records send.

    :param records: of any model
    :param str name: one of ``MAIL_CLASSES``
    :param recipients: ids of contacts, addresses and numbers; each of them gets one
        mail of the class. None is for whatever is sent, which only the class
        "automatic" may be
    :return: the same records; mail that is created through them is of this class
    """
    if recipients is None and name != "automatic":
        raise ValueError(f"Who gets the mail of the class {name}?")
    given = TrustedMailClass(
        name, None if recipients is None else _as_recipients(recipients)
    )
    return records.with_context(**{TRUSTED_CLASS: given})


def mandatory(records: BaseModel, recipients: Iterable[Recipient]) -> BaseModel:
    """These persons must get what these records send: an answer to their request, a
    code that they ask for, a receipt. It goes out whatever they have stopped: one mail
    to each, and nothing else that sending it sets off.

    :param records: of any model
    :param recipients: as of :func:`of_class`
    :return: the same records; mail to the recipients that is created through them
        passes the gate
    """
    return of_class(records, "mandatory", recipients)


def given_class(message: BaseModel) -> str | None:
    """:return: the class that :func:`of_class` has given, None without one"""
    given = message.env.context.get(TRUSTED_CLASS)
    if isinstance(given, TrustedMailClass) and given.covers(message):
        return given.name
    return None


def spend_class(messages: BaseModel) -> None:
    """What :func:`of_class` has given ends with the mail that it was given for."""
    given = messages.env.context.get(TRUSTED_CLASS)
    if isinstance(given, TrustedMailClass):
        given.spend(messages)


def copies_of_post(thread: BaseModel, message: BaseModel) -> BaseModel:
    """:return: the same records; mail created through them is copies of a message that
    is being posted"""
    return thread.with_context(**{POSTED: PostedMessage(message.id)})


def is_copy_of_post(mail: BaseModel, message: BaseModel) -> bool:
    """:return: whether :func:`copies_of_post` has said so of this message"""
    posted = mail.env.context.get(POSTED)
    return isinstance(posted, PostedMessage) and posted.message_id == message.id


def without_class(records: BaseModel) -> BaseModel:
    """:return: the same records; what they set off is not what was meant"""
    if not {TRUSTED_CLASS, POSTED} & records.env.context.keys():
        return records
    return records.with_context(**dict.fromkeys((TRUSTED_CLASS, POSTED)))


def _as_recipients(recipients: Iterable[Recipient]) -> set[Recipient]:
    found: set[Recipient] = set()
    for person in recipients:
        if isinstance(person, str):
            found.update(addresses.find(person) or [person])
        elif person:
            found.add(person)
    return found
