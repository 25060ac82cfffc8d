"""Every patient of a source through the write door, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from cli.import_outcome import Outcome
from cli.incoming import Incoming, Source, TurnedAway, recording, turned_away
from cli.processors import processors
from cli.workplace import Workplace
from store.record import record_many
from store.recording import NotRecorded, Recorded, Recording


def import_source(
    here: Workplace, source: Source, outcome: Outcome, dry_run: bool = False
) -> Iterator[Recorded | TurnedAway]:
    """Record every patient of a source and answer for each."""
    waiting: list[Incoming] = []
    read_away: list[TurnedAway] = []
    answers = record_many(
        here.database,
        _recordings(source, waiting, read_away),
        recorder=here.recorder,
        now=here.now,
        derive=here.derive,
        jobs=processors(),
        rehearse=dry_run,
    )
    for answer in answers:
        yield from _taken(read_away, outcome)
        incoming = waiting.pop(0)
        one = turned_away(incoming, source.path, answer.error) if isinstance(answer, NotRecorded) else answer
        outcome.add(one)
        outcome.words.update(incoming.words if isinstance(one, Recorded) else ())
        yield one
    yield from _taken(read_away, outcome)


def _recordings(source: Source, waiting: list[Incoming], away: list[TurnedAway]) -> Iterator[Recording]:
    """The readable patients as recordings; the others are put aside."""
    for one in source.patients:
        if isinstance(one, TurnedAway):
            away.append(one)
        else:
            waiting.append(one)
            yield recording(one, source)


def _taken(away: list[TurnedAway], outcome: Outcome) -> Iterator[TurnedAway]:
    while away:
        one = away.pop(0)
        outcome.add(one)
        yield one
