"""Where things are: downloads in the user's cache, everything else in the clone."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .messages import SetupError

REPO = Path(__file__).resolve().parents[2]
STATE = REPO / ".dev"
REQUIREMENTS = REPO / "dev" / "requirements.txt"
ODOO = REPO / "dev" / "bin" / "odoo"


def cache() -> Path:
    """Downloads that several clones of one user share."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(home) / "privacy-guard"
    path.mkdir(parents=True, exist_ok=True)
    return path


def state(*parts: str) -> Path:
    """A folder below `.dev/`, made if needed."""
    path = STATE.joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def locked(folder: Path, name: str, busy: str = "") -> Iterator[None]:
    """Let one process at a time into the block.

    The others wait, or end with the message `busy` if there is one.
    """
    with open(folder / f".{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise SetupError(busy) from None
        yield


@contextmanager
def shared(folder: Path, name: str, alone: Callable[[], None]) -> Iterator[None]:
    """Let any number of processes into the block.

    :param alone: is called before, if no other is in it
    """
    with open(folder / f".{name}.lock", "w") as handle:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone()
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


@contextmanager
def complete_folder(target: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `target` only if the block succeeds.

    The temporary folder lies beside the target so that the rename is atomic: whoever
    sees the target sees all of it. Callers hold a lock, so that what a killed process
    left there is nobody's any more.
    """
    for leftover in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    unfinished.chmod(0o755)
    try:
        yield unfinished
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
