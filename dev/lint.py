"""`make lint`: the static checks, all of them, whatever the first one says."""

import sys

from dev.lib import checks
from dev.lib.messages import step


def main() -> int:
    failed = False
    for name, command in checks.commands().items():
        with step(name):
            complaints = checks.complaints(command)
        if complaints:
            failed = True
            print(complaints)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
