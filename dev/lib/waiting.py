"""Waiting for the thing itself, and no longer than what hangs would take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Seconds. No machine is so busy that what works takes as long.
PATIENCE = 600


def until(happened: Callable[[], T], what: str) -> T:
    """
    :param happened: asked again and again until its answer is true
    :param what: is waited for, as the error says it
    :return: that answer
    """
    deadline = time.monotonic() + PATIENCE
    while not (answer := happened()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: waited {PATIENCE} seconds in vain")
        time.sleep(0.05)
    return answer
