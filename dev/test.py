"""`make test`: every check and every test in one pytest run, whose line closes the run.

Arguments go to pytest: `make test ARGS="-k merge privacy_guard"`.
"""

import os
import subprocess
import sys

from dev.lib import browser, databases, template
from dev.lib.messages import exit_on_setup_error
from dev.lib.paths import REPO, state


@exit_on_setup_error
def main() -> int:
    os.environ["PATH"] = browser.on_path(os.environ["PATH"])
    name = template.ensure()
    database = databases.copy(name, "tests")
    try:
        return subprocess.run(_pytest(database), cwd=REPO).returncode
    finally:
        databases.drop(database)


def _pytest(database: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "pytest",
        f"--odoo-database={database}",
        # Without it the tests of the web pages are skipped.
        "--odoo-http",
        f"--odoo-extra=screenshots={state('screenshots')}",
        *sys.argv[1:],
    ]


if __name__ == "__main__":
    sys.exit(main())
