"""A meeting of a board as its pages show it: who is on its list, what is missing, what was decided."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from typing import Final, Literal
from urllib.parse import urlencode

from sqlalchemy import Connection

from coordination import reach
from coordination.board_lists import Agenda, Lists, Row
from coordination.boards import Seen
from coordination.candidacy import keep
from coordination.entries import Board
from coordination.meetings import Meeting, to_come
from coordination.on_lists import on_lists
from coordination.readiness import Readiness
from engine.calendar import completed_years
from engine.event import Event
from interop.board_words import missing_words, providers, question_words
from store import identities
from store.errors import Busy
from web.render import in_words
from web.visit import Stopped, Visit

Standing = Literal["ready", "ask", "missing"]

EARLIER: Final = 8
"""Meetings that are over which can be chosen."""


@dataclass(frozen=True, slots=True)
class Who:
    """A patient as a list names them."""

    number: int
    name: str
    reference: str
    age: int | None


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing, and who can provide it."""

    words: str
    who: str


@dataclass(frozen=True, slots=True)
class Data:
    """How much of what a question needs is there."""

    ready: int
    of: int
    standing: Standing
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One patient on a list; `row` is what the list says. `at_board` is the address of the page about it."""

    who: Who
    row: Row
    title: str
    data: Data
    at_board: str

    @property
    def decided(self) -> Event | None:
        return self.row.decided


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One meeting, chosen from those there are; None: no meeting is planned. `lost` are on the list of none
    that takes place. `others` are patients of other teams, whom the person does not see.
    """

    board: Board
    meetings: tuple[datetime, ...]
    meeting: Meeting | None
    lines: tuple[Line, ...]
    lost: tuple[Line, ...]
    others: int
    ahead: tuple[Meeting, ...]

    @property
    def ready(self) -> int:
        return sum(one.data.standing == "ready" for one in self.lines)

    @property
    def decided(self) -> int:
        return sum(one.decided is not None for one in self.lines)


def key(at: datetime) -> str:
    """A meeting as an address names it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def address(path: str, board: Board, at: datetime | None = None, **more: str) -> str:
    """A page about a board, or about one of its meetings."""
    said = {"board": board.name, "meeting": key(at) if at else "", **more}
    return f"{path}?{urlencode({name: value for name, value in said.items() if value})}"


def board_of(visit: Visit, name: str) -> Board | None:
    """The board of that name, else the first that meets; None: there is none. Raises Stopped."""
    boards = visit.site.boards
    if name:
        if name not in boards:
            raise Stopped(404, "There is no such board")
        return boards[name]
    meets = [one for one in boards.values() if one.active]
    return min(meets, key=lambda one: _next(one, visit.now), default=None)


def _next(board: Board, now: datetime) -> datetime:
    return min(
        (at for at in board.calls if at.date() >= now.date()), default=datetime.max.replace(tzinfo=UTC)
    )


def meeting_of(visit: Visit, board: Board, asked: str) -> datetime | None:
    """The meeting in the address, else the next one, which on its day is today's. Raises Stopped."""
    if asked:
        found = next((at for at in chain(board.meetings, _ever(visit, board)) if key(at) == asked), None)
        if found is None:
            raise Stopped(404, "This board has no such meeting")
        return found
    zone = visit.site.site.time_zone
    return next((at for at in board.calls if at.astimezone(zone).date() >= visit.today), None)


def _ever(visit: Visit, board: Board) -> Iterator[datetime]:
    """The meetings for which anybody was ever listed, also those that did not take place."""
    with visit.database.reading() as connection:
        yield from on_lists(connection, board.name)


def on_board(visit: Visit, board: Board, at: datetime | None) -> OnBoard:
    """The list of a meeting, and those of whom nobody may lose sight."""
    with visit.database.reading() as connection:
        lists = Lists.read(connection, visit.site, visit.reckoning)
        agenda = lists.agenda(board.name, at) if at else None
        rows = agenda.rows if agenda else ()
        lost = lists.without_meeting(board.name)
        shown = within(visit, connection, {one.seen.patient_id for one in (*rows, *lost)})
        lines = _lines(visit, connection, agenda, [one for one in rows if one.seen.patient_id in shown])
        gone = _lines(visit, connection, None, [one for one in lost if one.seen.patient_id in shown])
        ahead = to_come(visit.site, board, visit.now, lists.listings)
    with contextlib.suppress(Busy):  # somebody else is writing: it is worked out again
        keep(visit.database, lists.there.fresh)
    over = [one for one in board.meetings if one <= visit.now][-EARLIER:]
    return OnBoard(
        board=board,
        meetings=(*over, *(one.at for one in ahead)),
        meeting=agenda.meeting if agenda else None,
        lines=tuple(lines),
        lost=tuple(gone),
        others=len(rows) + len(lost) - len(lines) - len(gone),
        ahead=tuple(ahead),
    )


def within(visit: Visit, connection: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these patients whom the person may see."""
    if not visit.account.teams:
        return set(numbers)
    return reach.those_within(connection, visit.site, visit.account.teams, numbers)


def _lines(visit: Visit, connection: Connection, agenda: Agenda | None, rows: Iterable[Row]) -> list[Line]:
    return [_line(visit, connection, agenda, one) for one in rows]


def _line(visit: Visit, connection: Connection, agenda: Agenda | None, row: Row) -> Line:
    said = row.listing.entry
    asked = row.seen.step(said.question, said.pathway, said.step)
    board = visit.site.boards[said.board]
    at = agenda.meeting.at if agenda else None
    return Line(
        who=who(connection, row.seen, visit.today),
        row=row,
        title=asked.title if asked else question_words(said.question),
        data=data(visit, row.readiness, row.seen),
        at_board=address(f"/patients/{row.seen.patient_id}/board", board, at, question=said.question),
    )


def who(connection: Connection, seen: Seen, today: date) -> Who:
    """A patient by name, else by reference."""
    number = seen.patient_id
    person = identities.person_of(connection, number)
    reference = person.reference if person else f"{identities.NUMBERED}{number}"
    born = person.birth_date if person else None
    age = completed_years(born, today) if born and born <= today else None
    return Who(number, (person.name if person else None) or reference, reference, age)


def data(visit: Visit, found: Readiness, seen: Seen) -> Data:
    """What is there and what is missing; unknown is never ready."""
    say_day = partial(in_words, today=visit.today, language=visit.looks.language)
    lacks = tuple(
        Lack(
            missing_words(one, seen, say_day),
            ", ".join(each.name for each in providers(one, seen, visit.site, visit.today)),
        )
        for one in found.missing
    )
    standing = _standing([one.standing for one in found.missing])
    return Data(len(found.data) - len(found.missing), len(found.data), standing, lacks)


def _standing(missing: Sequence[Standing]) -> Standing:
    return "ready" if not missing else "missing" if "missing" in missing else "ask"
