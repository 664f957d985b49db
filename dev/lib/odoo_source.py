"""Where Odoo 19 is: ODOO_HOME if set, else Debian's package unpacked into the cache."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .apt import Apt
from .messages import SetupError, step
from .paths import cache, complete_folder, locked

SERIES = "19"
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
    return _checkout(target / "usr/lib/python3/dist-packages")


def _checkout(home: Path) -> OdooSource:
    release = home / "odoo" / "release.py"
    if not release.is_file():
        raise SetupError(
            f"ODOO_HOME has no odoo/release.py: {home} is not an Odoo checkout"
        )
    version = re.search(r"version_info\s*=\s*\(\D*(\d+)", release.read_text())
    if not version or version[1] != SERIES:
        raise SetupError(
            f"Odoo {SERIES} is needed, ODOO_HOME has {version and version[1]}"
        )
    # Debian's second copy of the add-ons has Python only: not usable.
    addons = [home / "addons"] if (home / "addons/web/static").is_dir() else []
    return OdooSource(home, addons)


def _download(target: Path) -> None:
    with (
        step("Odoo 19: getting Debian's package (130 MB, once per user)"),
        complete_folder(target) as folder,
    ):
        Apt("sid").unpack(PACKAGES, folder)
        Apt().unpack(OWN_SUITE_PACKAGES, folder)
        script = folder / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
        script.parent.mkdir(parents=True, exist_ok=True)
        script.touch()
