"""What the program itself does about a kind of data-subject request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _by_hand(*_args: object) -> None:
    """An officer does it, or nothing is to be done."""


@dataclass(frozen=True)
class RequestHandler:
    """What happens to requests of one kind; each of them is called without the
    requests, which it is bound to."""

    # as soon as it is certain that the person asks
    begin: Callable[[], object] = _by_hand
    # when an officer executes them; they are closed and the persons notified afterwards
    execute: Callable[[], object] = _by_hand
    # when they are refused or withdrawn, with the reason: takes back what began
    undo: Callable[[str], object] = _by_hand
