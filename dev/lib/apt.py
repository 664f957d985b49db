"""Debian packages without installing them: downloaded by apt, unpacked anywhere.

apt gets private state folders, so this needs no root and changes nothing on the
machine. The mirror is the one that the machine is configured with, and apt verifies
signatures and checksums.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from . import programs
from .messages import SetupError
from .paths import cache

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
HINT = "is the network up?"
VERSION = re.compile(r"^Version: (\S+)", re.MULTILINE)
SOURCE = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
{signature}
"""


class Apt:
    """apt with private state, for the machine's own suites or for another one."""

    def __init__(self, suite: str | None = None):
        self.state = cache() / "apt" / (suite or "own")
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        self.options = [
            f"Dir::State::Lists={self.state}/lists",
            f"Dir::Cache={self.state}/cache",
            "APT::Update::Post-Invoke=",
            "APT::Update::Post-Invoke-Success=",
            # Root's apt would work as a user that cannot enter a private folder.
            "APT::Sandbox::User=",
            "Acquire::Retries=3",
            "Debug::NoLocking=true",
        ]
        if suite:
            self._use(suite)
        # A third-party source may be unreachable: the download is what counts.
        self._run("apt-get", "update", check=False)

    def unpack(self, packages: list[str], target: Path) -> None:
        """Download the packages and unpack all of them into the target folder."""
        # Beside the target, whose next download clears up what a kill leaves behind.
        with tempfile.TemporaryDirectory(
            dir=target.parent, prefix=f"{target.name}-"
        ) as folder:
            self._run("apt-get", "download", *packages, cwd=Path(folder))
            for archive in sorted(Path(folder).glob("*.deb")):
                programs.run(["dpkg", "-x", str(archive), str(target)], "disk full?")

    def version(self, package: str) -> str | None:
        """:return: of what a download would get, nothing if there is no such package"""
        show = ["apt-cache", "show", "--no-all-versions", package]
        found = VERSION.search(self._run(*show, check=False))
        return found and found[1]

    def missing_for(self, package: str) -> list[str]:
        """The package and what it needs, without what this machine has installed."""
        flags = ["--simulate", "--no-install-recommends"]
        plan = self._run("apt-get", "install", *flags, package)
        return [
            line.split()[1] for line in plan.splitlines() if line.startswith("Inst")
        ]

    def mirror(self) -> str:
        """The Debian mirror that the machine itself is configured with."""
        form = "$(REPO_URI)|$(ORIGIN)|$(LABEL)"
        query = ["indextargets", "--format", form, "Created-By: Packages"]
        for line in self._run("apt-get", *query).splitlines():
            uri, origin, label = line.split("|")
            if (origin, label) == ("Debian", "Debian"):
                return uri
        raise SetupError("no Debian mirror is configured or reachable")

    def _use(self, suite: str) -> None:
        source = self.state / "suite.sources"
        signature = f"Signed-By: {KEYRING}" if KEYRING.exists() else ""
        mirror = Apt().mirror()
        source.write_text(
            SOURCE.format(mirror=mirror, suite=suite, signature=signature)
        )
        self.options += [f"Dir::Etc::sourcelist={source}", "Dir::Etc::sourceparts=-"]

    def _run(
        self, program: str, *arguments: str, check: bool = True, cwd: Path | None = None
    ) -> str:
        flags = [part for option in self.options for part in ("-o", option)]
        return programs.run([program, *flags, *arguments], HINT, check, cwd)
