"""One patient and the lists of all boards, while nobody else changes either: put on, taken off, put off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from coordination.boards import Seen, listings, seen
from coordination.entries import Board, Listed, Postponed, Unlisted
from coordination.fitting import Unfit
from coordination.listing import (
    Allowing,
    NotListed,
    Obstacle,
    check_meeting,
    check_patient,
    question_for,
    standing_at,
)
from coordination.meetings import Meeting, meeting, next_open, to_come
from coordination.patient_desk import Listing
from coordination.reasons import deferral_words
from coordination.site_desk import SiteDesk
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class AtBoard:
    """What stands about a patient and a board; `ahead` are its meetings that lie ahead."""

    site: SiteDesk
    board: Board
    seen: Seen
    listings: tuple[Listing, ...]
    ahead: tuple[Meeting, ...]
    now: datetime
    today: date

    @classmethod
    def of(
        cls, connection: Connection, number: int, site: SiteDesk, board: Board, at: Reckoning, now: datetime
    ) -> AtBoard:
        """As it stands; for as long as the transaction holds where the caller keeps others off.

        Raises Unfit for a patient whose days are counted.
        """
        found = seen(connection, number, at)
        if found is None:
            raise Unfit(["the days of the patient are counted from day zero: no board meets on them"])
        there = tuple(listings(connection))
        return cls(site, board, found, there, tuple(to_come(site, board, now, there)), now, at.today)

    def meeting(self, at: datetime) -> Meeting:
        """One of the board's meetings with what is listed for it."""
        return meeting(self.site, self.board, at, self.listings)

    def next_open(self) -> Meeting:
        """The next meeting that is right. Raises NotListed."""
        found = next_open(self.ahead, self.now, self.today)
        if found is None:
            told = "no meeting of {board} is open and has room"
            option = f"; `carepath desk board {self.board.name} --meeting DATE` adds one"
            raise NotListed([Obstacle("meeting", told, {"board": self.board.name}, option)])
        return found

    def add(
        self, question: str, chosen: Meeting | None, allowing: Allowing, *, urgent: bool, standard: bool
    ) -> Listed:
        """Put the patient on the list of a meeting; None: of the next one that is right. Raises NotListed."""
        check_patient(self.seen)
        wanted = question_for(self.seen, self.board, question, allowing)
        there = self.seen.said.listings.get((self.board.name, wanted))
        if there and there.meeting in self.board.calls and there.meeting > self.now:
            raise NotListed([self._already(there.meeting)])
        of = chosen or self.next_open()
        if not (there and standard):
            check_meeting(self.site, of, self.ahead, allowing, self.now, self.today)
        step = self.seen.step(wanted)
        return Listed(
            board=self.board.name,
            question=wanted,
            meeting=of.at,
            pathway=step.pathway if step else "",
            step=step.step.id if step else "",
            priority="urgent" if urgent else "routine",
            discussion="standard_of_care" if standard else "full",
            late=of.closed(self.now, self.today),
            over=of.full and not standard,
            reason=allowing.reason,
        )

    def _already(self, at: datetime) -> Obstacle:
        local = f"{at.astimezone(self.site.site.time_zone):%a %Y-%m-%d %H:%M}"
        told = "the patient is listed for {meeting} already"
        return Obstacle("question", told, {"meeting": local}, "; `carepath board defer` moves it")

    def take_off(self, question: str, reason: str) -> Unlisted:
        """The question is not for the board any more. Raises NotListed."""
        there = standing_at(self.seen, self.board.name, question).entry
        return Unlisted(board=self.board.name, question=there.question, meeting=there.meeting, reason=reason)

    def put_off(
        self, question: str, chosen: Meeting | None, code: str, text: str, allowing: Allowing
    ) -> Postponed:
        """Put a question off to another meeting; None: to none yet. Raises NotListed."""
        there = standing_at(self.seen, self.board.name, question)
        if chosen is not None:
            why = Allowing(allowing.late, allowing.over, text or deferral_words(code, ""))
            if there.meeting == chosen.at:
                raise NotListed([Obstacle("meeting", "it is listed for this meeting already")])
            check_meeting(self.site, chosen, self.ahead, why, self.now, self.today)
        return Postponed(
            board=self.board.name,
            question=there.entry.question,
            meeting=there.meeting or there.entry.meeting,
            to=chosen.at if chosen else None,
            code=code,
            text=text,
            late=chosen is not None and chosen.closed(self.now, self.today),
            over=chosen is not None and chosen.full,
        )
