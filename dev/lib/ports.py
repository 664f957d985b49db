"""Loopback ports. Whoever is to serve on one gets it already taken.

A port that was free when somebody looked may be taken when it is used: two demos that
start at once would meet on it.
"""

from __future__ import annotations

import socket

# More than any test has open at once.
BACKLOG = 128


def take(preferred: int = 0) -> socket.socket:
    """:return: a listening socket, on the preferred port if it is free, else on any"""
    try:
        listening = _listen(preferred)
    except OSError:
        listening = _listen(0)
    # Workers look all at once when somebody comes; who comes second must not wait.
    listening.setblocking(False)
    return listening


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
