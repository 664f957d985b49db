"""Which process runs which test."""

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from dev.lib import distribution
from dev.lib.distribution import CONTACTS, EVERYTHING

CONFTEST = "from dev.lib.distribution import pytest_xdist_make_scheduler"
TESTS = """
import os
from pathlib import Path

import pytest

def note(what):
    with Path(__file__).parents[{depth}].joinpath("ran").open("a") as ran:
        ran.write(os.environ["PYTEST_XDIST_WORKER"] + " {kind} " + what + "\\n")

def test_function():
    note("function")

@pytest.mark.parametrize("number", range(5))
class TestOne:
    def test_method(self, number):
        note("one")

@pytest.mark.parametrize("number", range(5))
class TestTwo:
    def test_method(self, number):
        note("two")
"""
FILES = {
    "privacy_guard/tests/test_{}.py": CONTACTS,
    "privacy_guard_crm/tests/test_{}.py": EVERYTHING,
    "tests/test_{}.py": None,
}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("privacy_guard/tests/subject/test_merge.py", CONTACTS),
        ("privacy_guard_sms/tests/test_tours.py", CONTACTS),
        ("privacy_guard_crm/tests/test_tours.py", EVERYTHING),
        ("tests/everything/test_data_map.py", EVERYTHING),
        ("tests/test_api.py", None),
        ("tests/unit/test_dev.py", None),
    ],
)
def test_the_kind_of_a_test(path, kind):
    assert distribution.kind(path) == kind


@pytest.fixture
def ran(tmp_path):
    """A function that runs tests, those of the system first: [[process, kind, what] of
    each]."""

    def run(*kinds):
        (tmp_path / "conftest.py").write_text(CONFTEST)
        for path, kind in FILES.items():
            for letter in "abc" if kind in kinds else "":
                file = tmp_path / path.format(f"{kind}_{letter}")
                file.parent.mkdir(parents=True, exist_ok=True)
                depth = len(file.relative_to(tmp_path).parents) - 1
                file.write_text(TESTS.format(depth=depth, kind=kind))
        command = [sys.executable, "-m", "pytest", "-p", "no:odoo", "-n3", "-q"]
        command += ["--no-loadscope-reorder", f"--rootdir={tmp_path}"]
        command += sorted(filter(Path.is_dir, tmp_path.iterdir()), reverse=True)
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        return [line.split() for line in (tmp_path / "ran").read_text().splitlines()]

    return run


def test_a_process_keeps_to_one_kind(ran):
    notes = ran(CONTACTS, EVERYTHING, None)
    assert len(notes) == 3 * 3 * 11, "each test runs once"
    kinds = defaultdict(set)
    for process, kind, _what in notes:
        kinds[process] |= {kind} - {"None"}
    assert len(kinds) == 3 and all(len(found) <= 1 for found in kinds.values())


def test_tests_of_odoo_do_not_end_what_those_of_the_system_share(ran):
    system = defaultdict(bool)
    for process, kind, _what in ran(CONTACTS, EVERYTHING, None):
        system[process] |= kind == "None"
        assert system[process] == (kind == "None")


def test_all_help_where_there_is_one_kind(ran):
    notes = ran(EVERYTHING)
    assert len({process for process, _kind, _what in notes}) == 3
