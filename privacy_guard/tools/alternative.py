"""The text of a mail and its HTML, written down as a mail server takes it.

Python builds a message of objects, and chooses how to encode a body by encoding it
several times, which takes longer than sending it.
"""

import binascii
from uuid import uuid4

# RFC 2045, 6.7: no text in this encoding has it.
_MARK = "=_"
_PART = """--{boundary}\r
Content-Type: text/{subtype}; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
{body}"""


def boundary() -> str:
    """:return: what may stand between the parts of any mail"""
    return f"{_MARK}{uuid4().hex}"


def content_type(boundary: str) -> str:
    """:return: value of the header of a mail whose payload is :func:`payload`"""
    return f'multipart/alternative; boundary="{boundary}"'


def payload(boundary: str, text: str, html: str) -> str:
    """:param boundary: of :func:`boundary`
    :return: both parts, in ASCII, each line ended by CR LF"""
    parts = [("plain", text), ("html", html)]
    written = [
        _PART.format(boundary=boundary, subtype=subtype, body=_encode(body))
        for subtype, body in parts
    ]
    return "".join([*written, f"--{boundary}--\r\n"])


def _encode(body: str) -> str:
    # lines as Python counts them when it builds a message: U+2028 ends none
    lines = b"\r\n".join([*body.encode().splitlines(), b""])
    return binascii.b2a_qp(lines or b"\r\n").decode("ascii")
