"""One job per module. Standard library only: it runs before anything is installed."""

import sys

# The modules beside this one would only say "invalid syntax".
if sys.version_info < (3, 9):  # noqa: UP036 - that is the point
    sys.exit("error: `python3` is too old, put one of 3.10 to 3.13 first on the PATH")
