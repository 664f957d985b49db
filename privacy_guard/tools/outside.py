"""Asking a server outside, which an administrator has named: nothing but what was named
is asked, no longer than some seconds, and no more of the answer is read than it can
need."""

from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

import requests  # type: ignore[import-untyped]

SECONDS = 10
TEXT = "text/plain; charset=utf-8"
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})  # for trying it out


class Unreachable(Exception):
    """Why there is no answer. It tells nothing of what was reached instead."""


def is_address(url: str, *, plain: bool = False) -> bool:
    """:param plain: whether http will do, since what is answered is signed
    :return: whether a server may be asked there: over https, or on this machine"""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    may_be_plain = plain or host in LOCAL
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and may_be_plain)
    is_plain = url.isascii() and url.isprintable() and not {" ", "\\"} & set(url)
    besides = parts.username or parts.password or parts.query or parts.fragment
    return bool(host) and is_safe and is_plain and not besides


def ask(
    url: str,
    most_bytes: int,
    content: bytes | None = None,
    *,
    content_type: str = TEXT,
    plain: bool = False,
) -> tuple[int, bytes]:
    """
    :param int most_bytes: of the answer
    :param content: what is posted; by default the address is fetched
    :param plain: as for :func:`is_address`
    :return: the status, and the answer; a redirect is one, and is not followed
    :raise Unreachable: there is no answer, or a longer one
    """
    if not is_address(url, plain=plain):
        raise Unreachable("address")
    answers: SimpleQueue[tuple[int, bytes] | Unreachable] = SimpleQueue()

    def attempt() -> None:
        try:
            answers.put(_ask(url, most_bytes, content, content_type))
        except Unreachable as error:
            answers.put(error)

    # apart: the time that a connection may take counts for each byte of it, and whoever
    # sends one now and then would hold us up for ever
    Thread(target=attempt, daemon=True).start()
    try:
        answer = answers.get(timeout=SECONDS)
    except Empty:
        raise Unreachable("time") from None
    if isinstance(answer, Unreachable):
        raise answer
    return answer


def _ask(
    url: str, most_bytes: int, content: bytes | None, content_type: str
) -> tuple[int, bytes]:
    headers = {"Accept-Encoding": "identity"}
    if content is not None:
        headers["Content-Type"] = content_type
    try:
        with requests.request(
            "GET" if content is None else "POST",
            url,
            data=content,
            headers=headers,
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code, _read(answer, most_bytes)
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(type(error).__name__) from error


def _read(answer: requests.Response, most_bytes: int) -> bytes:
    read = bytearray()
    for chunk in answer.iter_content(1024):
        read += chunk
        if len(read) > most_bytes:
            raise Unreachable("length")
    return bytes(read)
