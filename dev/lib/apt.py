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

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
INSTEAD = "set ODOO_HOME to an Odoo 19 checkout"
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
        if not shutil.which("apt-get"):
            raise SetupError(f"there is no apt-get on this machine: {INSTEAD}")
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
            self._run("apt-get", "download", *packages, cwd=folder)
            for archive in sorted(Path(folder).glob("*.deb")):
                _call(["dpkg", "-x", str(archive), str(target)])

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
        raise SetupError(f"no Debian mirror is configured or reachable: {INSTEAD}")

    def _use(self, suite: str) -> None:
        source = self.state / "suite.sources"
        signature = f"Signed-By: {KEYRING}" if KEYRING.exists() else ""
        mirror = Apt().mirror()
        source.write_text(
            SOURCE.format(mirror=mirror, suite=suite, signature=signature)
        )
        self.options += [f"Dir::Etc::sourcelist={source}", "Dir::Etc::sourceparts=-"]

    def _run(self, program: str, *arguments: str, **options) -> str:
        flags = [part for option in self.options for part in ("-o", option)]
        return _call([program, *flags, *arguments], **options)


def _call(command: list[str], check: bool = True, cwd: str | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if check and done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise SetupError(f"{command[0]} failed, is the network up? {last}")
    return done.stdout
