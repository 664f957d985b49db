"""`make test`: every check and every test, in two lanes at once, with one closing line.

Arguments go to pytest: `make test ARGS="-k merge privacy_guard"`.
"""

import os
import sys
import tempfile
import time

from dev.lib import browser
from dev.lib.lane import LANES, TAKEN, Lane
from dev.lib.messages import exit_on_setup_error


@exit_on_setup_error
def main() -> int:
    os.environ["PATH"] = browser.on_path(os.environ["PATH"])
    began = time.monotonic()
    wanted = [lane for lane in LANES if lane.paths(sys.argv[1:])]
    if len(wanted) == 1:
        return wanted[0].run(sys.argv[1:])
    with tempfile.TemporaryDirectory() as os.environ[TAKEN]:
        results = _both(wanted)
    print(_closing_line(wanted, time.monotonic() - began), flush=True)
    return max(results)


def _both(lanes: list[Lane]) -> list[int]:
    """Run them at once; the output of the later ones follows that of the first."""
    started = [lane.start(sys.argv[1:]) for lane in lanes[1:]]
    results = [lanes[0].run(sys.argv[1:])]
    return results + [lane.finish(process) for lane, process in started]


def _closing_line(lanes: list[Lane], seconds: float) -> str:
    """What pytest ends with, for all lanes together."""
    counts = [lane.counts() for lane in lanes]
    total = {word: sum(count[word] for count in counts) for word in counts[0]}
    told = ", ".join(f"{number} {word}" for word, number in total.items() if number)
    return f" {told or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    sys.exit(main())
