"""Odoo as a process: run to its end, or serving until it is stopped.

Needs the variables of `./dev/python`, which every child inherits.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from . import ports
from .messages import SetupError
from .paths import ODOO

PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
EXCEPTION = re.compile(r"^[\w.]*(Error|Exception|Violation)\b")
START_TIMEOUT = 90


def run(log: Path, *arguments: str, stdin: str = "") -> None:
    """Run a command of Odoo to its end, what it says goes to the log."""
    command = [sys.executable, str(ODOO), *arguments]
    if arguments[0].startswith("-"):
        command.append("--no-http")
    with open(log, "w") as output:
        done = subprocess.run(
            command, input=stdin, text=True, stdout=output, stderr=subprocess.STDOUT
        )
    # A shell that reads its script from a pipe survives errors in it.
    if done.returncode or "Traceback (most recent call last)" in log.read_text():
        raise SetupError(f"Odoo failed, see {log}: {_complaint(log)}")


def problems(log: Path) -> list[str]:
    """The lines with which Odoo warns of something."""
    return [line for line in log.read_text().splitlines() if PROBLEM.match(line)]


class OdooServer:
    """A server process on ports of its own, with workers as in production."""

    def __init__(
        self,
        database: str,
        log: Path,
        *arguments: str,
        workers=2,
        smtp_port=None,
        port=None,
    ):
        self.port = port or ports.free()
        self.log = log
        self.command = [sys.executable, str(ODOO), "-d", database]
        self.command += [f"--db-filter=^{database}$", f"--workers={workers}"]
        self.command += [f"--http-port={self.port}", f"--gevent-port={ports.free()}"]
        if smtp_port:
            self.command += ["--smtp=127.0.0.1", f"--smtp-port={smtp_port}"]
        self.command += arguments
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> OdooServer:
        """Start and wait until it answers."""
        with open(self.log, "a") as output:
            # A session of its own: signals reach the workers, and Ctrl-C only us.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise SetupError(f"Odoo did not start: {_complaint(self.log)}")
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        """Ask it to finish, as a service manager would, and make sure that it does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """End it with all its children at once, as a crash would."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()

    def _answers(self) -> bool:
        # Whoever took the port after it was chosen would answer in our place.
        if not self._listens():
            return False
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=20) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _listens(self) -> bool:
        try:
            sockets = psutil.Process(self.process.pid).connections("tcp")
        except psutil.NoSuchProcess:
            return False
        return any(s.status == "LISTEN" and s.laddr.port == self.port for s in sockets)


def _complaint(log: Path) -> str:
    """:return: the last exception in the log, else its last line"""
    lines = [line for line in log.read_text().splitlines() if line.strip()]
    raised = [line for line in lines if EXCEPTION.match(line)]
    return (raised or lines or ["it said nothing"])[-1]
