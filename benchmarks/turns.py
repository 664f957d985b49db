"""Two that are compared take turns, so that what else the machine does hits both.

Turns are short and many: a machine that is busy for a second is busy for both.
"""

from __future__ import annotations

import time
from functools import partial

from .metric import median


def take_turns(ours, peer, rounds):
    """:param ours: is called without arguments, and returns a number; so is ``peer``
    :return: the median of each
    """
    sides = (ours, peer)
    numbers = ([], [])
    for side in sides:  # caches
        side()
    for number in range(rounds):
        for index in (0, 1) if number % 2 else (1, 0):
            numbers[index].append(sides[index]())
    return tuple(map(median, numbers))


def same_work(workers, rounds, operation, *arguments):
    """:param workers: two of them
    :return: the median of what the operation returns in each
    """
    sides = [partial(worker.call, operation, *arguments) for worker in workers]
    return take_turns(*sides, rounds)


def timed(env, work):
    """:param env: of the user who does it, see :func:`people.acting`
    :param work: takes an environment
    :return: milliseconds that the work took, all that is done before a commit included;
        it is undone
    """
    env.flush_all()
    started = time.perf_counter()
    work(env)
    env.cr.flush()
    milliseconds = 1000 * (time.perf_counter() - started)
    env.cr.rollback()
    env.invalidate_all()
    return milliseconds
