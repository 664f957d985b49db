"""What a mail server's refusal of a recipient means: is there no such address?

A server refuses for many reasons that are not the address's: it does not relay, it
blocks the sender, the mailbox is full. They pass, or are for the sender to mend, and a
later mail may arrive. Final is only that the address does not exist, by RFC 3463 where
the answer has an enhanced code:

* 5.1.1 no such mailbox, 5.1.2 no such domain, 5.1.3 no address at all, 5.1.6 moved
  away, 5.1.10 a domain that takes no mail (RFC 7505);
* not the others of 5.1: 5.1.0 says nothing definite, and Postfix says it of senders, as
  are 5.1.7 and 5.1.8; nor 5.2 (mailbox full, disabled for now), 5.4 (routing) and 5.7
  (relaying, policy, lists of blocked servers).

Without one, 550 stands for "not found, no access, or policy" alike (RFC 5321, 4.2.3),
and the other codes are used as freely: the text has to say that there is no such
recipient. What is not understood is not final.
"""

import ast
import re

REFUSED = re.compile(r"SMTPRecipientsRefused\b.*?\{.*\((\d{3}), *(b?['\"].*)\)\}", re.S)
# at the beginning of a line or, as qmail has it, as (#5.1.1); no part of an IP address
ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
NO_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
UNKNOWN = re.compile(
    r"""\b(?:no\ such|unknown|invalid|unrouteable|unroutable|non-?existent)
          \s(?:\w+\s)?(?:user|recipient|mailbox|address|account|person|domain)\b
      | \b(?:user|recipient|mailbox|address|account)\s
          (?:is\s)?(?:unknown|not\ found|not\ known|not\ local
             |does\ not\ exist|doesn't\ exist|doesn't\ have)\b
      | \bno\ mailbox\b""",
    re.X | re.I,
)
# of the same servers, about whoever sends
SENDER = re.compile(r"\b(?:sender|relay\w*|blocked|policy|spam)\b", re.I)


def is_no_address(reason: str) -> bool:
    """:param reason: as Odoo notes why a mail could not be sent
    :return: whether the server says that the recipient does not exist"""
    found = REFUSED.search(reason)
    if not found:
        return False
    code, text = found[1], _text(found[2])
    if not code.startswith("5"):
        return False
    if enhanced := ENHANCED.search(text):
        return enhanced[1] in NO_ADDRESS
    return bool(UNKNOWN.search(text) and not SENDER.search(text))


def _text(literal: str) -> str:
    """:param literal: of Python, as exceptions show what the server said"""
    try:
        text = ast.literal_eval(literal)
    except (ValueError, SyntaxError):
        return literal
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
