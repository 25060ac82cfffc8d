"""What `verify` finds: a place, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded. `where` names the row, and nobody."""

    where: str
    what: str

    def __str__(self) -> str:
        """In signs that every terminal shows: what stands in a database may be anything."""
        told = f"{self.where}: {self.what}"
        return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in told)


def missing(first: int, last: int) -> str:
    """What is said of the first of several places of a chain that are empty."""
    return "is missing" if first == last else f"is missing, and all up to entry {last}"
