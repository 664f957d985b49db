"""Loopback ports that nobody uses."""

from __future__ import annotations

import socket


def free(preferred: int = 0) -> int:
    """:return: the preferred port if it is free, else any other"""
    for port in (preferred, 0):
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return candidate.getsockname()[1]
    raise OSError("no free port on the loopback interface")
