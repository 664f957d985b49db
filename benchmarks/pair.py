"""Contacts with the add-on and without it: two processes, which take turns.

Consents are enabled, and none is about the fields that benchmarks touch. Both tables of
contacts are as they were filled: evaluating consents, which only one of the two does,
does not write to it.
"""

from __future__ import annotations

from contextlib import contextmanager

from . import people

PEER = "Odoo without the add-on"
PEOPLE = 20_000


@contextmanager
def with_and_without(lab):
    """Shared, see :meth:`Lab.shared`.

    :return: both workers, and the id of the first contact in both
    """
    with lab.world() as with_us, lab.world(addon=False) as without:
        pair = [with_us, without]
        count = lab.size(PEOPLE, 100)
        [low] = {worker.call(people.add_people, count)[0] for worker in pair}
        for worker in pair:
            worker.call(people.employ)
        with_us.call(people.enable, 5)
        with_us.call(people.settle)
        yield pair, low
