"""Those who have not signed in take turns: to look at a password takes long, and memory."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from web.visit import Stopped

AT_ONCE: Final = 2
"""Each needs 64 MiB; who is signed in does not wait for them."""
MOST: Final = 40
"""So many are answered or wait; who comes then tries again."""


class Turns:
    """The turns of one page."""

    def __init__(self) -> None:
        self._free, self._there = Semaphore(AT_ONCE), 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and have it. Raises Stopped where too many wait."""
        if self._there >= MOST:
            raise Stopped(503, "Too many sign in at this moment", "Try again in a moment.")
        self._there += 1
        try:
            async with self._free:
                yield
        finally:
            self._there -= 1
