"""What boards have to do with a patient, kept so that who looks at many need not work it out.

A row is right or it is not there (`store.candidacies`); who needs one that is not there works it out. It
rests on what is recorded and on the day alone: lists, meetings and what a site asks for are told as it is
read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection

from coordination.boards import Seen, who_is
from coordination.candidates import Candidate
from coordination.decisions import unfinished
from store import candidacies
from store.candidacies import Kept
from store.database import Database
from store.settle import Reckoning
from store.together import together

AT_ONCE: Final = 100
"""Patients who are looked at, and written, at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a board is to be asked: by which step of a pathway, which question, since when it waits."""

    pathway: str
    step: str
    question: str
    since: date | None

    @classmethod
    def of(cls, one: Candidate) -> Asked:
        """What is kept of it."""
        return cls(one.asked.pathway, one.asked.step.id, one.question, one.since)


@dataclass(frozen=True, slots=True)
class Candidacy:
    """`held` are the questions of the boards that were held, with their days; `undone` the days since which
    decisions wait to be carried out.
    """

    asked: tuple[Asked, ...]
    excluded: str | None
    held: tuple[tuple[str, date], ...]
    undone: tuple[date, ...]

    @classmethod
    def of(cls, seen: Seen) -> Candidacy:
        """What is kept of a patient."""
        asked = map(Asked.of, () if seen.excluded else seen.asked)
        undone = (since for _, since, _ in unfinished(seen))
        return cls(tuple(asked), seen.excluded, seen.boards, tuple(undone))


def row(seen: Seen) -> Kept:
    """What is kept of a patient, with until when it is right."""
    found, today = Candidacy.of(seen), seen.snapshot.as_of
    days = (seen.wake_on, seen.next_event)
    return Kept(
        patient_id=seen.patient_id,
        made_on=today,
        until=min((day for day in days if day and day > today), default=date.max),
        asked=bool(found.asked),
        body=_adapter().dump_json(found).decode(),
    )


def read(body: str) -> Candidacy:
    """What was kept."""
    found: Candidacy = _adapter().validate_json(body)
    return found


@dataclass(frozen=True, slots=True)
class Candidacies:
    """Those of patients as of a day: as kept, and worked out where nothing is kept that is right. `fresh` are
    the rows that were worked out, each with the last hash it rests on.
    """

    connection: Connection
    at: Reckoning
    fresh: list[tuple[str, Kept]] = field(default_factory=list)

    def of(
        self,
        numbers: Sequence[int],
        worth: Callable[[Collection[int]], Collection[int]] = lambda numbers: numbers,
        *,
        asked: bool = False,
    ) -> Iterator[tuple[int, Candidacy]]:
        """Those of these patients, some after the other; `asked`: without those of whom it is known that no
        board is asked. Of whom nothing right is kept are worked out who are `worth` it; who cannot be derived
        is left out.
        """
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            kept = {one.patient_id: one for one in candidacies.right(self.connection, some, self.at.today)}
            missing = [one for one in some if one not in kept]
            worked_out = set(worth(missing)) if missing else ()
            for number in some:
                if number in kept:
                    if kept[number].asked or not asked:
                        yield number, read(kept[number].body)
                elif number in worked_out:
                    yield from self._worked_out(number)

    def _worked_out(self, number: int) -> Iterator[tuple[int, Candidacy]]:
        for seen in who_is(self.connection, [number], self.at):
            self.fresh.append((seen.upto, row(seen)))
            yield number, Candidacy.of(seen)


def keep(database: Database, fresh: Sequence[tuple[str, Kept]]) -> None:
    """Keep what was worked out, where it still rests on all there is. Raises Busy or CannotWrite."""
    for start in range(0, len(fresh), AT_ONCE):
        together(database, fresh[start : start + AT_ONCE], candidacies.put_where_still)


@cache
def _adapter() -> Any:
    """Between what is kept and JSON."""
    from pydantic import TypeAdapter

    return TypeAdapter(Candidacy)
