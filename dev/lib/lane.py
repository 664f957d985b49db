"""One of the pytest runs of `make test`: what it covers, and on which database."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from . import databases, template
from .paths import REPO, state

# What pytest exits with when an expression like -k left nothing to run.
NO_TESTS = 5
# Names the folder in which lanes that run at once note what each has taken.
TAKEN = "PRIVACY_GUARD_TAKEN"


class Lane:
    """
    :param name: of its database and of what it leaves in `.dev/`
    :param everything: whether its database holds more than contacts
    :param covers: the paths that it covers, as `glob` wants them, cheap to dear: what
        fails within a second should say so before a browser starts
    """

    def __init__(self, name: str, everything: bool, covers: list[str]):
        self.name = name
        self.everything = everything
        self.covers = covers

    def paths(self, arguments: list[str]) -> list[str]:
        """:return: what this lane has to run: all of it, or what is named of it"""
        own = [path.relative_to(REPO) for path in self._covered()]
        shared = [path.relative_to(REPO) for path in sorted(REPO.glob(SHARED))]
        named = [argument for argument in arguments if _names_a_file(argument)]
        if not named:
            return [str(path) for path in own + shared]
        if not self.everything:
            own += shared
        wanted = []
        for argument in named:
            path = Path(argument.split("::")[0])
            if any(path.is_relative_to(one) for one in own):
                wanted.append(argument)
            wanted += [str(one) for one in own if path in one.parents]
        return wanted

    def run(self, arguments: list[str]) -> int:
        """:return: the exit code of pytest, 0 if nothing matched"""
        database = databases.copy(template.ensure(self.everything), self.name)
        try:
            command = self._pytest(database, arguments)
            code = subprocess.run(command, cwd=REPO).returncode
            return 0 if code == NO_TESTS else code
        finally:
            databases.drop(database)

    def start(self, arguments: list[str]) -> tuple[Lane, subprocess.Popen]:
        """Run it in a process of its own, which writes into a log."""
        command = [sys.executable, "-m", "dev.lib.lane", self.name, *arguments]
        with open(self._log(), "w") as log:
            process = subprocess.Popen(
                command, cwd=REPO, stdout=log, stderr=subprocess.STDOUT
            )
        return self, process

    def finish(self, process: subprocess.Popen) -> int:
        """Wait for what was started, and show what it wrote."""
        code = process.wait()
        print(self._log().read_text(), flush=True)
        return code

    def counts(self) -> dict[str, int]:
        """:return: how many tests failed, passed and so on, in the words of pytest"""
        counts = dict.fromkeys(("failed", "passed", "skipped", "errors"), 0)
        if self._report().exists():
            for suite in ElementTree.parse(self._report()).getroot():
                failed, errors, skipped = (
                    int(suite.get(word)) for word in ("failures", "errors", "skipped")
                )
                counts["failed"] += failed
                counts["errors"] += errors
                counts["skipped"] += skipped
                counts["passed"] += int(suite.get("tests")) - failed - errors - skipped
        return counts

    def _covered(self):
        small = template.addons()
        for pattern in self.covers:
            for path in sorted(REPO.glob(pattern)):
                is_addon = (path / "__manifest__.py").exists()
                if not is_addon or self.everything != (path.name in small):
                    yield path

    def _pytest(self, database: str, arguments: list[str]) -> list[str]:
        self._report().unlink(missing_ok=True)
        options = [argument for argument in arguments if not _names_a_file(argument)]
        return [
            *(sys.executable, "-m", "pytest"),
            f"--odoo-database={database}",
            # Without it the tests of the web pages are skipped.
            "--odoo-http",
            f"--odoo-extra=screenshots={state('screenshots')}",
            f"--junitxml={self._report()}",
            *options,
            *self.paths(arguments),
        ]

    def _log(self) -> Path:
        return state("logs") / f"test-{self.name}.log"

    def _report(self) -> Path:
        return state("logs") / f"test-{self.name}.xml"


# Whether what models hold is declared matters for all of Odoo, not for contacts alone.
DECLARED = "privacy_guard/tests/erasure/test_data_map.py"
# Tests with real processes make databases of their own: of lanes that run at once each
# takes the next file when it is done with its add-ons, so that both end together.
SHARED = "tests/test_*.py"
LANES = [
    Lane("contacts", False, ["tests/checks", "tests/unit", "privacy_guard*"]),
    Lane("everything", True, ["privacy_guard*", DECLARED]),
]


@cache
def takes(path: Path) -> bool:
    """:return: whether this process is the first of all lanes to come to a file"""
    folder = os.environ.get(TAKEN)
    if not folder:
        return True
    try:
        Path(folder, "-".join(path.relative_to(REPO).parts)).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _names_a_file(argument: str) -> bool:
    return (REPO / argument.split("::")[0]).exists()


if __name__ == "__main__":
    mine = next(lane for lane in LANES if lane.name == sys.argv[1])
    sys.exit(mine.run(sys.argv[2:]))
