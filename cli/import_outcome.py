"""What an import came to: who was new, known or turned away, and how that is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field

from cli.days import plural
from cli.incoming import TurnedAway
from cli.word_list import all_read_as
from interop.words import Word
from store.recording import Recorded

most_told = 20
"""Errors told one by one to a person; the repair file holds all of them."""


@dataclass(slots=True)
class Counts:
    """How many patients were new, got entries, were known already or were refused; and how many entries."""

    new: int = 0
    extended: int = 0
    unchanged: int = 0
    refused: int = 0
    entries: int = 0
    known_entries: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


@dataclass(slots=True)
class Outcome:
    """What an import came to.

    `rows_away` says that the reader of a table refused rows; `words` are those read as codes of whom was not
    turned away.
    """

    counts: Counts = field(default_factory=Counts)
    away: list[TurnedAway] = field(default_factory=list)
    rows_away: bool = False
    words: Counter[Word] = field(default_factory=Counter)

    @property
    def mendable(self) -> bool:
        """Whether rows or anybody by name was turned away, and not the file as a whole."""
        return self.rows_away or any(one.patient for one in self.away)

    def add(self, one: Recorded | TurnedAway) -> None:
        counts = self.counts
        if isinstance(one, TurnedAway):
            self.away.append(one)
            counts.refused += 1
            return
        counts.new += one.registered
        counts.extended += one.changed and not one.registered
        counts.unchanged += not one.changed
        counts.entries += len(one.added)
        counts.known_entries += len(one.repeated)


def conclude(outcome: Outcome, dry_run: bool, mend: str, notes: Iterable[str] = ()) -> None:
    """What an import came to, at its end: the counts, what was read as a code, and what can be mended."""
    print(said(outcome.counts))
    for line in (*all_read_as(outcome.words), *notes):
        print(line)
    if dry_run:
        print("This was a dry run: nothing was kept.")
    if mend:
        print(mend)


def so_far(counts: Counts, dry_run: bool, files: int = 1) -> str:
    """What an import leaves behind that did not come to its end."""
    if dry_run:
        return "nothing was kept, as this was a dry run"
    done = counts.new + counts.extended + counts.unchanged
    these, it = ("this file", "it") if files == 1 else ("these files", "them")
    if not done:
        return f"nobody was imported yet, import {'the file' if files == 1 else 'them'} again"
    told = f"of {these} at least {plural(done, 'patient')} stayed in the database, each whole"
    return f"{told}; import {it} again to go on, what is there is not recorded twice"


def said(counts: Counts) -> str:
    """The counts in a sentence."""
    told = [
        plural(counts.new, "new patient"),
        f"{counts.extended} with new entries",
        f"{counts.unchanged} unchanged",
        f"{counts.refused} turned away",
    ]
    entries = "1 entry" if counts.entries == 1 else f"{counts.entries} entries"
    return f"{', '.join(told)}; {entries} recorded, {counts.known_entries} known already"
