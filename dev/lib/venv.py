"""The clone's virtual environment, rebuilt whenever `requirements.txt` changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

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
        if not (
            interpreter.exists() and stamp.exists() and stamp.read_text() == wanted
        ):
            _build(interpreter)
            stamp.write_text(wanted)
    return interpreter


def _build(interpreter: Path) -> None:
    with step("Python: installing what Odoo and the tests need (once per clone)"):
        base = _base_interpreter()
        _call(
            [base, "-m", "venv", "--clear", str(HOME)], "install Debian's python3-venv"
        )
        _call(
            [
                str(interpreter),
                "-m",
                "pip",
                "install",
                "--quiet",
                "-r",
                str(REQUIREMENTS),
            ],
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


def _call(command: list[str], hint: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise SetupError(f"{' '.join(command[1:4])} failed ({hint}): {' '.join(last)}")
