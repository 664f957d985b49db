"""The clone's virtual environment, kept up to date with `requirements.txt`."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from . import programs
from .messages import SetupError, step
from .paths import REQUIREMENTS, STATE, locked, state

OLDEST, NEWEST = (3, 10), (3, 13)
HOME = STATE / "venv"


def python() -> Path:
    """The interpreter of a complete environment."""
    interpreter = HOME / "bin" / "python"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = HOME / "requirements.sha256"
    with locked(state(), "venv"):
        # Written last: a set-up that was interrupted has no stamp and is done again.
        if not (stamp.exists() and stamp.read_text() == wanted and _works(interpreter)):
            _bring_up_to_date(interpreter)
            stamp.write_text(wanted)
    return interpreter


def packages() -> Path:
    """Where the environment's packages lie."""
    return next(HOME.glob("lib/python3*/site-packages"))


def _works(interpreter: Path) -> bool:
    """False after the system's Python went away: the environment only links to it."""
    return interpreter.exists()


def _bring_up_to_date(interpreter: Path) -> None:
    with step("Python: installing what Odoo and the tests need (once per clone)"):
        if not _works(interpreter):
            programs.run(
                [_base_interpreter(), "-m", "venv", "--clear", str(HOME)],
                "install Debian's python3-venv",
            )
        # In place: programs of a running demo must not vanish under it.
        programs.run(
            [str(interpreter), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)],
            "is the package index reachable?",
        )


def _base_interpreter() -> str:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise SetupError("Odoo 19 needs Python 3.10 to 3.13: install one of them")
