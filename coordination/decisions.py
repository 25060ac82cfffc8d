"""What boards decided that has not been carried out: where a patient still waits since a board's decision.

Read from the way the patient walked: a board led to where the patient is, or to a state before it on the way
to treatment, and neither a finding nor another board has overtaken it. Where a pathway does not move by a
decision, nothing is followed up: the sources leave open what is to come of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from coordination.board_graph import BOARD, boards
from coordination.boards import Seen
from coordination.candidates import UNDECIDED
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from engine.event import Event
from engine.snapshot import Snapshot, StepVerdict
from pathways.pathway import Pathway
from store.boards import standing_at


@dataclass(frozen=True, slots=True)
class Decided:
    """A board's decision that waits. `by` is the day by which the site means to have carried it out, counted
    from the decision, or from the last step towards it; `steps` would do it, held back or not.
    """

    pathway: str
    state: str
    since: date
    board: Event
    steps: tuple[StepVerdict, ...]
    by: date

    def late(self, today: date) -> bool:
        return self.by < today


def decided(seen: Seen, site: SiteDesk) -> Iterator[Decided]:
    """The decisions about one patient that wait to be carried out; of nobody who has left or is paused."""
    for part, since, board in unfinished(seen):
        wanted = _wanted(_pathway(seen, part), part, seen)
        steps = tuple(one for one in part.steps if one.step in wanted)
        yield Decided(part.key, part.state, since, board, steps, due_on(since, site))


def due_on(since: date, site: SiteDesk) -> date:
    """The day by which a site means to have carried out what waits since a day."""
    return SiteCalendar(site.site).later(since, site.site.carry_out_days)


def unfinished(seen: Seen) -> Iterator[tuple[Snapshot, date, Event]]:
    """The pathways in which a decision waits, since when, and the board that made it."""
    for part in () if seen.excluded else seen.snapshot.pathways:
        wanted = _wanted(_pathway(seen, part), part, seen)
        board = _last_board(seen, part) if wanted else None
        if board is not None and part.entered_on is not None:
            yield part, part.entered_on, board


def _pathway(seen: Seen, part: Snapshot) -> Pathway:
    return next(one.pathway for one in seen.enrolled if one.pathway.key == part.key)


def _wanted(pathway: Pathway, part: Snapshot, seen: Seen) -> tuple[str, ...]:
    """The steps that carry out what a board decided, where one led here."""
    said = boards(pathway)
    if part.state in said.carried_out:
        return said.carried_out[part.state]
    last = part.trail[-1].event if part.trail else None
    moved = any(one.id == last and one.type == BOARD for one in seen.events)
    return said.may_follow.get(part.state, ()) if moved else ()


def _last_board(seen: Seen, part: Snapshot) -> Event | None:
    """The board that led here: the last one that decided by the day on which the patient came."""
    held = [
        one
        for one in seen.events
        if one.type == BOARD
        and one.fields.get("decision") != UNDECIDED
        and (part.entered_on is None or one.day <= part.entered_on)
    ]
    return held[-1] if held else None


def who_may_wait(connection: Connection, pathways: Iterable[Pathway]) -> list[int]:
    """The patients, by number, who are in a state in which a decision may wait."""
    states = {
        (one.key, state)
        for one in pathways
        for state in {**boards(one).carried_out, **boards(one).may_follow}
    }
    return standing_at(connection, states)
