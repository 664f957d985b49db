"""The static checks: name and command of each, run over every add-on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .paths import REPO

PYLINT_OFF = [
    # An add-on's README is generated from its readme/ when it is published.
    "missing-readme",
    # A big model is split over files by what it does.
    "consider-merging-classes-inherited",
]
# What pylint-odoo asks of no test, which it only knows in the folder tests itself.
NOT_IN_TESTS = ["odoo-addons-relative-import", "translation-required"]
TESTS = ".*/tests/.*"


def addons() -> list[str]:
    return sorted(manifest.parent.name for manifest in REPO.glob("*/__manifest__.py"))


def commands() -> dict[str, list[str]]:
    """Name of the check -> command, to be run in the repository's folder."""
    programs = Path(sys.executable).parent
    ruff = str(programs / "ruff")
    pylint = [str(programs / "pylint"), "--disable=all", "--enable=odoolint"]
    in_tests = [*PYLINT_OFF, *NOT_IN_TESTS]
    tests = sorted(str(path.relative_to(REPO)) for path in REPO.glob("*/tests/"))
    return {
        "ruff": [ruff, "check", "--quiet"],
        "format": [ruff, "format", "--check", "--quiet"],
        "mypy": [str(programs / "mypy"), "--no-error-summary"],
        "pylint-odoo": [
            *pylint,
            f"--disable={','.join(PYLINT_OFF)}",
            f"--ignore-paths={TESTS}",
            *addons(),
        ],
        "pylint-odoo, tests": [*pylint, f"--disable={','.join(in_tests)}", *tests],
        "oca-hooks": [str(programs / "oca-checks-odoo-module"), *addons()],
    }


def complaints(command: list[str]) -> str:
    """:return: what the check complains about, empty if nothing"""
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    if not done.returncode:
        return ""
    return (done.stdout + done.stderr).strip() or f"{command[0]} failed without a word"
