"""Processes of Odoo that are forked from one that has loaded it.

Starting Odoo takes two seconds of a core, most of them to import it and the add-ons,
and tests of the whole system do so more than a hundred times. Forked, it is at work at
once. It is the same script, with arguments, environment and files of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.reduction import DupFd
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["dev.lib.loaded"])


class Process:
    """To a Python script what :class:`subprocess.Popen` is to a program."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        stdin: Any,
        stdout: Any,
        stderr: Any = 2,
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
        start_new_session: bool = False,
    ):
        """:param command: Python, a script that can be imported, arguments for it"""
        self.args = command
        given = dict(enumerate(map(_descriptor, (stdin, stdout, stderr))))
        given.update(zip(pass_fds, pass_fds, strict=True))
        files = {number: _File(file) for number, file in given.items()}
        environment = dict(os.environ if env is None else env)
        self._process = CONTEXT.Process(
            target=_run,
            args=(command[1:], environment, files, start_new_session),
            # ends with who began it
            daemon=True,
        )
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def terminate(self) -> None:
        self._process.terminate()


class _File:
    """A file that the process gets; there, it is a number of its own."""

    def __init__(self, number: int):
        self.number = number

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        return _detach, (DupFd(self.number),)


def _detach(file: Any) -> int:
    return file.detach()


def _descriptor(file: Any) -> int:
    if file == subprocess.DEVNULL:
        return os.open(os.devnull, os.O_RDWR)
    return file if isinstance(file, int) else file.fileno()


def _run(
    command: Sequence[str],
    environment: Mapping[str, str],
    files: Mapping[int, int],
    leads: bool,
) -> None:
    for number, file in files.items():
        os.dup2(file, number)
    sys.stdin = open(0, closefd=False)
    # Odoo sets its time zone when it is loaded.
    os.environ.clear()
    os.environ.update(environment, TZ="UTC")
    if leads:
        os.setsid()
    sys.argv = list(command)
    runpy.run_path(command[0], run_name="__main__")
