"""The prepared database that tests copy: the add-ons installed, assets built."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from . import checks, databases, odoo_process
from .messages import SetupError, step
from .paths import REPO, locked, state

PREPARE = REPO / "dev" / "prepare_template.py"
# Changes of these need no new installation.
IGNORED = {"tests", "readme", "__pycache__"}


def ensure() -> str:
    """:return: the name of a template that is up to date with the add-ons"""
    name = databases.own_name("template")
    with locked(state(), "template"):
        wanted = fingerprint()
        if databases.marked(name) != wanted:
            with step(f"Database template: installing {', '.join(checks.addons())}"):
                _build(name, dependencies(), checks.addons(), install_log())
            databases.mark(name, wanted)
    return name


def fingerprint() -> str:
    """A hash over everything that an installation depends on."""
    digest = hashlib.sha256(",".join(_needed()).encode())
    for path in sorted(_sources()):
        digest.update(str(path.relative_to(REPO)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install_log() -> Path:
    return state("logs") / "install.log"


def _sources():
    yield PREPARE
    for addon in checks.addons():
        for path in (REPO / addon).rglob("*"):
            if path.is_file() and not IGNORED & set(path.relative_to(REPO).parts):
                yield path


def _needed() -> list[str]:
    """The add-ons of Odoo that ours are built on."""
    own = checks.addons()
    manifests = [(REPO / addon / "__manifest__.py").read_text() for addon in own]
    needed = {name for text in manifests for name in ast.literal_eval(text)["depends"]}
    return sorted(needed - set(own))


def dependencies() -> str:
    """:return: a database with what our add-ons need; it outlives their changes"""
    name = databases.own_name("dependencies")
    if databases.marked(name) != ",".join(_needed()):
        with step(f"Database template: installing {', '.join(_needed())} of Odoo"):
            _build(name, "template0", _needed(), state("logs") / "dependencies.log")
        databases.mark(name, ",".join(_needed()))
    return name


def _build(name: str, source: str, addons: list[str], log: Path) -> None:
    # Under a name of its own until it is complete: tests must not copy half of it.
    draft = databases.copy(source, "draft")
    try:
        odoo_process.run(log, "-d", draft, "-i", ",".join(addons), "--stop-after-init")
        script = PREPARE.read_text()
        odoo_process.run(log.with_suffix(".assets"), "shell", "-d", draft, stdin=script)
        databases.rename(draft, name)
    except SetupError:
        databases.drop(draft)
        raise
