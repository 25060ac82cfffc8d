"""Where judgements of a merged record stand now: under the record that goes on, by the ids of its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from store import judgements
from store.judgements import Found, Judgement
from store.parts import outermost, part_of, renamed


@dataclass(frozen=True, slots=True)
class Where:
    """A judgement, and the record that the one it was about is part of now; `found` is the deviation there.
    None: that record does not show it.
    """

    judgement: Judgement
    number: int
    found: Found | None


def where_now(connection: Connection, steps: Iterable[Judgement]) -> Iterator[Where]:
    """The same of each of these; of a record that is part of none it is that record, without a deviation."""
    there = list(steps)
    parts = part_of(connection, {one.about.patient_id for one in there})
    for one in there:
        own = one.about.patient_id
        number = outermost(connection, own) if own in parts else own
        yield Where(one, number, _found(connection, number, one) if number != own else None)


def brought_in(connection: Connection, about: Found) -> list[Judgement]:
    """What was judged of a deviation under records that are part of this one now, the oldest first."""
    others = [number for number in renamed(connection, about.patient_id) if number != about.patient_id]
    steps = [one for number in others for one in judgements.all_steps(connection, number)]
    there = {one.judgement.seq for one in where_now(connection, steps) if one.found == about}
    return [one for one in steps if one.seq in there]


def _found(connection: Connection, number: int, one: Judgement) -> Found | None:
    """The deviation of the same rule that rests on the same entries, or began with the same."""
    events = _named(one.about.events, renamed(connection, number).get(one.about.patient_id, ()))
    same = [
        each
        for each in judgements.found(connection, number)
        if (each.pathway, each.code) == (one.about.pathway, one.about.code)
    ]
    exact = (each for each in same if (each.events, each.raised_on) == (events, one.about.raised_on))
    began = (each for each in same if each.events[:1] == events[:1])
    return next(exact, None) or next(began, None)


def _named(events: tuple[str, ...], names: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """These entries by the ids that they took in each merge."""
    for ids in names:
        events = tuple(ids.get(one, one) for one in events)
    return events
