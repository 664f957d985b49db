"""`make test-oca`: tests of add-ons of the Odoo community, without ours, with all of
them and with consents enabled.

They are installed side by side, as a house has them, and so are those that arguments
name: `make test-oca ARGS=partner_firstname`. Fails for a test that ends differently and
that nothing in `dev/community_differences.txt` explains.
"""

import os
import sys

from dev.lib import community, environment, template
from dev.lib.compared_runs import ComparedRuns
from dev.lib.messages import SetupError, exit_on_setup_error, say
from dev.lib.paths import REPO

EXPLAINED = REPO / "dev" / "community_differences.txt"


@exit_on_setup_error
def main() -> int:
    chosen = sys.argv[1:] or community.names()
    say(f"==> Tests of add-ons of the community: {', '.join(chosen)}")
    folder = community.folder()
    paths = [path for name in chosen for path in community.tests(folder, name)]
    if not paths:
        raise SetupError("these add-ons have no tests")
    for name, value in environment.with_addons(folder).items():
        os.environ[name] = value
    # a few of them do not drive the databases with all of them out
    runs = ComparedRuns("oca_some" if sys.argv[1:] else "oca", folder, EXPLAINED)
    return int(bool(runs.compare(template.dependencies(True), chosen, paths)))


if __name__ == "__main__":
    sys.exit(main())
