"""Everybody about whom a board is to be asked, and everybody of whom a decision waits, by what is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from coordination.board_graph import boards
from coordination.boards import Seen, seen, who_is
from coordination.candidacy import Asked, Candidacies, keep
from coordination.candidates import Candidate
from coordination.decisions import Decided, decided, due_on, who_may_wait
from coordination.site_desk import SiteDesk
from engine.snapshot import Snapshot
from pathways.pathway import Pathway
from store import worklist
from store.boards import may_be_asked, standing_at
from store.database import Database
from store.errors import Busy
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class Pass:
    """Those who were wanted, with what a board is to be asked about each; whether there are `more`."""

    found: tuple[tuple[Seen, Candidate], ...]
    more: bool


def first_asked(
    database: Database,
    pathways: Sequence[Pathway],
    at: Reckoning,
    wanted: Callable[[int, Asked], bool],
    most: int,
) -> Pass:
    """The first of those about whom a board is to be asked and who are `wanted`; of steps that a board takes
    first, and there who has been in the state longest.

    What had to be worked out is kept for who comes next, unless others write just now.
    """
    shown: list[tuple[Seen, Candidate]] = []
    more = False
    with database.reading() as connection:
        there = Candidacies(connection, at)
        for number, asked in _asked(there, pathways):
            if not wanted(number, asked):
                continue
            if more := len(shown) == most:
                break
            shown += _candidate(seen(connection, number, at), asked)
    with contextlib.suppress(Busy):
        keep(database, there.fresh)
    return Pass(tuple(shown), more)


def _candidate(found: Seen | None, asked: Asked) -> Iterator[tuple[Seen, Candidate]]:
    """The same with all that is known of the patient."""
    if found is not None:
        yield from ((found, one) for one in found.asked if Asked.of(one) == asked)


def _asked(there: Candidacies, pathways: Sequence[Pathway]) -> Iterator[tuple[int, Asked]]:
    steps = [one for each in pathways for one in boards(each).steps]
    taken = {(one.pathway, one.step.id) for one in steps if one.waits_for is None}
    guards = {one.waits_for.id for one in steps if one.waits_for is not None}
    first: set[int] = set()

    def may_be_taken(numbers: Iterable[int]) -> set[int]:
        answers = dict(worklist.kept(there.connection, list(numbers)))
        return {one for one, parts in answers.items() if taken & _allowed(parts)}

    for number, one in there.of(standing_at(there.connection, _states(pathways)), may_be_taken, asked=True):
        if any((each.pathway, each.step) in taken for each in one.asked):
            first.add(number)
            yield from ((number, each) for each in one.asked)
    more = may_be_asked(there.connection, guards, there.at.today)
    for number, one in there.of([each for each in more if each not in first], asked=True):
        yield from ((number, each) for each in one.asked)


def _states(pathways: Iterable[Pathway]) -> set[tuple[str, str]]:
    """The states, each with the key of its pathway, in which a step that a board takes is offered."""
    return {
        (each.key, state)
        for each in pathways
        for one in boards(each).steps
        if one.waits_for is None
        for offer in one.step.offers
        for state in offer.states or [every.id for every in each.states]
    }


def _allowed(parts: Iterable[Snapshot]) -> set[tuple[str, str]]:
    return {(part.key, step.step) for part in parts for step in part.steps if step.allowed}


def waiting(
    database: Database, pathways: Sequence[Pathway], at: Reckoning, site: SiteDesk, *, every: bool
) -> list[tuple[Seen, Decided]]:
    """The decisions that wait to be carried out: those that are late, or `every` one; the longest first."""
    with database.reading() as connection:
        there = Candidacies(connection, at)
        late = [
            number
            for number, one in there.of(who_may_wait(connection, pathways))
            if any(every or due_on(since, site) < at.today for since in one.undone)
        ]
        found = [
            (one, each)
            for one in who_is(connection, late, at)
            for each in decided(one, site)
            if every or each.late(at.today)
        ]
    with contextlib.suppress(Busy):
        keep(database, there.fresh)
    return sorted(found, key=lambda pair: (pair[1].by, pair[0].patient_id))
