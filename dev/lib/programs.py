"""Other programs, run to their end."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .messages import SetupError


def run(
    command: list[str], hint: str, check: bool = True, cwd: Path | None = None
) -> str:
    """
    :param hint: what may be the matter if it fails
    :param check: whether a failure is an error
    :return: what it wrote
    """
    # Nobody sees what it would ask.
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise SetupError(f"there is no {command[0]} on this machine") from None
    if check and done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise SetupError(f"{Path(command[0]).name} failed ({hint}): {said[-1]}")
    return done.stdout
