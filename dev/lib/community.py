"""Add-ons of the Odoo community, from the package index that pip and uv are set up for,
in the versions that `dev/community_addons.txt` pins."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from . import venv
from .messages import SetupError, step
from .paths import REPO, cache, complete_folder, locked

PINNED = REPO / "dev" / "community_addons.txt"
PACKAGE = re.compile(r"^odoo-addon-([a-z0-9-]+)==", re.MULTILINE)


def names() -> list[str]:
    """:return: technical names of the add-ons"""
    return sorted(name.replace("-", "_") for name in PACKAGE.findall(_pins()))


def folder() -> Path:
    """:return: where they are, and what they need, for PYTHONPATH; fetched once"""
    target = cache() / f"community-{hashlib.sha256(_pins().encode()).hexdigest()[:12]}"
    with locked(cache(), target.name):
        if not target.exists():
            with step("Add-ons of the community: getting them (once per user)"):
                _fetch(target)
    return target


def tests(folder: Path, name: str) -> list[Path]:
    """
    :param folder: as :func:`folder` returns it
    :param name: of an add-on
    :return: the files of its tests
    """
    if name not in names():
        raise SetupError(f"{PINNED.name} has no {name}")
    return sorted((folder / "odoo" / "addons" / name / "tests").glob("test_*.py"))


def _pins() -> str:
    return PINNED.read_text()


def _fetch(target: Path) -> None:
    with complete_folder(target) as unfinished:
        # without what they need: that is Odoo itself, and what the file names as well
        wanted = ["--no-deps", "--target", str(unfinished)]
        venv.install([*wanted, "--requirement", str(PINNED)])
