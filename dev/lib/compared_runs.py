"""Tests of somebody else, run three times: without our add-ons, with all of them, and
with consents enabled and one that everybody is asked.

Says how far it is and prints each test that ends differently than without. A text file
says why, test by test; what it does not explain is counted.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from . import browser, databases, odoo_process, template
from .messages import SetupError, say, step
from .paths import REPO, locked, state

WITHOUT, WITH, ENABLED = NAMES = ("without", "with", "enabled")
ENDINGS = ("failure", "error", "skipped")
PERCENT = re.compile(r"\[ *(\d+)%\]$", re.MULTILINE)
# In the text file, before what differs only while consents are enabled.
HEADER = f"[{ENABLED}]"
ENABLE = REPO / "dev" / "prepare_consents.py"
# What its tests do as nobody does who has enabled consents.
FIXTURES = ["-p", "dev.lib.shared_addresses", "-p", "dev.lib.named_consents"]
# Browsers of the tests wait for seconds: more at once would end otherwise.
AT_ONCE = 2


@dataclass(frozen=True)
class ComparedRuns:
    """
    :param purpose: what databases and logs are called after
    :param root: each test is named after its file below it
    :param explained: the text file
    """

    purpose: str
    root: Path
    explained: Path

    def compare(self, source: str, addons: list[str], paths: list[Path]) -> int:
        """
        :param source: database with what our add-ons need
        :param addons: that the tests need besides
        :param paths: files of tests
        :return: number of differences that nothing explains
        """
        os.environ["PATH"] = browser.on_path(os.environ["PATH"])
        plain = self._build(WITHOUT, source, addons)
        with_us = self._build(WITH, plain, template.addons(everything=True))
        self._run_all((plain, with_us, with_us), paths)
        without, ours, enabled = map(self._outcomes, NAMES)
        reasons = self._reasons()
        unexplained = _compare(without, ours, WITH, reasons[WITH])
        # what differs with us differs as well when consents are enabled
        reasons_enabled = reasons[WITH] | reasons[ENABLED]
        unexplained += _compare(without, enabled, ENABLED, reasons_enabled)
        say(f"{unexplained} differences that nothing explains")
        return unexplained

    # ------------------------------------------------------------------
    # Databases
    # ------------------------------------------------------------------

    def _build(self, run: str, source: str, addons: list[str]) -> str:
        name = databases.own_name(f"{self.purpose}_{run}")
        with locked(state(), name):
            # what is without our add-ons outlives their changes
            ours = template.fingerprint(True) if run == WITH else ""
            wanted = f"{source} {addons} {ours}"
            if databases.marked(name) != wanted:
                with step(f"Database: installing {', '.join(addons)}"):
                    log = state("logs") / f"{self.purpose}_{run}.log"
                    template.build(name, source, addons, log, [template.ASSETS])
                databases.mark(name, wanted)
        return name

    def _enable(self, database: str) -> None:
        log = state("logs") / f"{self.purpose}-{ENABLED}-script.log"
        odoo_process.run(log, "shell", "-d", database, stdin=ENABLE.read_text())

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    def _run_all(self, sources: tuple[str, ...], paths: list[Path]) -> None:
        with step(f"{len(paths)} files of tests: {', '.join(NAMES)}"):
            copies = [databases.copy(name, self.purpose) for name in sources]
            try:
                for name in NAMES:
                    self._log(name).unlink(missing_ok=True)
                    self._report(name).unlink(missing_ok=True)
                self._enable(copies[-1])
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    runs = [
                        pool.submit(self._run, name, database, paths)
                        for name, database in zip(NAMES, copies, strict=True)
                    ]
                    self._follow(runs)
            finally:
                for database in copies:
                    databases.drop(database)

    def _run(self, name: str, database: str, paths: list[Path]) -> None:
        plugins = FIXTURES if name == ENABLED else []
        command = [
            *(sys.executable, "-m", "pytest", "-q"),
            *("-c", str(REPO / "pyproject.toml")),
            f"--rootdir={self.root}",
            f"--odoo-database={database}",
            "--odoo-http",
            f"--junitxml={self._report(name)}",
            *plugins,
            *map(str, paths),
        ]
        with open(self._log(name), "w") as log:
            subprocess.run(command, cwd=REPO, stdout=log, stderr=subprocess.STDOUT)

    def _follow(self, runs: list[Future[None]]) -> None:
        """Wait for all, and say how far they are, tenth by tenth."""
        started, told = time.monotonic(), 0
        while not all(run.done() for run in runs):
            percent = sum(map(self._percent, NAMES)) // len(NAMES)
            if percent >= told + 10:
                told = percent
                say(f"    {percent} % after {time.monotonic() - started:.0f} s")
            time.sleep(1)
        for run in runs:
            run.result()

    def _percent(self, run: str) -> int:
        """:return: how much of a run is done, as its log says"""
        text = self._log(run).read_text() if self._log(run).exists() else ""
        return max(map(int, PERCENT.findall(text)), default=0)

    def _log(self, run: str) -> Path:
        return state("logs") / f"{self.purpose}-{run}.log"

    def _report(self, run: str) -> Path:
        return state("logs") / f"{self.purpose}-{run}.xml"

    # ------------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------------

    def _outcomes(self, run: str) -> dict[str, str]:
        """:return: {name of a test: passed, failure, error or skipped}"""
        if not self._report(run).exists():
            raise SetupError(f"no tests ran, see {self._log(run)}")
        outcomes = {}
        for case in ElementTree.parse(self._report(run)).getroot().iter("testcase"):
            ended = [child.tag for child in case if child.tag in ENDINGS]
            name = f"{case.get('classname')}.{case.get('name')}"
            outcomes[name.partition("addons.")[2] or name] = (ended or ["passed"])[0]
        return outcomes

    def _reasons(self) -> dict[str, dict[str, str]]:
        """:return: {run: {name of a test: why it ends differently}}"""
        always, _header, enabled = self.explained.read_text().partition(f"\n{HEADER}\n")
        return {WITH: _read_reasons(always), ENABLED: _read_reasons(enabled)}


def _compare(
    without: dict[str, str], outcomes: dict[str, str], run: str, reasons: dict[str, str]
) -> int:
    """:return: number of differences that nothing explains"""
    passed = sum(outcome == "passed" for outcome in outcomes.values())
    say(f"{run}: {len(outcomes)} tests, {passed} passed; {len(without)} without us")
    if not without or not outcomes:
        raise SetupError(f"no tests ran, see {state('logs')}")
    unexplained = 0
    for name in sorted(without.keys() | outcomes.keys()):
        before, after = without.get(name, "absent"), outcomes.get(name, "absent")
        if before != after:
            reason = reasons.get(name)
            unexplained += not reason
            say(f"{name}: {before} without us, {after} {run} ({reason or 'WHY?'})")
    return unexplained


def _read_reasons(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    pairs = (line.split(" ", 1) for line in lines)
    return {name: reason.strip() for name, reason in pairs}
