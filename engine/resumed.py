"""What a derivation leaves for the next one of the same patient, so that only what is new is worked out.

Where a story goes on with entries that are later than all others, nothing that was passed becomes another:
the walk goes on from the last event, and what reads neither what is new nor the day is as it was. Any other
story is derived from its beginning: one in which an entry is corrected, retracted, repeated or dated after
death, told out of order, or asks about a day that the new entries reach back to. The answers are the same in
full, whichever way they are found (tests/properties/test_resumed.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final, Generic, NamedTuple, TypeVar

from engine.evaluate import MOMENTARY, Source, Value, ordinal, touched
from engine.event import Story
from engine.history import Ledger
from engine.meaning.events import names_of
from engine.snapshot import Snapshot
from engine.trail import Walk
from engine.verdict import Standing
from pathways.graph import Node, walk


@dataclass(frozen=True, slots=True)
class Derived:
    """A derivation as it ended.

    `furthest` is the latest day that was asked about beside the view's own, as an ordinal, `memo` what had
    been worked out for the day of the answer. For each pathway of the plan: whether it concerned the patient,
    where the patient stood and what was told.
    """

    ledger: Ledger
    walk: Walk
    furthest: int
    memo: Sequence[Value]
    entered: Sequence[bool]
    places: Sequence[Standing]
    parts: Sequence[Snapshot]

    def until(self, ledger: Ledger, as_of: date) -> Since | None:
        """What is new, where `ledger` says the same and then what is later than each day that was passed or
        asked about, so that the patient can be walked on to the day `as_of`; None where it says otherwise.
        """
        old, new, length = self.ledger.now, ledger.now, self.walk.length
        if not (_plain(self.ledger, length) and _plain(ledger, new.until(as_of)) and old.facts == new.facts):
            return None
        if new.events[:length] != old.events or new.vocabulary is not old.vocabulary:
            return None
        later = range(length, len(new.events))
        first = new.events[length].day if later else as_of
        if max(self.furthest, ordinal(self.walk.passed)) >= ordinal(first):
            return None
        return Since(self, frozenset(source for n in later for source in touched(new, n)))


class Since(NamedTuple):
    """A derivation that can be gone on from, and what reads the entries that are new."""

    before: Derived
    new: frozenset[Source]


def _plain(ledger: Ledger, length: int) -> bool:
    """Whether every entry is an event by the day: none about another, none set aside, none still to come."""
    return len(ledger.entries) == len(ledger.now.events) == length


def sources(nodes: Iterable[Node]) -> frozenset[Source] | None:
    """All that these expressions and their explanation look at; None where that is more than single
    entries.
    """
    found: set[Source] = set()
    for node in walk(*nodes):
        if node.op in MOMENTARY:
            return None
        if node.op == "fact":
            found.add(f"fact {node.param('name')}")
        elif node.op == "events":
            found.update(f"events {name}" for name in names_of(node, "types"))
    return frozenset(found)


def lasts(looked_at: frozenset[Source] | None, since: Since | None) -> bool:
    """Whether what follows from these sources is as it was."""
    return since is not None and looked_at is not None and looked_at.isdisjoint(since.new)


_MOST: Final = 128
Left = TypeVar("Left")


class Lately(Generic[Left]):
    """What was last left under some names, of as many as it holds; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Left] = {}
        self._lock = Lock()

    def take(self, name: Hashable) -> Left | None:
        """What was left under this name; it is the caller's now."""
        with self._lock:
            return self._kept.pop(name, None)

    def leave(self, name: Hashable, left: Left) -> None:
        """Keep it for whoever asks next; the one that nobody asked for the longest goes."""
        with self._lock:
            self._kept[name] = left
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]


class Memory(Lately[Derived]):
    """What the last derivations left, of as many patients as somebody works with."""

    def __init__(self) -> None:
        super().__init__(_MOST)

    def of(self, asked: Hashable, story: Story) -> Hashable:
        """The name under which a patient's derivation is kept: what was asked, and how the story begins.
        Another patient's may begin alike; whether it is the same story is compared.
        """
        first = [(one.id, one.type, one.day, one.recorded) for one in story.entries[:1]]
        return asked, story.facts.get("birth_date"), *first
