"""What is wrong with an entry, said so that the person who wrote it can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `event` is the id of the entry (None: the facts, or an entry without an id), `field`
    is the key as written, `message` says what is wrong and what would be right; it may quote the entry.
    """

    event: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.event}: {self.message}" if self.event else self.message


class EntryError(ValueError):
    """Entries or facts that are refused, with everything that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
