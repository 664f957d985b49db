"""Other programs, run to their end."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from .messages import SetupError

VARIABLES = {
    # Nobody sees what it would ask.
    "GIT_TERMINAL_PROMPT": "0",
    # As pip does: the network of the house may have a certificate of its own.
    "UV_SYSTEM_CERTS": "1",
}
# As git, apt and pip begin the line that says it; advice may follow.
COMPLAINT = re.compile(r"(fatal|E|ERROR): ")


def run(
    command: list[str], hint: str, check: bool = True, cwd: Path | None = None
) -> str:
    """
    :param hint: what may be the matter if it fails
    :param check: whether a failure is an error
    :return: what it wrote
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **VARIABLES},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise SetupError(f"there is no {command[0]} on this machine") from None
    if check and done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        complaints = [line for line in said if COMPLAINT.match(line)]
        what = (complaints or said)[-1]
        raise SetupError(f"{Path(command[0]).name} failed ({hint}): {what}")
    return done.stdout
