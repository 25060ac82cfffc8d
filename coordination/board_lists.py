"""The lists of all boards: who is on which, what is missing, and of whom nobody may lose sight.

Who is listed is told by what was said at the desk; worked out are only those who are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from coordination.board_graph import BOARD
from coordination.boards import Seen, answered, desks_of_listed, is_about, place, who_is
from coordination.candidacy import Candidacies
from coordination.meetings import Meeting, meeting
from coordination.patient_desk import Listing, PatientDesk
from coordination.readiness import Readiness
from coordination.site_desk import SiteDesk
from engine.event import Event
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: the patient, the question as listed, what is there, and the decision that was made on
    the day of the meeting.
    """

    seen: Seen
    listing: Listing
    readiness: Readiness
    decided: Event | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with its list, in the order in which patients were put on it, urgent ones first."""

    meeting: Meeting
    rows: tuple[Row, ...]

    @property
    def ready(self) -> int:
        return sum(one.readiness.whole for one in self.rows)


@dataclass(frozen=True, slots=True)
class Lists:
    """What is on the lists of all boards, by what was said at the desk; `there` tells what is recorded."""

    site: SiteDesk
    desks: Mapping[int, PatientDesk]
    there: Candidacies

    @classmethod
    def read(cls, connection: Connection, site: SiteDesk, at: Reckoning) -> Lists:
        """Everybody who was ever listed."""
        return cls(site, desks_of_listed(connection), Candidacies(connection, at))

    @property
    def listings(self) -> list[Listing]:
        return [listing for _, listing in self._every()]

    def agenda(self, board: str, at: datetime) -> Agenda:
        """The list of one meeting."""
        wanted = [
            (number, listing)
            for number, listing in self._every()
            if listing.entry.board == board and listing.meeting == at
        ]
        of = meeting(self.site, self.site.boards[board], at, self.listings)
        rows = self._rows(sorted(wanted, key=lambda pair: place(pair[1])), of.day)
        return Agenda(of, tuple(rows))

    def without_meeting(self, board: str) -> list[Row]:
        """Those of whom nobody may lose sight: who is listed for a meeting that does not take place, who was
        put off to none, and who was listed for one that is over and of whom no decision is recorded.
        """
        calls = self.site.boards[board].calls
        zone, today = self.site.site.time_zone, self.there.at.today
        wanted = [
            (number, listing)
            for number, listing in self._every()
            if listing.entry.board == board
            and (listing.meeting not in calls or listing.meeting.astimezone(zone).date() < today)
        ]
        known = dict(self.there.of(sorted({number for number, _ in wanted})))
        lost = [
            (number, listing)
            for number, listing in wanted
            if number in known
            and known[number].excluded is None
            and not answered(known[number].held, listing, zone)
        ]
        return list(self._rows(lost, today))

    def _every(self) -> Iterator[tuple[int, Listing]]:
        return ((number, one) for number, said in self.desks.items() for one in said.listings.values())

    def _rows(self, wanted: Collection[tuple[int, Listing]], day: date) -> Iterator[Row]:
        numbers = dict.fromkeys(number for number, _ in wanted)
        found = {one.patient_id: one for one in who_is(self.there.connection, numbers, self.there.at)}
        return (self._row(found[number], listing, day) for number, listing in wanted if number in found)

    def _row(self, one: Seen, listing: Listing, day: date) -> Row:
        said = listing.entry
        ready = one.readiness(self.site, said.question, said.pathway, said.step)
        decided = (e for e in one.events if e.type == BOARD and e.day == day and is_about(e, listing))
        return Row(one, listing, ready, next(decided, None))
