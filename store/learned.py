"""What became known about a patient from one moment to another, and what that changed for one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.difference import Difference, difference
from engine.event import Moment, not_after
from engine.rested import RestedDecision, rested_decisions
from engine.snapshot import PatientSnapshot
from store import identities, ledger
from store.at_the_time import Taken, taken
from store.counted_days import last_day
from store.database import Database
from store.derivation import Derivation, Enrolment
from store.errors import MergedAway, NotKnownYet, UnknownPatient
from store.ledger import Dossier, Line


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines recorded after one moment and by another, and the answers by both for the same day.

    `before` is None where nothing was known at the first.
    """

    lines: tuple[Line, ...]
    before: PatientSnapshot | None
    after: PatientSnapshot
    difference: Difference


def learned(
    database: Database,
    reference: str,
    first: Moment,
    then: Moment,
    *,
    now: datetime,
    derive: Derivation,
    as_of: date | None = None,
) -> Learned:
    """What was recorded after `first` and by `then`, and the difference it made to the answer for `as_of`
    (today; the day of the last entry where days are counted).

    Raises UnknownPatient, MergedAway, NotKnownYet where nothing was recorded by `then`, and UnknownPathway.
    """
    with database.reading() as connection:
        head = identities.find(connection, reference)
        if head is None:
            raise UnknownPatient
        lines = ledger.lines(connection, head.patient_id)
    old, new = (ledger.dossier(head, lines, known_at) for known_at in (first, then))
    if new.merged_into is not None:
        raise MergedAway(new.merged_into)
    if new.enrolment is None:
        raise NotKnownYet
    day = last_day(new) if head.day_zero is not None else as_of or now.date()
    before = derive.replay(old.enrolment, old.story, day, first) if old.enrolment else None
    after = derive.replay(new.enrolment, new.story, day, then)
    there, later = (ledger.visible(lines, known_at) for known_at in (first, then))
    joined = [line for line in later if line.is_lent and line not in there]
    changed = replace(
        difference(before, after), decisions=rested(derive, old, taken(old, there, joined), new, day)
    )
    between = (line for line in lines if line.seq and _recorded_between(first, line, then))
    return Learned(tuple(between), before, after, changed)


def _recorded_between(first: Moment, line: Line, then: Moment) -> bool:
    return not_after(line.recorded_there, then) and not not_after(line.recorded_there, first)


def rested(
    derive: Derivation, before: Dossier, decisions: Iterable[Taken], after: Dossier, as_of: date
) -> tuple[RestedDecision, ...]:
    """Those of the decisions, told in `before`, that rested on what `after` changes, which follows it.

    Each is judged by what was in force when it was documented. Raises UnknownPathway.
    """
    return tuple(_rested(derive, before.enrolment, decisions, after, as_of)) if before.enrolment else ()


def _rested(
    derive: Derivation, enrolment: Enrolment, decisions: Iterable[Taken], after: Dossier, as_of: date
) -> Iterator[RestedDecision]:
    since: datetime | None = None
    among = list(decisions)
    for chosen, until in enrolment.in_turn():
        enrolled = derive.enrolled(chosen)
        for group in among:
            concerned = {
                event.id
                for event in group.decisions
                if not (since and not_after(event.documented, since))
                and (until is None or not_after(event.documented, until))
            }
            if concerned:
                found = rested_decisions(enrolled, group.before, after.story, as_of, group.then)
                yield from (one for one in found if one.event in concerned)
        since = until
