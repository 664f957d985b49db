"""Odoo as a process: run to its end, or serving until it is stopped.

Needs the variables of `./dev/python`, which every child inherits.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from . import ports, waiting
from .messages import SetupError
from .paths import ODOO
from .waiting import PATIENCE

PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
EXCEPTION = re.compile(r"^[\w.]*(Error|Exception|Violation)\b")
# In production they end what runs away. Here, how long it takes is up to the machine.
LIMITS = [f"--limit-time-cpu={PATIENCE}", f"--limit-time-real={PATIENCE}"]
# Workers hang up on who connects and asks nothing for 2 seconds.
PATIENT = {"ODOO_HTTP_SOCKET_TIMEOUT": "60"}
# Names the open socket on which `dev/bin/odoo` lets Odoo serve.
LISTENING = "PRIVACY_GUARD_LISTENING"


class Process(Protocol):
    """What we need of :class:`subprocess.Popen`."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...


# Begins a script that imports Odoo. Tests replace it, see `forked`.
begin: Callable[..., Process] = subprocess.Popen


def run(log: Path, *arguments: str, stdin: str = "") -> None:
    """Run a command of Odoo to its end, what it says goes to the log."""
    command = [sys.executable, str(ODOO), *arguments]
    if arguments[0].startswith("-"):
        command.append("--no-http")
    with open(log, "w") as output, tempfile.TemporaryFile("w+") as script:
        script.write(stdin)
        script.seek(0)
        process = _beginner(arguments)(
            command, stdin=script, stdout=output, stderr=output
        )
        status = process.wait()
    # A shell that reads its script from a file survives errors in it.
    if status or "Traceback (most recent call last)" in log.read_text():
        raise SetupError(f"Odoo failed, see {log}: {_complaint(log)}")


class Dialogue:
    """A script that answers lines on its input with lines on its output."""

    def __init__(
        self, begin: Callable[..., Process], command: list[str], **options: Any
    ):
        """:param begin: as ``begin`` above"""
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = begin(command, stdin=theirs, stdout=theirs, **options)
        self._socket, self._lines = ours, ours.makefile("rw")

    def say(self, line: str) -> None:
        self._lines.write(f"{line}\n")
        self._lines.flush()

    def hear(self) -> str:
        """:return: its next line, nothing if it has ended"""
        return self._lines.readline().strip()

    def end(self) -> None:
        """It ends at the end of its input, or has ended."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._lines.close()
        self._socket.close()


def _beginner(arguments: tuple[str, ...]) -> Callable[..., Process]:
    """Installing says what is wrong with loading an add-on, and other folders may hold
    other add-ons of the same names: both need Odoo as it is started."""
    works = arguments[0] == "shell" and "--addons-path" not in str(arguments)
    return begin if works else subprocess.Popen


def problems(log: Path) -> list[str]:
    """The lines with which Odoo warns of something."""
    return [line for line in log.read_text().splitlines() if PROBLEM.match(line)]


class OdooServer:
    """A server process with workers, as in production, on a port of its own.

    The port is taken from now on, and stays so if the server is started again.
    """

    # in place of the module's
    begin: Callable[..., Process] | None = None

    def __init__(
        self,
        database: str,
        log: Path,
        *arguments: str,
        workers: int = 2,
        smtp_port: int | None = None,
        port: int = 0,
    ):
        """:param port: is used if nobody has it"""
        self.log = log
        self._socket = ports.take(port)
        self.port: int = self._socket.getsockname()[1]
        self.command = [sys.executable, str(ODOO), "-d", database]
        self.command += [f"--db-filter=^{database}$", f"--workers={workers}"]
        self.command += [f"--http-port={self.port}"]
        self.command += LIMITS
        if smtp_port:
            self.command += ["--smtp=127.0.0.1", f"--smtp-port={smtp_port}"]
        self.command += arguments
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> OdooServer:
        """Start and wait until it answers."""
        with open(self.log, "a") as output:
            # A session of its own: signals reach the workers, and Ctrl-C only us.
            self.process = (self.begin or begin)(
                self.command,
                env={**os.environ, **PATIENT, LISTENING: str(self._socket.fileno())},
                pass_fds=[self._socket.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if not self._answers():
            self.kill()
            raise SetupError(f"Odoo did not start: {_complaint(self.log)}")
        return self

    def wait(self) -> None:
        """Until it ends by itself."""
        if self.process:
            self.process.wait()

    def stop(self) -> None:
        """Ask it to finish, as a service manager would, and make sure that it does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it with all its children at once, as a crash would."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _answers(self) -> bool:
        """:return: whether it answers, which it never will if it has ended"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE)
        with contextlib.closing(connection):
            # The socket listens already, and keeps the request until Odoo takes it.
            connection.request("GET", "/web/health")
            waiting.until(
                lambda: self._has_ended() or _is_readable(connection.sock),
                "Odoo starts",
            )
            return not self._has_ended() and connection.getresponse().status == 200

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def _is_readable(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _complaint(log: Path) -> str:
    """:return: the last exception in the log, else its last line"""
    lines = [line for line in log.read_text().splitlines() if line.strip()]
    raised = [line for line in lines if EXCEPTION.match(line)]
    return (raised or lines or ["it said nothing"])[-1]
