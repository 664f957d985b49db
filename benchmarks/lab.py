"""Where benchmarks run: databases of their own and worker processes on them."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dev.lib import databases, forked, template
from dev.lib.odoo_process import Dialogue, OdooServer
from dev.lib.paths import state
from dev.lib.smtp_sink import SmtpSink

SCRIPT = Path(__file__).with_name("worker.py")


class Lab:
    """Leaving its context ends what benchmarks share.

    :param bool quick: small sizes, to see that everything works
    """

    def __init__(self, quick: bool = False):
        self.quick = quick
        self.log = state("logs") / "bench.log"
        self.log.write_text("")
        self._shared = {}
        self._opened = ExitStack()

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    def close(self) -> None:
        """End what benchmarks share; whoever asks for it afterwards gets it anew."""
        self._shared.clear()
        self._opened.close()

    def note(self, text: str) -> None:
        with open(self.log, "a") as log:
            log.write(text)

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def shared(self, make):
        """
        :param make: a context manager, which takes the lab
        :return: what it yields, the same for all benchmarks that ask for it
        """
        if make not in self._shared:
            self._shared[make] = self._opened.enter_context(make(self))
        return self._shared[make]

    @contextmanager
    def database(self, addon: bool = True, everything: bool = False, source=None):
        """A new database, with the add-ons or with only what they depend on; for
        contacts alone, or with everything that they join; or a copy of the source."""
        if not source:
            prepare = template.ensure if addon else template.dependencies
            source = prepare(everything)
        name = databases.copy(source, "bench")
        try:
            yield name
        finally:
            databases.drop(name)

    @property
    def begin(self):
        """How processes of Odoo begin: what is forked shares its memory, only to see
        that all works."""
        return forked.Process if self.quick else subprocess.Popen

    @contextmanager
    def server(self, database: str):
        """A server without scheduled actions, which would send mails meanwhile."""
        log = state("logs") / "bench-server.log"
        arguments = ["--max-cron-threads=0", "--log-level=warn"]
        server = OdooServer(database, log, *arguments)
        server.begin = self.begin
        try:
            yield server.start()
        finally:
            server.stop()

    @contextmanager
    def worker(self, database: str):
        port = self.shared(_mail_server).port
        worker = Worker(self.begin, database, self.log, port)
        try:
            yield worker
        finally:
            worker.close()

    @contextmanager
    def world(self, **database):
        """A worker on a new database, see :meth:`database`."""
        with self.database(**database) as name, self.worker(name) as worker:
            yield worker


@contextmanager
def _mail_server(_lab):
    """Without one nobody is asked for consent."""
    with TemporaryDirectory() as folder, SmtpSink(Path(folder)) as sink:
        yield sink


class Worker:
    """A process with Odoo's registry on one database, which calls what it is told."""

    def __init__(self, begin, database: str, log, smtp_port: int):
        command = [sys.executable, str(SCRIPT), database, str(smtp_port)]
        with open(log, "a") as errors:
            self._dialogue = Dialogue(begin, command, stderr=errors)

    def call(self, function, *arguments):
        """Call a function of a benchmark in the process, in a transaction of its own.

        :param function: takes an environment and the arguments
        :return: what it returns, which JSON must be able to carry
        """
        name = f"{function.__module__}:{function.__name__}"
        try:
            self._dialogue.say(json.dumps([name, arguments]))
            answer = json.loads(self._dialogue.hear())
        except (OSError, json.JSONDecodeError):
            raise RuntimeError(f"{name}: the worker ended") from None
        if "error" in answer:
            raise RuntimeError(f"{name}: {answer['error']}")
        return answer["result"]

    def close(self) -> None:
        self._dialogue.end()
