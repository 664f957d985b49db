"""The benchmarks themselves work; how fast anything is, no test decides."""

import json
import subprocess
import sys

import pytest

import benchmarks
from benchmarks import run
from dev.lib.paths import REPO

KEYS = ["metric", "value", "unit", "peer", "peer_value", "ratio"]
COMMAND = [sys.executable, "benchmarks/run.py"]
FAILING = """
from benchmarks.metric import Metric

def measure(lab):
    yield Metric("first_ms", 1, "ms", "a peer", 2)
    raise ValueError("broken\\nin many words")
"""
# Sees as value what the file holds by then.
COUNTING = """
import json
from pathlib import Path
from benchmarks.metric import Metric

def measure(lab):
    rows = json.loads(Path({output!r}).read_text())
    yield Metric("second_ms", len(rows), "ms", "a peer", 2)
"""


@pytest.fixture(scope="module")
def quick_run(template_database, tmp_path_factory):
    """:return: what a quick run of everything prints, and the rows that it writes"""
    output = tmp_path_factory.mktemp("benchmarks") / "numbers.json"
    command = [*COMMAND, "--quick", "--output", str(output)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads(output.read_text())


def test_every_benchmark_is_run():
    files = (REPO / "benchmarks").glob("*.py")
    measuring = {path.stem for path in files if "\ndef measure(" in path.read_text()}
    assert sorted(run.NAMES) == sorted(measuring)


def test_quick_run_writes_what_it_prints(quick_run):
    printed, rows = quick_run
    shown = [line.split()[0] for line in printed.splitlines()]
    assert shown == ["metric", *(row["metric"] for row in rows)]
    assert len(set(shown)) == len(shown)


def test_each_number_stands_beside_a_peer(quick_run):
    _printed, rows = quick_run
    for row in rows:
        assert list(row) == KEYS
        assert row["peer"]
        # Where little is done, memory may not grow.
        if row["unit"] != "MB":
            assert row["value"] > 0 and row["peer_value"] > 0, row
            ratio = row["value"] / row["peer_value"]
            assert row["ratio"] == pytest.approx(ratio, rel=0.01)


def test_number_of_queries_does_not_depend_on_that_of_people(quick_run):
    _printed, rows = quick_run
    few, many = (
        row["value"] for row in rows if row["metric"].startswith("queries_per_batch")
    )
    assert few == many


def test_what_fails_is_told_and_the_others_go_on(tmp_path, monkeypatch, capsys):
    output = tmp_path / "numbers.json"
    (tmp_path / "failing.py").write_text(FAILING)
    (tmp_path / "counting.py").write_text(COUNTING.format(output=str(output)))
    monkeypatch.setattr(benchmarks, "__path__", [*benchmarks.__path__, str(tmp_path)])
    monkeypatch.setattr(run, "NAMES", ["failing", "counting"])
    assert run.run(["--quick", "--output", str(output)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[2] == "failing failed: broken"
    rows = json.loads(output.read_text())
    assert [(row["metric"], row["value"]) for row in rows] == [
        ("first_ms", 1),
        ("second_ms", 1),
    ]
    assert [path.name for path in tmp_path.glob("*numbers*")] == ["numbers.json"]


def test_unknown_benchmark_is_refused():
    command = [*COMMAND, "nonsense"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 2
    assert "unknown: nonsense" in done.stderr
