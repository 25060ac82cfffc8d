"""One patient's answer derived for today, and the rows that follow from it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.rested import RestedDecision
from engine.snapshot import PatientSnapshot
from store import projections
from store.at_the_time import Taken
from store.counted_days import last_day
from store.derivation import Derivation
from store.errors import CannotDerive, StoreError
from store.horizon import Today
from store.learned import rested
from store.ledger import Dossier
from store.projections import Changed, Kept, Rows


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The day for which, the moment at which and the functions by which answers are derived."""

    today: date
    known_at: datetime
    derive: Derivation

    @classmethod
    def at(cls, now: datetime, derive: Derivation) -> Reckoning:
        """For the civil day of `now`, with all that was recorded by then."""
        if now.utcoffset() is None:
            raise ValueError("a moment needs an offset, or its civil day cannot be told")
        return cls(now.date(), now, derive)

    def answer(self, dossier: Dossier) -> Answer:
        """Where the patient stands today. An entry recorded by a clock that was ahead is known all the same.

        A patient whose days are counted has no today, and stands on the day of the last entry for good. Who
        was derived from the same dossier before is not derived again until the first day on which the answer
        may be otherwise.
        Raises UnknownPathway, and CannotDerive for whatever else the engine raises.
        """
        counted = dossier.head.day_zero is not None
        day, known_at = last_day(dossier) if counted else self.today, dossier.all_known(self.known_at)
        number, kept = dossier.head.patient_id, self.derive.answers
        found = kept.take(number)
        if found is None or not found.holds(dossier, day):
            found = self._derived(dossier, day, known_at, counted)
        kept.leave(number, found)
        return replace(found, snapshot=replace(found.snapshot, as_of=day, known_at=known_at))

    def _derived(self, dossier: Dossier, day: date, known_at: datetime, counted: bool) -> Answer:
        assert dossier.enrolment is not None, "every patient is enrolled when registered"
        today = Today.on(day)
        with _deriving():
            snapshot = self.derive.replay(dossier.enrolment, dossier.story, today, known_at)
        plain = replace(snapshot, as_of=day)
        days = () if counted else (today.next_change, projections.passes_on(plain))
        return Answer(plain, dossier, min((one for one in days if one), default=None))

    def rested(
        self, before: Dossier, decisions: Iterable[Taken], answer: Answer
    ) -> tuple[RestedDecision, ...]:
        """Those of the decisions that rested on what the answer's dossier changes, as they were judged.

        Raises as `answer` does.
        """
        with _deriving():
            return rested(self.derive, before, decisions, answer.dossier, answer.snapshot.as_of)


@contextlib.contextmanager
def _deriving() -> Iterator[None]:
    """The engine's errors are told by their kind alone: their messages may quote the story."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        raise CannotDerive(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a patient stands, from which dossier, and the first day on which that may be otherwise."""

    snapshot: PatientSnapshot
    dossier: Dossier
    wake_on: date | None

    def holds(self, dossier: Dossier, day: date) -> bool:
        """Whether it is the answer for this dossier and day, too: all that is recorded is the same, and the
        day lies before the first on which that may be otherwise.
        """
        in_time = self.snapshot.as_of <= day and (self.wake_on is None or day < self.wake_on)
        return in_time and self.dossier == dossier

    def against(self, kept: Kept | None) -> Changed:
        """The pathways that answer otherwise than is kept (None: nothing is)."""
        return projections.changed(kept, self.snapshot)

    def rows(self, change: Changed) -> Rows:
        """What the tables must hold so that they are up to date with this answer."""
        row = projections.tracking_row(self.snapshot, self.dossier.entries, self.wake_on)
        return projections.rows(row, change)
