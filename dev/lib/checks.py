"""The static checks: name and command of each, run over every add-on of the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .paths import REPO


def addons() -> list[str]:
    return sorted(manifest.parent.name for manifest in REPO.glob("*/__manifest__.py"))


def commands() -> dict[str, list[str]]:
    """Name of the check -> command, to be run in the repository's folder."""
    programs = Path(sys.executable).parent
    ruff = str(programs / "ruff")
    return {
        "ruff": [ruff, "check", "--quiet"],
        "format": [ruff, "format", "--check", "--quiet"],
        "pylint-odoo": [str(programs / "pylint"), "--rcfile=.pylintrc", *addons()],
        "oca-hooks": [str(programs / "oca-checks-odoo-module"), *addons()],
    }


def run(command: list[str]) -> str:
    """:return: what the check complains about, empty if nothing"""
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip() if done.returncode else ""
