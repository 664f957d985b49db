"""EVI-5: whoever holds a message computes the hash that a decision holds of it."""

import hashlib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from addon_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st

content_hash = load("content_hash").content_hash
# what the subject of a mail and its HTML may hold; lone surrogates cannot be sent
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)
LINES = st.lists(TEXT.filter(str.strip), min_size=1, max_size=5)


def test_of_what_a_stranger_hashes():
    by_hand = hashlib.sha256("Näws\n<p>a</p>\n<p>b</p>".encode()).hexdigest()
    assert content_hash("Näws", "<p>a</p>\n<p>b</p>") == by_hand
    for other in (("News", "<p>a</p>\n<p>b</p>"), ("Näws", "<p>a</p>\n<p>c</p>")):
        assert content_hash(*other) != by_hand


@settings(max_examples=30, deadline=None)
@given(LINES)
def test_it_survives_the_way_of_a_mail(lines):
    """Encoded, with the ends of lines of SMTP, and read by another program."""
    body = "\n".join(lines)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "News"
    message.add_alternative("text", charset="utf-8")
    message.add_alternative(body, subtype="html", charset="utf-8")
    read = message_from_bytes(message.as_bytes(), policy=default)
    html = read.get_body(("html",)).get_content()
    assert content_hash(read["Subject"], html) == content_hash("News", body)
