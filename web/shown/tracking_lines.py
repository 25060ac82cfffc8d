"""The rows of the tracking list, and of whom is spoken: the same for its page, its file and programs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from coordination import reach
from coordination.board_ahead import BoardAhead
from coordination.fitting import NOBODY
from coordination.next_step import NextStep
from coordination.outlook import Overview, overviews, work_out
from coordination.ownership import looked_after
from engine.calendar import completed_years
from pathways.titles import closed_states, state_title
from store import desk, identities, worklist
from store.desk import Said
from store.desk_list import DUE, Due, Row, Scope, Ticked
from store.errors import Busy
from web.shown.tracking_window import Window, window
from web.visit import Visit

OPEN: Final = tuple(one for one in DUE if one != "closed")
"""Of whom something is to be done: the others are shown where they are asked for."""


def shown_of(ticked: Ticked) -> Ticked:
    """Whom the list shows: closed patients where they, or a state in which all are closed, are ticked."""
    asked_for = ticked.due or not set(ticked.states).isdisjoint(closed_states())
    return ticked if asked_for else replace(ticked, due=OPEN)


FEW: Final = 5_000
"""Patients whose identities are opened for a search, about ten in a millisecond."""


@dataclass(frozen=True, slots=True)
class Line:
    """One patient as the page shows it."""

    row: Row
    name: str
    age: int | None
    day: int | None
    state: str
    in_state: int | None
    step: NextStep | None
    stage: int
    kind: Due
    days: int | None
    on: date | None
    mine: bool
    paused: str
    comment: Said | None
    untracked: int | None
    window: Window | None
    board: BoardAhead | None
    corrected: bool
    blocked: bool

    @property
    def reference(self) -> str:
        return self.row.person.reference if self.row.person else f"#{self.row.number}"


def found_by(connection: Connection, text: str) -> list[int]:
    """Whom a text finds by an index; where that is nobody, and patients are few, who has it in the reference
    or whose name begins so: each is opened for that.
    """
    found = identities.found_by_index(connection, text)
    return found or (identities.searched(connection, text) if identities.are_few(connection, FEW) else [])


def found_elsewhere(connection: Connection, visit: Visit, text: str) -> list[int]:
    """The numbers of patients of other teams who have just this name or number, of whom somebody may look who
    says why. Who heard that there is nobody would register them again.
    """
    if not visit.account.teams:
        return []
    found = identities.found_by_index(connection, text)
    within = reach.those_within(connection, visit.site, visit.account.teams, found)
    return [number for number in found if number not in within][:AT_MOST]


AT_MOST: Final = 5
"""Patients of other teams of whom is told."""


def scope_of(visit: Visit, owner: str, closed: tuple[str, ...], numbers: tuple[int, ...] | None) -> Scope:
    """Of whom is spoken; who is limited to teams hears of no others."""
    named: dict[str, tuple[str | None, ...] | None] = {"": None, "me": my_owners(visit), NOBODY: (None,)}
    owners = named.get(owner, (owner,))
    teams = visit.account.teams
    limited = reach.owners(visit.site, teams) if teams else None
    return Scope(visit.today, closed, owners, limited, numbers, visit.corrected)


def my_owners(visit: Visit) -> tuple[str | None, ...]:
    """The owners whose patients somebody looks after today."""
    return tuple(looked_after(visit.site, visit.account.name, visit.today))


def lines_of(visit: Visit, rows: list[Row]) -> list[Line]:
    """What the desk knows of each patient, beside the row; it is kept for the next who asks."""
    numbers = [one.number for one in rows]
    open_ = [one.number for one in rows if one.due != "closed" and not one.day_zero]
    with suppress(Busy):  # it is worked out again, then
        work_out(visit.database, open_, visit.reckoning, visit.place.site)
    with visit.database.reading() as connection:
        ahead = dict(overviews(connection, connection, open_, visit.site, visit.today))
        comments = desk.last_comments(connection, numbers, worklist.parts(connection, numbers))
    return [_line(visit, one, ahead.get(one.number), comments.get(one.number)) for one in rows]


def _line(visit: Visit, row: Row, ahead: Overview | None, comment: Said | None) -> Line:
    today = row.derived_on if row.day_zero else visit.today
    step = ahead.work.step if ahead else None
    person = row.person
    kind, on = row.due, step.on if step else row.next_due
    late = step.late_from if step else None
    overdue = row.urgent_on if row.due == "overdue" else late
    days = (today - overdue).days + 1 if kind == "overdue" and overdue else (on - today).days if on else None
    untracked = (today - ahead.tracked_on).days if ahead else None
    limit = visit.site.site.untracked_days
    return Line(
        row=row,
        name=(person.name or person.reference) if person else f"#{row.number}",
        age=completed_years(person.birth_date, today) if person and person.birth_date else None,
        day=(today - row.began_on).days if row.began_on else None,
        state=state_title(row.state),
        in_state=(today - row.entered_on).days if row.entered_on else None,
        step=step,
        stage=_stage(step),
        kind=kind,
        days=days,
        on=on,
        mine=bool(ahead and ahead.outlook.taken_on),
        paused=_held(ahead),
        comment=comment,
        untracked=untracked if untracked is not None and untracked > limit else None,
        window=window(row.clock, row.clock_from, row.clock_until, today) if row.due != "closed" else None,
        board=ahead.outlook.board if ahead else None,
        corrected=row.number in visit.corrected,
        blocked=row.blocked and kind != "closed",
    )


def _held(ahead: Overview | None) -> str:
    if ahead and ahead.outlook.lost_on:
        return "lost to follow-up"
    return "paused" if ahead and ahead.outlook.paused_on else ""


def _stage(step: NextStep | None) -> int:
    """How many of the four stages are behind: ordered, booked, done, reported."""
    reached = {"ordered": 1, "booked": 2, "not_attended": 1, "done": 3, "reported": 4, "acted_on": 4}
    return reached.get(step.report.status, 0) if step and step.report else 0
