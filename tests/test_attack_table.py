"""Every attacker, every way in, everything that is protected, against a real server.

The table is in `attack_table.py`, what is tried in the `attack_*` modules beside it.
"""

import base64
from zlib import crc32

import attack_automating  # noqa: F401
import attack_copies  # noqa: F401
import attack_erasure  # noqa: F401
import attack_evidence  # noqa: F401
import attack_locked  # noqa: F401
import attack_opt_in  # noqa: F401
import attack_pages  # noqa: F401
import attack_reading  # noqa: F401
import attack_rights  # noqa: F401
import attack_searching  # noqa: F401
import attack_settings  # noqa: F401
import attack_stopped  # noqa: F401
import attack_writing  # noqa: F401
import pytest
from attack_company import ATTACKERS, script
from attack_outcome import attempt
from attack_rpc import TRANSPORTS
from attack_table import rows
from attack_ways import VIA, WAYS
from attack_world import SECRETS, World
from stored import stored

from dev.lib import databases, prepared
from dev.lib.odoo_process import OdooServer


def cells():
    """:return: parameters of all cells of the table"""
    made = []
    for thing, outcomes, way, everywhere in rows():
        assert len(outcomes) == len(ATTACKERS), (way, outcomes)
        for who, outcome in zip(ATTACKERS, outcomes, strict=True):
            for transport in _transports(who, way, everywhere):
                name = f"{thing} | {way} | {who} | {transport}"
                made.append(pytest.param(who, way, transport, outcome, id=name))
    return made


def _transports(who, way, everywhere):
    possible = VIA.get(way, TRANSPORTS)
    if everywhere:
        return possible
    # not always the same one, and the same in every run
    return [possible[crc32(f"{who} {way}".encode()) % len(possible)]]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The company that is attacked, which is searched for traces in the end."""
    folder = tmp_path_factory.mktemp("attack")
    database = databases.copy(prepared.ensure(script()))
    server = OdooServer(database, folder / "odoo.log", "--max-cron-threads=0")
    try:
        world = World(server.start(), database)
        yield world
        check_log(world)
        check_stored(world, folder)
        world.close()
    finally:
        server.kill()
        databases.drop(database)


def test_every_way_is_in_the_table():
    assert sorted(way for _thing, _outcomes, way, _all in rows()) == sorted(WAYS)


@pytest.mark.parametrize(("who", "way", "transport", "expected"), cells())
def test_cell(world, who, way, transport, expected):
    outcome, message = attempt(world, who, way, transport)
    assert outcome == expected, message


def check_log(world):
    attempt(world, "user", "error of a constraint", "jsonrpc")
    log = world.server.log.read_bytes()
    assert b"Failing row contains (...)" in log, "the log is not the one of the attacks"
    assert not SECRETS.search(log)


def check_stored(world, folder):
    """Nothing of what was tried left a value behind."""
    content = stored(world.database, folder)
    for value in (b"-KLMNOPQR-", base64.b64encode(b"QZREF-KL")[:10]):
        at = content.find(value)
        assert at < 0, content[max(at - 500, 0) : at + 100]
