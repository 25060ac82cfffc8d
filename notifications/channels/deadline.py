"""An end to what a server can draw out: each answer in time, and all of them together in time."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from threading import Timer
from typing import Final

EACH: Final = 20.0
"""Seconds for one answer of a server."""
ALTOGETHER: Final = 90.0
"""Seconds for one message, well below the lease of a worker (`deliver.LEASE`)."""


@contextlib.contextmanager
def within(seconds: float, connection: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut a connection that is still at work after so many seconds; whoever waits on it gets an OSError."""
    timer = Timer(seconds, lambda: _cut(connection()))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: socket.socket | None) -> None:
    """The socket itself: that of TLS would forget that it is encrypted."""
    if connection is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
