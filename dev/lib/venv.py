"""The clone's virtual environment, kept up to date with `requirements.txt`.

By uv: it takes a quarter of pip's time, and next to none for a second clone. Where uv
does not get there (it does not read pip's configuration, which may name an index of the
house) pip does it.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import sysconfig
from pathlib import Path

from . import programs
from .apt import Apt
from .messages import SetupError, step
from .paths import REQUIREMENTS, STATE, cache, complete_folder, locked, state

OLDEST, NEWEST = (3, 10), (3, 13)
HOME = STATE / "venv"
UV = "uv==0.13.9"
# Where Python itself would take it from: as it comes, and as distributions have it.
WHEELS = (
    Path(sysconfig.get_path("stdlib"), "ensurepip", "_bundled"),
    Path("/usr/share/python-wheels"),
)
HINT = "is the package index reachable?"


def python() -> Path:
    """The interpreter of a complete environment."""
    interpreter = HOME / "bin" / "python"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = HOME / "requirements.sha256"
    with locked(state(), "venv"):
        # Written last: a set-up that was interrupted has no stamp and is done again.
        if not (stamp.exists() and stamp.read_text() == wanted and _works(interpreter)):
            with step("Python: installing what Odoo and its tests need (once)"):
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
    if not _works(interpreter):
        # Without pip: Debian's Python has it in a package of its own.
        make = [_base_interpreter(), "-m", "venv", "--clear", "--without-pip"]
        programs.run([*make, str(HOME)], "is this Python complete?")
    # In place: programs of a running demo must not vanish under it.
    install(["--requirement", str(REQUIREMENTS)])


def install(wanted: list[str]) -> None:
    """Install packages from the index that the machine is set up for.

    :param wanted: what uv and pip both understand
    """
    interpreter = str(HOME / "bin" / "python")
    install = ["install", "--quiet", *wanted]
    try:
        programs.run([uv(), "pip", *install, "--python", interpreter], HINT)
    except SetupError:
        programs.run([interpreter, _pip(), *install], HINT)


def uv() -> str:
    """:return: the machine's own uv, else one in the cache"""
    target = cache() / UV
    with locked(cache(), UV):
        if not shutil.which("uv") and not target.exists():
            with complete_folder(target) as folder:
                install = ["install", "--quiet", "--no-deps", "--target", str(folder)]
                programs.run([_base_interpreter(), _pip(), *install, UV], HINT)
    return shutil.which("uv") or str(target / "bin" / "uv")


def _pip() -> str:
    """:return: pip as a program for Python, from the file that comes with Python"""
    target = cache() / "pip"
    for folder in (*WHEELS, target):
        for wheel in folder.rglob("pip-*.whl"):
            return f"{wheel}/pip"
    with locked(cache(), "pip"), complete_folder(target) as folder:
        try:
            Apt().unpack(["python3-pip-whl"], folder)
        except SetupError as error:
            raise SetupError(f"there is no pip, install Python's: {error}") from None
    return _pip()


def _base_interpreter() -> str:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise SetupError("Odoo 19 needs Python 3.10 to 3.13: install one of them")
