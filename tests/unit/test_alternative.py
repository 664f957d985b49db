"""What is written down at once reads as what Python builds."""

import email.policy
from email import message_from_bytes
from email.message import EmailMessage

from addon_tools import load
from hypothesis import example, given, settings
from hypothesis import strategies as st

alternative = load("alternative")

PARTS = ["plain", "html"]
BODIES = st.text(
    st.sampled_from([*'ab <>="&;.-\t\n\r\v\f\x85\u2028ü€'])
    | st.characters(exclude_categories=["Cs"])
)


def quick(text, html):
    message = EmailMessage(policy=email.policy.SMTP)
    boundary = alternative.boundary()
    message["Content-Type"] = alternative.content_type(boundary)
    message.set_payload(alternative.payload(boundary, text, html))
    return message.as_bytes()


def built(text, html):
    message = EmailMessage(policy=email.policy.SMTP)
    message.add_alternative(text, subtype="plain", charset="utf-8")
    message.add_alternative(html, subtype="html", charset="utf-8")
    return message.as_bytes()


def read(message):
    """:return: the two bodies; their last end of line belongs to the boundary"""
    parsed = message_from_bytes(message, policy=email.policy.SMTP)
    assert not parsed.defects
    parts = list(parsed.iter_parts())
    assert [part.get_content_subtype() for part in parts] == PARTS
    assert not any(part.defects for part in parts)
    bodies = [part.get_payload(decode=True).decode() for part in parts]
    return [body.replace("\r\n", "\n").rstrip("\n") for body in bodies]


@settings(max_examples=50)
@given(text=BODIES, html=BODIES)
@example(text=".\n.", html="a" * 2000)
@example(text="x ", html="\t\n \n")
@example(text="", html="=_\n--=_")
def test_reads_as_what_python_builds(text, html):
    assert read(quick(text, html)) == read(built(text, html))


@settings(max_examples=50)
@given(text=BODIES, html=BODIES)
def test_every_mail_server_takes_it(text, html):
    message = quick(text, html)
    message.decode("ascii")
    lines = message.split(b"\r\n")
    assert not [
        line for line in lines if len(line) > 78 or b"\n" in line or b"\r" in line
    ]
