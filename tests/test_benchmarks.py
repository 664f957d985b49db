"""The benchmarks themselves work; how fast anything is, no test decides."""

import json
import subprocess
import sys

from dev.lib.paths import REPO

KEYS = ["metric", "value", "unit", "peer", "peer_value", "ratio"]


def test_quick_run_writes_numbers(template_database, tmp_path):
    output = tmp_path / "numbers.json"
    names = ["queries", "sync", "unencrypted", "--quick", "--output", str(output)]
    command = [sys.executable, "benchmarks/run.py", *names]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(output.read_text())
    assert [list(row) for row in rows] == [KEYS] * 4
    for row in rows:
        assert row["metric"] in done.stdout
        assert row["value"] > 0 and row["peer_value"] > 0
        assert (
            abs(row["ratio"] - row["value"] / row["peer_value"]) < 0.01 * row["ratio"]
        )
    few, many = (row["value"] for row in rows if row["unit"] == "queries")
    assert few == many


def test_unknown_benchmark_is_refused():
    command = [sys.executable, "benchmarks/run.py", "nonsense"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 2
    assert "unknown: nonsense" in done.stderr
