"""The prepared databases that tests copy: the add-ons installed, assets built.

Two of them: contacts alone, as most of the add-on is about, and everything, in a house
of two companies.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from . import checks, databases, odoo_process
from .messages import SetupError, step
from .paths import REPO, locked, state

ASSETS = REPO / "dev" / "prepare_assets.py"
COMPANIES = REPO / "dev" / "prepare_companies.py"
# What a database for contacts holds: Odoo's own text messages and letters come along.
SMALL = {
    "privacy_guard",
    "privacy_guard_digest",
    "privacy_guard_phone_validation",
    "privacy_guard_sms",
    "privacy_guard_snailmail",
}
# Changes of these need no new installation.
IGNORED = {"tests", "readme", "manual", "description", "__pycache__"}


def ensure(everything: bool = False) -> str:
    """
    :param everything: also what joins the add-on to the rest of Odoo
    :return: the name of a template that is up to date with the add-ons
    """
    own = addons(everything)
    name = databases.own_name(_purpose("template", everything))
    with locked(state(), name):
        wanted = fingerprint(everything)
        if databases.marked(name) != wanted:
            with step(f"Database template: installing {', '.join(own)}"):
                log = install_log(everything)
                build(name, dependencies(everything), own, log, _scripts(everything))
            databases.mark(name, wanted)
    return name


def ready(everything: bool = False) -> str | None:
    """:return: the name of the template if it is up to date already"""
    name = databases.own_name(_purpose("template", everything))
    return name if databases.marked(name) == fingerprint(everything) else None


def addons(everything: bool = False) -> list[str]:
    """:return: the names of our add-ons that the template holds"""
    return [name for name in checks.addons() if everything or name in SMALL]


@cache
def fingerprint(everything: bool = False) -> str:
    """A hash over everything that an installation depends on, as a process began."""
    digest = hashlib.sha256(",".join(needed(everything)).encode())
    for path in sorted(_sources(everything)):
        digest.update(str(path.relative_to(REPO)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install_log(everything: bool = False) -> Path:
    return state("logs") / f"{_purpose('install', everything)}.log"


def dependencies(everything: bool = False) -> str:
    """:return: a database with what our add-ons need; it outlives their changes"""
    addons_of_odoo = needed(everything)
    name = databases.own_name(_purpose("dependencies", everything))
    if databases.marked(name) != ",".join(addons_of_odoo):
        with step(f"Database template: installing {', '.join(addons_of_odoo)} of Odoo"):
            log = state("logs") / f"{_purpose('dependencies', everything)}.log"
            # no assets: they are others once our add-ons are there
            build(name, "template0", addons_of_odoo, log, [])
        databases.mark(name, ",".join(addons_of_odoo))
    return name


def _purpose(purpose: str, everything: bool) -> str:
    return f"{purpose}_all" if everything else purpose


def _scripts(everything: bool) -> list[Path]:
    return [ASSETS, COMPANIES] if everything else [ASSETS]


def _sources(everything: bool) -> Iterator[Path]:
    yield from _scripts(everything)
    for addon in addons(everything):
        for path in (REPO / addon).rglob("*"):
            if path.is_file() and not IGNORED & set(path.relative_to(REPO).parts):
                yield path


def needed(everything: bool) -> list[str]:
    """The add-ons of Odoo that ours are built on."""
    own = addons(everything)
    manifests = [(REPO / addon / "__manifest__.py").read_text() for addon in own]
    depends = {name for text in manifests for name in ast.literal_eval(text)["depends"]}
    return sorted(depends - set(own))


def build(
    name: str, source: str, addons: list[str], log: Path, scripts: list[Path]
) -> None:
    """
    :param name: of the database to make
    :param source: the database to begin with
    :param addons: what to install into it
    :param scripts: what to run in its shell afterwards
    """
    # Under a name of its own until it is complete: tests must not copy half of it.
    draft = databases.copy(source, "draft")
    try:
        odoo_process.run(log, "-d", draft, "-i", ",".join(addons), "--stop-after-init")
        script = "".join(path.read_text() for path in scripts)
        if script:
            log = log.with_suffix(".scripts")
            odoo_process.run(log, "shell", "-d", draft, stdin=script)
        databases.analyze(draft)
        databases.rename(draft, name)
    except SetupError:
        databases.drop(draft)
        raise
