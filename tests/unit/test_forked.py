"""A process that is forked from one with Odoo loaded looks to its script as one that
was started."""

import json
import os
import signal
import subprocess
import sys

import pytest

from dev.lib.forked import Process

TELL = """
import json, os, sys, time
print(json.dumps({
    "argv": sys.argv[1:], "read": sys.stdin.read(), "name": __name__,
    "given": os.environ.get("GIVEN"), "inherited": os.environ.get("INHERITED"),
    "leads": os.getpgrp() == os.getpid(), "zone": time.tzname[0],
    "loaded": "odoo.addons.privacy_guard" in sys.modules}))
print("complaint", file=sys.stderr)
"""
END = {
    "pass": 0,
    "import sys; sys.exit(3)": 3,
    "import sys; sys.exit('no')": 1,
    "raise ValueError('no')": 1,
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": -signal.SIGKILL,
}


@pytest.fixture
def begin(tmp_path):
    """A function that begins a script, which reads and writes files: (process, path of
    what it says)"""

    def run(text, *arguments, read="", **options):
        (tmp_path / "script.py").write_text(text)
        (tmp_path / "stdin").write_text(read)
        command = [sys.executable, str(tmp_path / "script.py"), *arguments]
        said = tmp_path / "said"
        with open(tmp_path / "stdin") as stdin, open(said, "w") as output:
            process = Process(
                command, stdin=stdin, stdout=output, stderr=output, **options
            )
        return process, said

    return run


def test_a_script_finds_what_it_was_given(begin, monkeypatch):
    monkeypatch.setenv("INHERITED", "yes")
    environment = {**os.environ, "GIVEN": "too"}
    process, said = begin(
        TELL, "a", "b", read="Hello", env=environment, start_new_session=True
    )
    assert process.wait() == 0
    told, complaint = said.read_text().splitlines()
    assert json.loads(told) == {
        "argv": ["a", "b"],
        "read": "Hello",
        "name": "__main__",
        "given": "too",
        "inherited": "yes",
        "leads": True,
        "zone": "UTC",
        "loaded": True,
    }
    assert complaint == "complaint"
    # and nothing of it is left for the next one
    monkeypatch.delenv("INHERITED")
    process, said = begin(TELL)
    process.wait()
    told = json.loads(said.read_text().splitlines()[0])
    assert (told["given"], told["inherited"], told["argv"]) == (None, None, [])
    assert told["leads"] is False


@pytest.mark.parametrize(("script", "status"), END.items())
def test_who_began_it_hears_how_it_ended(begin, script, status):
    process, _said = begin(script)
    assert process.wait() == process.poll() == status


def test_it_ends_when_it_is_asked_to(begin):
    process, _said = begin("import signal; signal.pause()")
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    process.terminate()
    assert process.wait() == -signal.SIGTERM
