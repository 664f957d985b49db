"""Whom the mail server is told to deliver a mail to.

Odoo takes the recipients out of the headers as texts, and Python's mailer reads each of
those once more before it names it to the server: of ``x:stan@stan.example;``, which is
a group, ``stan@stan.example`` is left, and so of what a server would pass on by a route
(RFC 5321, 4.1.2). Whoever is asked whether a mail may go has to be asked about that.
"""

import re
import smtplib

from .addresses import UNQUOTED, only

# RFC 5321, 4.1.2: what stands in brackets, after the route, if there is one. What the
# mailer could not read it hands over as it is.
PATH = re.compile(r"<(?:@[^<>:]*:)?([^<>:]+|[^<>:@]+@\[[^<>]+\])>")
DOMAIN = re.compile(r'[^\s()<>\[\]:;@\\,"]+|\[[^\s\[\]@<>]+\]')


def recipient(entry: str) -> str | None:
    """:param entry: of the list that the mailer is given
    :return: the one mailbox that the server would deliver to; None where it would have
        to guess: then nothing is to be sent"""
    path = PATH.fullmatch(smtplib.quoteaddr(entry).strip())
    if not path:
        return None
    local, _at, domain = path[1].rpartition("@")
    is_plain = UNQUOTED.fullmatch(local) and DOMAIN.fullmatch(domain)
    return path[1] if is_plain and only(path[1]) else None
