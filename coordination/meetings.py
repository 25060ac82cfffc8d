"""The meetings of a board: until when their lists are open, how many places they have, which one is next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from coordination.entries import Board
from coordination.fitting import Unfit
from coordination.patient_desk import Listing
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting with its list as it stands. `taken` counts those who are discussed: who is only listed for
    the record, as treated by the standard of care, takes no place.
    """

    board: Board
    at: datetime
    day: date
    closes: date
    taken: int

    @property
    def left(self) -> int | None:
        """Places left; None: there is no limit."""
        return None if self.board.capacity is None else max(self.board.capacity - self.taken, 0)

    @property
    def full(self) -> bool:
        return self.left == 0

    @property
    def takes_place(self) -> bool:
        return self.at in self.board.calls

    def closed(self, now: datetime, today: date) -> bool:
        """Whether its list is closed."""
        return today > self.closes or now >= self.at


def meeting(site: SiteDesk, board: Board, at: datetime, listings: Iterable[Listing]) -> Meeting:
    """A meeting of a board, with all that is listed for it among these."""
    calendar = SiteCalendar(site.site)
    day = at.astimezone(site.site.time_zone).date()
    here = [one for one in listings if one.meeting == at and one.entry.board == board.name]
    taken = sum(one.entry.discussion == "full" for one in here)
    return Meeting(board, at, day, calendar.earlier(day, board.closes_days), taken)


def closing(site: SiteDesk, board: Board, at: datetime) -> date:
    """The last day on which somebody is put on the list of a meeting."""
    return meeting(site, board, at, ()).closes


def to_come(site: SiteDesk, board: Board, now: datetime, listings: Iterable[Listing]) -> list[Meeting]:
    """The meetings that lie ahead, the next one first."""
    known = list(listings)
    return [meeting(site, board, at, known) for at in board.calls if at > now]


def next_open(meetings: Iterable[Meeting], now: datetime, today: date) -> Meeting | None:
    """The first with room whose list is open."""
    return next((one for one in meetings if not one.full and not one.closed(now, today)), None)


def weekly(at: datetime, weeks: int, zone: tzinfo) -> Iterator[datetime]:
    """A meeting and those of the weeks after it, at the same hour by the clocks of the zone."""
    for week in range(weeks):
        local = at.replace(tzinfo=None) + timedelta(weeks=week)
        yield local.replace(tzinfo=at.tzinfo or zone)


def replanned(
    board: str, before: Board | None, more: Collection[datetime], gone: Collection[datetime]
) -> tuple[datetime, ...]:
    """The meetings of a board with some more, and without those that do not take place.

    Raises Unfit for one to be cancelled that there is not.
    """
    old = set(before.meetings) if before else set()
    if unknown := set(gone) - old:
        raise Unfit([f"{board} does not meet on {min(unknown):%Y-%m-%d %H:%M}"])
    return tuple(sorted((old | set(more)) - set(gone)))
