"""The ways by which a message reaches somebody, behind one protocol.

A channel gets the whole message with an idempotency key and either hands it over, or raises: `Passing`
where a later try may succeed, `Down` where the way itself does not work now, `Final` where no try will
succeed. Its errors name no patient and no content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final as Constant
from typing import Protocol

INBOX: Constant = "inbox"
"""The way everybody has: what is in it was told, as nothing is handed over that could go wrong."""

Clock = Callable[[], datetime]
Step = Callable[[str], None]
"""Takes a line about each step that was taken, for whoever tries out a channel."""


def silently(_: str) -> None:
    """Tell nobody about a step."""


class Passing(Exception):
    """It could not be handed over now; a later try may succeed, but none before `after` has gone by."""

    def __init__(self, told: str, after: timedelta = timedelta()) -> None:
        super().__init__(told)
        self.after = after


class Down(Passing):
    """Nothing can be handed over by this channel now: the server is away, or its settings are wrong."""


class Final(Exception):
    """It can never be handed over like this: a wrong address, a refused sender or content."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it leaves. `key` is the same at every try; `address` is where the channel reaches the
    person.
    """

    key: str
    address: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)

    @property
    def token(self) -> str:
        """The key in letters and digits, for headers: what two have in common is the same message."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]


class Channel(Protocol):
    """One way out. It gives up by itself well before a worker's lease ends."""

    @property
    def name(self) -> str:
        """As people's addresses and messages call it."""
        ...

    @property
    def per_minute(self) -> int | None:
        """How many messages all workers together hand over in a minute, at most; None: as they come."""
        ...

    def send(self, one: Outgoing) -> None:
        """Hand it over. Raises Passing (Down among them) or Final."""
        ...
