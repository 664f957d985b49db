"""Debian packages without installing them: downloaded by apt, unpacked anywhere.

apt gets private state folders, so this needs no root and changes nothing on the
machine. The mirror is the one that the machine is configured with, and apt verifies
signatures and checksums.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from .messages import SetupError
from .paths import cache

INSTEAD = "set ODOO_HOME to an Odoo 19 checkout"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Apt:
    """apt with private state, for the machine's own suite or for another one."""

    def __init__(self, suite: str | None = None):
        self.suite = suite
        self.state = cache() / "apt" / (suite or "own")

    def unpack(self, packages: list[str], target: Path) -> None:
        """Download the packages and unpack all of them into the target folder."""
        self._update()
        with tempfile.TemporaryDirectory(dir=self.state, prefix="debs-") as folder:
            self._run("apt-get", "download", *packages, cwd=folder)
            for archive in sorted(Path(folder).glob("*.deb")):
                _call(["dpkg", "-x", str(archive), str(target)])

    def missing_for(self, package: str) -> list[str]:
        """The package and what it needs that this machine has not installed."""
        self._update()
        plan = self._run(
            "apt-get", "install", "--simulate", "--no-install-recommends", package
        )
        return [
            line.split()[1] for line in plan.splitlines() if line.startswith("Inst")
        ]

    def _update(self) -> None:
        if not shutil.which("apt-get"):
            raise SetupError(f"there is no apt-get on this machine: {INSTEAD}")
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        if self.suite:
            (self.state / "suite.sources").write_text(self._source())
        # A third-party source may be unreachable: the download is what counts.
        self._run("apt-get", "update", check=False)

    def _source(self) -> str:
        lines = [
            "Types: deb",
            f"URIs: {_mirror()}",
            f"Suites: {self.suite}",
            "Components: main",
        ]
        if KEYRING.exists():
            lines.append(f"Signed-By: {KEYRING}")
        return "\n".join(lines) + "\n"

    def _run(
        self, program: str, *arguments: str, check: bool = True, cwd: str | None = None
    ) -> str:
        options = [
            f"Dir::State::Lists={self.state}/lists",
            f"Dir::Cache={self.state}/cache",
        ]
        options += ["APT::Update::Post-Invoke=", "APT::Update::Post-Invoke-Success="]
        # Root's apt would work as a user that cannot enter a private folder.
        options += [
            "APT::Sandbox::User=",
            "Acquire::Retries=3",
            "Debug::NoLocking=true",
        ]
        if self.suite:
            options += [f"Dir::Etc::sourcelist={self.state}/suite.sources"]
            options += ["Dir::Etc::sourceparts=-"]
        flags = [part for option in options for part in ("-o", option)]
        return _call([program, *flags, *arguments], check=check, cwd=cwd)


def _mirror() -> str:
    """The Debian mirror that this machine uses itself."""
    targets = _call(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(REPO_URI)|$(ORIGIN)|$(LABEL)",
            "Created-By: Packages",
        ]
    )
    for line in targets.splitlines():
        uri, origin, label = line.split("|")
        if (origin, label) == ("Debian", "Debian"):
            return uri
    raise SetupError(
        "this machine has no Debian mirror configured (or no `apt-get update` yet): "
        f"{INSTEAD}"
    )


def _call(command: list[str], check: bool = True, cwd: str | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if check and done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise SetupError(f"{command[0]} failed, is the network up? {last}")
    return done.stdout
