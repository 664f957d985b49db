"""Which of pytest's worker processes runs which test.

A test of Odoo opens a database in its own process. There are two kinds of them, see
`template`, and a process keeps to the kind of its first. Tests of the whole system make
databases of their own and start processes: any worker runs them.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from . import checks, template

CONTACTS, EVERYTHING = "contacts", "everything"
# Tests of Odoo that belong to no add-on.
EVERYTHING_FOLDER = "tests/everything/"
SYSTEM = "tests/test_"
# These files share one running company.
COMPANY = [
    f"{SYSTEM}{name}.py"
    for name in ("documents", "gateway", "mailing", "text_messages")
]
# What its tests look at takes a minute to make.
BENCHMARKS = f"{SYSTEM}benchmarks.py"
# The thousands of cells of this file share a company too, which they attack; enough of
# them for a company of their own are those of one attacker, the third of four words.
ATTACKS = f"{SYSTEM}attack_table.py"
ATTACKER = re.compile(r"\| (\w+) \| \w+\]$")


@cache
def kind(path: str) -> str | None:
    """
    :param path: of a test, in the repository
    :return: the kind of database that it opens
    """
    folder = path.partition("/")[0]
    if folder in template.SMALL:
        return CONTACTS
    if folder in checks.addons() or path.startswith(EVERYTHING_FOLDER):
        return EVERYTHING
    return None


class Distribution(LoadScopeScheduling):
    """Hands out classes of Odoo's tests, and tests of the system one by one.

    The order is that of the collection, but for what a worker cannot run, or not yet.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None):
        super().__init__(config, log)
        # of the workers that have got a test of Odoo
        self._kinds: dict[WorkerController, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path in COMPANY:
            return "company"
        if path == ATTACKS and (attacker := ATTACKER.search(nodeid)):
            return f"attacks of {attacker[1]}"
        if path == BENCHMARKS:
            return path
        return nodeid if path.startswith(SYSTEM) else super()._split_scope(nodeid)

    def _reschedule(self, node: WorkerController) -> None:
        if node.shutting_down:
            return
        # A worker runs a test when it knows the next one.
        if self._pending_of(self.assigned_work[node]) > 1:
            return
        scope = self._next_scope(node)
        if scope is None:
            node.shutdown()
        else:
            self._assign(node, scope)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """For the first time: there may be nothing for this worker."""
        self._reschedule(node)

    def _next_scope(self, node: WorkerController) -> str | None:
        """:return: the first unit that this worker can run. After a class of tests
        Odoo ends all child processes, also those that tests of the system share:
        these come last."""
        own = self._kinds.get(node) or self._rarest_kind()
        first = {
            _kind_of(unit): scope for scope, unit in reversed(self.workqueue.items())
        }
        return first.get(own) or first.get(None)

    def _rarest_kind(self) -> str | None:
        """:return: of the kinds that are left to run, the one with fewest workers"""
        left = {kind: 0 for kind in map(_kind_of, self.workqueue.values()) if kind}
        for taken in self._kinds.values():
            if taken in left:
                left[taken] += 1
        return min(left, key=left.__getitem__, default=None)

    def _assign(self, node: WorkerController, scope: str) -> None:
        needed = _kind_of(self.workqueue[scope])
        if needed:
            self._kinds[node] = needed
        self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Distribution:
    return Distribution(config, log)


def _kind_of(unit: dict[str, bool]) -> str | None:
    """:param unit: {id of a test: whether it is done}"""
    return kind(next(iter(unit)).partition("::")[0])
