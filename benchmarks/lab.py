"""Where benchmarks run: databases of their own and worker processes on them."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager

from dev.lib import databases, template
from dev.lib.paths import REPO, state


class Lab:
    """:param bool quick: small sizes, to see that everything works"""

    def __init__(self, quick: bool = False):
        self.quick = quick
        self.log = state("logs") / "bench.log"
        self.log.write_text("")

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @contextmanager
    def database(self, addon: bool = True, everything: bool = False):
        """A new database, with the add-ons or with only what they depend on; for
        contacts alone, or with everything that they join."""
        source = template.ensure(everything)
        if not addon:
            source = template.dependencies(everything)
        name = databases.copy(source, "bench")
        try:
            yield name
        finally:
            databases.drop(name)

    @contextmanager
    def worker(self, database: str):
        worker = Worker(database, self.log)
        try:
            yield worker
        finally:
            worker.close()

    @contextmanager
    def world(self, addon: bool = True, everything: bool = False):
        """A worker on a new database."""
        with self.database(addon, everything) as name, self.worker(name) as worker:
            yield worker


class Worker:
    """A process with Odoo's registry on one database, which calls what it is told."""

    def __init__(self, database: str, log):
        with open(log, "a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.worker", database],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=REPO,
            )

    def call(self, function, *arguments):
        """Call a function of a benchmark in the process, in a transaction of its own.

        :param function: takes an environment and the arguments
        :return: what it returns, which JSON must be able to carry
        """
        name = f"{function.__module__}:{function.__name__}"
        self.process.stdin.write(json.dumps([name, arguments]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{name}: the worker ended, see .dev/logs/bench.log")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{name} failed:\n{answer['error']}")
        return answer["result"]

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
