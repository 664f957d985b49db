"""Where Odoo 19 is: ODOO_HOME if set, else what lies in the cache.

There it comes from Debian's package, the smaller download, which does not depend on one
host; else, where that is not to be had, from Odoo's own repository.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from . import programs
from .apt import Apt
from .messages import SetupError, step
from .paths import cache, complete_folder, locked

SERIES = "19"
# As Odoo's documentation has it: its sources, the branch of the series, no history.
REPOSITORY = "https://github.com/odoo/odoo.git"
CLONE = ["git", "clone", "--quiet", "--depth=1", "--single-branch", "--branch=19.0"]
# Odoo links to these packages' files instead of shipping copies.
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
# Sid has a new major of this font, which lacks the files that Odoo links to.
OWN_SUITE_PACKAGES = ["fonts-font-awesome"]
# Debian leaves this out (call backgrounds). Browsers log an error for the missing file,
# and tours fail on that; nobody calls anybody here, so an empty one will do.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    root: Path  # what Python imports `odoo` from
    addons: list[Path]  # add-ons that lie outside the package itself


def find() -> OdooSource:
    home = os.environ.get("ODOO_HOME")
    if home:
        return _checkout(Path(home).expanduser().resolve())
    target = cache() / "odoo-19"
    with locked(cache(), "odoo-19"):
        if not target.exists():
            _download(target)
    packaged = target / "usr/lib/python3/dist-packages"
    return _checkout(packaged if packaged.exists() else target)


def _checkout(home: Path) -> OdooSource:
    release = home / "odoo" / "release.py"
    if not release.is_file():
        raise SetupError(f"{home} has no odoo/release.py: it is not an Odoo checkout")
    version = re.search(r"version_info\s*=\s*\(\D*(\d+)", release.read_text())
    if not version or version[1] != SERIES:
        raise SetupError(
            f"Odoo {SERIES} is needed, {home} has {version and version[1]}"
        )
    # Debian's second copy of the add-ons has Python only: not usable.
    addons = [home / "addons"] if (home / "addons/web/static").is_dir() else []
    return OdooSource(home, addons)


def _download(target: Path) -> None:
    try:
        with (
            step("Odoo 19: getting Debian's package (130 MB, once per user)"),
            complete_folder(target) as folder,
        ):
            _unpack(folder)
        return
    except SetupError as error:
        lacking = str(error).rstrip(".")
    try:
        with (
            step(f"Odoo 19: {lacking}: cloning {REPOSITORY} (some hundred MB)"),
            complete_folder(target) as folder,
        ):
            programs.run([*CLONE, REPOSITORY, str(folder)], "is the network up?")
            _checkout(folder)
    except SetupError as error:
        raise SetupError(
            f"no Odoo 19 from Debian ({lacking}) nor from its repository ({error}): "
            "set ODOO_HOME to an Odoo 19 checkout"
        ) from None


def _unpack(folder: Path) -> None:
    """Debian's package with the files that it links to."""
    sid = Apt("sid")
    version = sid.version("odoo-19")
    # One day the suite has another series, and this one no more.
    if not version or version.rpartition(":")[2].split(".")[0] != SERIES:
        raise SetupError(f"Debian has {version or 'nothing'} as its package odoo-19")
    sid.unpack(PACKAGES, folder)
    Apt().unpack(OWN_SUITE_PACKAGES, folder)
    script = folder / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
    script.parent.mkdir(parents=True, exist_ok=True)
    script.touch()
