"""The ways by which a message reaches somebody, behind one protocol.

A channel gets the whole message with an idempotency key and either hands it over, or raises: `Passing`
where a later try may succeed, `Final` where none will. Its errors name no patient and no content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class Passing(Exception):
    """It could not be handed over now; a later try may succeed."""


class Final(Exception):
    """It can never be handed over like this: a wrong address, a refused sender, a bad signature."""


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


class Channel(Protocol):
    """One way out. It gives up by itself well before a worker's lease ends."""

    name: str

    def send(self, one: Outgoing) -> None:
        """Hand it over. Raises Passing or Final."""
        ...
