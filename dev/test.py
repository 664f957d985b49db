"""`make test`: every check and every test, shared out to a process on each core.

Arguments go to pytest: `make test ARGS="-k merge privacy_guard"`, and `ARGS="-n0 --pdb
tests/test_api.py"` for a debugger.
"""

import os
import subprocess
import sys

from dev.lib import browser, databases, template
from dev.lib.distribution import CONTACTS, EVERYTHING
from dev.lib.messages import exit_on_setup_error
from dev.lib.paths import REPO, shared, state


@exit_on_setup_error
def main() -> int:
    os.environ["PATH"] = browser.on_path(os.environ["PATH"])
    with shared(state(), "tests", alone=_drop_leftovers):
        return _run(sys.argv[1:])


def _drop_leftovers() -> None:
    """Of runs that were killed."""
    for purpose in (databases.COPY, CONTACTS, EVERYTHING):
        for name in databases.own(f"{purpose}_"):
            databases.drop(name)


def _run(arguments: list[str]) -> int:
    if not any(map(_names_a_file, arguments)):
        # Here, where it shows; else whichever test needs one waits for it.
        for everything in (False, True):
            template.ensure(everything)
    # Two at least: a process opens one of the two kinds of databases only.
    processes = max(2, len(os.sched_getaffinity(0)))
    command = [
        *(sys.executable, "-m", "pytest", f"--numprocesses={processes}"),
        # Never opened: each process opens a copy of its own, see `conftest.py`.
        "--odoo-database=postgres",
        # Without it the tests of the web pages are skipped.
        "--odoo-http",
        f"--odoo-extra=screenshots={state('screenshots')}",
        # Alone, it would take what follows for the source to look at.
        *("--cov=." if argument == "--cov" else argument for argument in arguments),
    ]
    return subprocess.run(command, cwd=REPO).returncode


def _names_a_file(argument: str) -> bool:
    return (REPO / argument.split("::")[0]).exists()


if __name__ == "__main__":
    sys.exit(main())
