"""What the person at the terminal reads: a line per long step, a line per failure."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class SetupError(Exception):
    """What the machine lacks. The text is one line: what is missing, what to do."""


def say(text: str) -> None:
    # Standard error, so that the output of `./dev/odoo` and `./dev/psql` can be piped.
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step that takes seconds, and how long it took."""
    started = time.monotonic()
    say(f"==> {text}")
    yield
    say(f"    done in {time.monotonic() - started:.0f} s")


def exit_on_setup_error(main: Callable[[], T]) -> Callable[[], T]:
    """Decorate an entry point: a `SetupError` becomes one line and status 2."""

    def wrapper() -> T:
        try:
            return main()
        except SetupError as error:
            say(f"error: {error}")
            sys.exit(2)
        except KeyboardInterrupt:
            sys.exit(130)

    return wrapper
