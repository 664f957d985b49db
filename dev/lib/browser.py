"""A browser for the tours: the machine's own, else Debian's unpacked into the cache."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .apt import Apt
from .messages import SetupError, step
from .paths import cache, complete_folder, locked

# The names that Odoo's tests look for
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
WRAPPER = """#!/bin/sh
# Everything that the machine lacks lies beside this file.
root=$(dirname "$(dirname "$(readlink -f "$0")")")
libraries=$(echo "$root"/usr/lib/*-linux-gnu* "$root"/usr/lib/*-linux-gnu*/pulseaudio)
export LD_LIBRARY_PATH="$(echo $libraries | tr ' ' ':'):$LD_LIBRARY_PATH"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$root/etc/fonts"
exec "$root/usr/lib/chromium/{program}" "$@"
"""
# Without windows a browser starts in a third of the processor time; older suites of
# Debian have it within the whole one.
PACKAGES = ("chromium-headless-shell", "chromium")
# Texts without any font make tours fail; the machine may have none.
FONTS = "fonts-dejavu-core"


def folder() -> Path | None:
    """What to put on PATH so that a browser is found; nothing if one already is."""
    if any(shutil.which(name) for name in NAMES):
        return None
    target = cache() / "chromium-headless"
    with locked(cache(), "chromium-headless"):
        if not target.exists():
            try:
                _download(target)
            except SetupError as error:
                raise SetupError(f"no Chromium, install it: {error}") from None
    return target / "bin"


def on_path(path: str) -> str:
    """The search path, with the browser's folder if it needs one."""
    own = folder()
    return os.pathsep.join([path, str(own)]) if own else path


def _download(target: Path) -> None:
    with (
        step("Chromium: getting Debian's package (100 MB, once per user)"),
        complete_folder(target) as unfinished,
    ):
        apt = Apt()
        program = next(filter(apt.version, PACKAGES), PACKAGES[-1])
        packages = {*apt.missing_for(program), *apt.missing_for(FONTS)}
        apt.unpack(sorted(packages), unfinished)
        wrapper = unfinished / "bin" / "chromium"
        wrapper.parent.mkdir(exist_ok=True)
        wrapper.write_text(WRAPPER.format(program=program))
        wrapper.chmod(0o755)
