"""Time stamps (RFC 3161): an authority outside signs that it has seen a hash at a
moment.

Needs the package rfc3161-client, which an installation that has nothing stamped does
without.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

try:
    import rfc3161_client as tsp
except ImportError:  # an extra
    tsp = None  # type: ignore[assignment]

PACKAGE = "rfc3161-client"
QUERY = "application/timestamp-query"
MOST_BYTES = 1 << 16  # of an answer: a token with some certificates
MOST_CERTIFICATES = 10
MOST_WORDS = 200  # of what an authority says about itself
SHA256 = "2.16.840.1.101.3.4.2.1"
OTHER = "The time stamp is of something else."
# what precedes a token in an answer: it was granted
GRANTED = bytes.fromhex("3003020100")
SEQUENCE = 0x30


class StampError(Exception):
    """What is wrong with a time stamp, an answer or a certificate."""


@dataclass(frozen=True)
class Stamp:
    """What an authority has signed."""

    token: bytes  # DER
    moment: datetime  # UTC
    authority: str


def is_available() -> bool:
    """:return: whether the package is there that all of this needs"""
    return tsp is not None


def read_certificates(text: str) -> list[x509.Certificate]:
    """:param text: one certificate or more, as PEM
    :raise StampError: there is none, or it cannot be read"""
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise StampError("It is no certificate in the form of PEM.") from error
    if len(found) > MOST_CERTIFICATES:
        raise StampError(f"{MOST_CERTIFICATES} certificates are the most.")
    return list(dict.fromkeys(found))


def as_pem(content: bytes) -> str:
    """:param content: of a file with certificates, as PEM, or with one, as DER
    :return: PEM
    :raise StampError: there is none in it"""
    try:
        made = x509.load_der_x509_certificate(content)
        return made.public_bytes(Encoding.PEM).decode()
    except ValueError:
        text = content.decode(errors="replace")
    read_certificates(text)
    return text


def make_query(message: bytes) -> Any:
    """:return: what an authority is asked, by the SHA-256 of a message and with a
    number that its answer has to repeat: ``as_bytes()`` of it is posted"""
    builder = tsp.TimestampRequestBuilder().data(message)
    return builder.hash_algorithm(tsp.HashAlgorithm.SHA256).build()


def open_answer(
    answer: bytes, query: Any, message: bytes, known: Sequence[x509.Certificate]
) -> Stamp:
    """
    :param answer: of an authority to a query, which was made of the message
    :param known: certificates that lead to whom is trusted
    :return: the time stamp, checked
    :raise StampError: it is none, or of something else, or signed by somebody else
    """
    read = _decoded(answer)
    if read.status not in (tsp.PKIStatus.GRANTED, tsp.PKIStatus.GRANTED_WITH_MODS):
        said = " ".join(" ".join(read.status_string).split())[:MOST_WORDS]
        raise StampError(f"The authority refuses (status {read.status}). {said}")
    return check(read.time_stamp_token(), message, known, query.nonce)


def check(
    token: bytes,
    message: bytes,
    known: Sequence[x509.Certificate],
    nonce: int | None = None,
) -> Stamp:
    """
    :param token: a time stamp, DER
    :param known: certificates that lead to whom is trusted
    :param nonce: number that it has to repeat
    :return: the time stamp
    :raise StampError: it is none, not of this message, or signed by somebody else
    """
    answer = _decoded(_sequence(GRANTED + token))
    if _imprint(answer) != sha256(message).digest():
        raise StampError(OTHER)
    builder = tsp.VerifierBuilder(roots=list(known), nonce=nonce)
    try:
        builder.build().verify_message(answer, message)
    # what stands in a certificate is anybody's
    except (tsp.VerificationError, ValueError) as error:
        raise StampError(f"The time stamp does not hold: {_told(error)}") from error
    moment = answer.tst_info.gen_time.astimezone(timezone.utc)
    return Stamp(token, moment, _authority(answer))


def check_any(
    token: bytes, candidates: Iterable[bytes], known: Sequence[x509.Certificate]
) -> Stamp:
    """As :func:`check`, of a message that is one of several."""
    imprint = _imprint(_decoded(_sequence(GRANTED + token)))
    for message in candidates:
        if sha256(message).digest() == imprint:
            return check(token, message, known)
    raise StampError(OTHER)


def messages(note: str) -> Iterator[bytes]:
    """What of a signed note may have been stamped: others sign it afterwards, below.

    :return: the note with its first signature, with its first two, ..."""
    text, blank, signatures = note.rpartition("\n\n")
    for number, _line in enumerate(lines := signatures.splitlines(keepends=True), 1):
        yield f"{text}{blank}{''.join(lines[:number])}".encode()


def _imprint(answer: Any) -> bytes:
    """:return: the SHA-256 that was stamped"""
    imprint = answer.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != SHA256:
        raise StampError("The time stamp is not of a SHA-256.")
    return bytes(imprint.message)


def _told(error: Exception) -> str:
    """:return: why, without what only the library knows"""
    found = re.search(r'Verify error: ([^"]*)', str(error))
    if found:
        return f"the certificates do not lead to who has signed it ({found[1]})"
    return re.sub(r": ErrorStack.*", "", str(error))


def _decoded(answer: bytes) -> Any:
    if len(answer) > MOST_BYTES:
        raise StampError("The answer is too long for a time stamp.")
    try:
        read = tsp.decode_timestamp_response(answer)
        # refusals have none
        if read.status in (tsp.PKIStatus.GRANTED, tsp.PKIStatus.GRANTED_WITH_MODS):
            _ = read.tst_info, read.signed_data
    except ValueError as error:
        raise StampError("The answer is no time stamp.") from error
    return read


def _sequence(content: bytes) -> bytes:
    """:return: DER"""
    length = len(content)
    if length < 0x80:
        return bytes([SEQUENCE, length]) + content
    encoded = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([SEQUENCE, 0x80 | len(encoded)]) + encoded + content


def _authority(answer: Any) -> str:
    """:return: who has signed, as the certificate says it"""
    (signer,) = answer.signed_data.signer_infos
    for content in answer.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(content)
        if certificate.serial_number == signer.serial_number:
            return certificate.subject.rfc4514_string()[:MOST_WORDS]
    return ""
