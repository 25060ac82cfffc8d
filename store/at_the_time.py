"""What was known in a record when decisions were taken: what a merge lends was not known there before it.

So decisions are told apart by when they were documented, and by the record in which they were taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.event import Event, Story, not_after
from store import ledger, merged
from store.ledger import Dossier, Line


@dataclass(frozen=True, slots=True)
class Taken:
    """Decisions of one record and time.

    `before` is the story they stand in, which a change is compared with; `then` what was known there of it.
    """

    before: Story
    then: Story
    decisions: tuple[Event, ...]


def taken(before: Dossier, lines: Sequence[Line], joined: Sequence[Line] = ()) -> Iterator[Taken]:
    """Every entry of a dossier, whose `lines` are in force, by what was known when it was documented; and
    those of records that are `joined` to it only now.
    """
    merges = merged.active(lines)
    lent = {line.event_id for line in lines if line.is_lent}
    own = [event for event in before.entries if event.id not in lent]
    told = before.story
    for number in range(len(merges) + 1):
        earlier, later = merges[:number], merges[number:]
        then = ledger.dossier(before.head, merged.before(lines, later)).story if later else told
        among = (event for event in own if not any(_by(event, merge) for merge in earlier))
        yield Taken(told, then, tuple(e for e in among if all(_by(e, merge) for merge in later)))
    for merge in merges:
        there = ledger.dossier(before.head, merged.lent_by(merge, lines))
        yield Taken(told, there.story, there.entries)
    if joined:
        there = ledger.dossier(before.head, joined)
        story = there.story
        yield Taken(story, story, there.entries)


def _by(event: Event, merge: Line) -> bool:
    """Whether it was documented by the time of a merge."""
    return not_after(event.documented, merge.recorded_there)
