"""In whose calendar a patient stood in the last weeks: an owner's, or a deputy's while somebody was away.

What went from a calendar is cancelled in it for a while, so that it goes from the programs that have it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from coordination.entries import Absence, Person, Site, Team, read
from coordination.ownership import in_charge
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from store.desk import ASSIGNED, Said

MOVING: Final = frozenset(kind.kind for kind in (Absence, Person, Site, Team))
"""The kinds of entries about the site by which patients come to somebody else."""


class Stay(NamedTuple):
    """Whether a patient stands in a calendar; where not, since when no more."""

    still: bool
    until: datetime


@dataclass(frozen=True)
class Times:
    """Who looked after whom from one moment to another, by what was said of the site until each of them.

    `names` are those whose calendar it is.
    """

    entries: Sequence[Said]
    names: Collection[str]
    since: datetime
    now: datetime

    @cached_property
    def turns(self) -> tuple[datetime, ...]:
        """The moments from which others may look after somebody's patients, the first and the last too."""
        found = {one.at for one in self.entries if one.kind in MOVING}
        found |= {self._calendar.at(day) for one in _absences(self.entries) for day in _ends(one)}
        return (self.since, *sorted(one for one in found if self.since < one < self.now), self.now)

    @cached_property
    def moves(self) -> int:
        """A number that is higher after each of them than before, whatever was said or taken back."""
        said = sum(one.kind in MOVING for one in self.entries)
        standing = SiteDesk.of(self.entries).absences
        return 2 * said + sum(day <= self._calendar.today(self.now) for one in standing for day in _ends(one))

    def ever(self, owners: Iterable[str | None]) -> set[str | None]:
        """The owners whose patients stood in the calendar at some time."""
        return {owner for owner in owners if any(owner in there for there in self._by_turn.values())}

    def of(self, assigned: Sequence[Said]) -> Stay | None:
        """How a patient stood in it, by what was said of whose it is; None: at no time.

        The time before that was first said does not count: patients are recorded a moment before they are
        given to anybody.
        """
        begin = min(max(self.since, assigned[0].at), self.now) if assigned else self.since
        said = {one.at for one in assigned if one.at < self.now}
        turns = sorted({begin, self.now, *(turn for turn in {*self.turns, *said} if begin < turn)})
        there = [self._comes(_owner(assigned, turn), turn) for turn in turns]
        left = (turn for (was, (_, turn)) in zip(there, pairwise(turns), strict=False) if was)
        return Stay(there[-1], max(left, default=self.now)) if any(there) else None

    def _comes(self, owner: str | None, moment: datetime) -> bool:
        """Whether an owner's patients stood in it at a moment; nothing turned since the last turn."""
        return owner in self._by_turn[max(turn for turn in self.turns if turn <= moment)]

    @cached_property
    def _by_turn(self) -> dict[datetime, frozenset[str | None]]:
        return {turn: frozenset(self._looked_after(turn)) for turn in self.turns}

    def _looked_after(self, turn: datetime) -> Iterator[str | None]:
        site = SiteDesk.of(self.entries, turn)
        day = SiteCalendar(site.site).today(turn)
        for owner in (None, *site.people, *site.teams):
            if owner in self.names or any(one.name in self.names for one in in_charge(site, owner, day)):
                yield owner

    @cached_property
    def _calendar(self) -> SiteCalendar:
        return SiteCalendar(SiteDesk.of(self.entries).site)


def _absences(entries: Iterable[Said]) -> Iterator[Absence]:
    """Each that was ever said, taken back or not."""
    found = (read(one.kind, one.payload) for one in entries if one.kind == Absence.kind)
    return (one for one in found if isinstance(one, Absence))


def _ends(one: Absence) -> tuple[date, date]:
    """The first day away, and the first day back."""
    return one.first, one.last + timedelta(1)


def _owner(assigned: Sequence[Said], moment: datetime) -> str | None:
    owner: str | None = None
    for one in assigned:
        if one.kind == ASSIGNED and one.at <= moment:
            owner = one.payload["owner"]
    return owner
