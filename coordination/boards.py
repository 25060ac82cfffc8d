"""Patients as a board sees them: what is asked, what is missing, for which meeting they are listed.

Worked out from the answer of today and from what was said at the desk; none of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Final

from sqlalchemy import Connection

from coordination.board_graph import BOARD, BoardStep, boards
from coordination.candidates import Candidate, candidates, excluded
from coordination.meetings import Meeting, meeting
from coordination.patient_desk import Listing, PatientDesk
from coordination.progress import Held, held, known
from coordination.readiness import Datum, Readiness, kinds, readiness
from coordination.site_desk import SiteDesk
from engine.event import Event, Story
from engine.replay import Enrolment
from engine.snapshot import PatientSnapshot, Snapshot
from pathways.pathway import Pathway
from store import desk, identities, ledger, worklist
from store.boards import held_back_by, listed, standing_at
from store.errors import CannotDerive, UnknownPathway
from store.settle import Reckoning

AT_ONCE: Final = 100
"""Patients whose kept answers are read at once."""


@dataclass(frozen=True)
class Seen:
    """What is known of one patient today; `story` holds the facts known from the beginning."""

    patient_id: int
    enrolled: Sequence[Enrolment]
    story: Story
    snapshot: PatientSnapshot
    said: PatientDesk

    @cached_property
    def events(self) -> list[Event]:
        return known(self.story, self.snapshot.known_at, self.snapshot.as_of)

    @cached_property
    def held(self) -> Held:
        return held(self.events)

    @cached_property
    def asked(self) -> tuple[Candidate, ...]:
        """What the pathways ask boards about the patient, whoever is paused or gone."""
        return candidates(self.enrolled, self.snapshot.pathways, self.events)

    @property
    def excluded(self) -> str | None:
        """Why the patient comes before no board; None: there is no such reason."""
        return excluded(self.held)

    def step(self, question: str, pathway: str = "", step: str = "") -> BoardStep | None:
        """The step that asks this question: the named one, one that asks it today, or else any that may."""
        every = [one for each in self.enrolled for one in boards(each.pathway).steps]
        named = [one for one in every if (one.pathway, one.step.id) == (pathway, step)]
        today = [one.asked for one in self.asked]
        found = (one for one in (*named, *today, *every) if one.question == question)
        return next(found, None)

    def readiness(self, site: SiteDesk, question: str, pathway: str = "", step: str = "") -> Readiness:
        """Whether what a question needs is there."""
        asked = self.step(question, pathway, step)
        facts = self.story.facts
        parts = self.snapshot.pathways
        return readiness(asked, question, parts, self.events, facts, site.board_items)

    def kinds(self, one: Datum) -> tuple[str, ...]:
        """The kinds of data of which something is missing."""
        return kinds(one, {event.id: event for event in self.events})


def seen(connection: Connection, patient_id: int, at: Reckoning) -> Seen | None:
    """What is known of a patient; None of one whose record is part of another or whose days are counted.

    Raises CannotDerive and UnknownPathway.
    """
    head = identities.head_of(connection, patient_id)
    dossier = ledger.dossier(head, ledger.lines(connection, patient_id))
    if dossier.merged_into is not None or dossier.enrolment is None or head.day_zero is not None:
        return None
    answer = at.answer(dossier)
    said = PatientDesk.of(desk.about(connection, patient_id))
    return Seen(patient_id, at.derive.enrolled(dossier.enrolment), dossier.story, answer.snapshot, said)


def asked_about(
    connection: Connection, pathways: Sequence[Pathway], at: Reckoning
) -> Iterator[tuple[Seen, Candidate]]:
    """Everybody about whom a board is to be asked, with what; of steps that a board takes first, and there
    who has been in the state longest.

    Worked out one after the other: who wants the first few waits for no more.
    """
    steps = [one for each in pathways for one in boards(each).steps]
    taken = {(one.pathway, one.step.id) for one in steps if one.waits_for is None}
    guards = {one.waits_for.id for one in steps if one.waits_for is not None}
    looked_at: set[int] = set()
    there = standing_at(connection, _states(pathways))
    for some in (there[place : place + AT_ONCE] for place in range(0, len(there), AT_ONCE)):
        answers = dict(worklist.kept(connection, some))
        allowed = [one for one in some if taken & _allowed(answers.get(one, ()))]
        looked_at.update(allowed)
        yield from _asked(connection, allowed, at)
    more = (one for one in held_back_by(connection, guards) if one not in looked_at)
    yield from _asked(connection, more, at)


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


def _asked(connection: Connection, numbers: Iterable[int], at: Reckoning) -> Iterator[tuple[Seen, Candidate]]:
    for one in who_is(connection, numbers, at):
        for each in one.asked if one.excluded is None else ():
            yield one, each


def who_is(connection: Connection, numbers: Iterable[int], at: Reckoning) -> Iterator[Seen]:
    """What is known of each; who cannot be derived is left out, and told by `carepath doctor`."""
    for number in numbers:
        try:
            found = seen(connection, number, at)
        except (CannotDerive, UnknownPathway):
            continue
        if found is not None:
            yield found


def listings(connection: Connection) -> list[Listing]:
    """What is on the lists of all boards, by what was said at the desk alone."""
    said = (PatientDesk.of(desk.about(connection, one)) for one in listed(connection))
    return [one for each in said for one in each.listings.values()]


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
    """What is on the lists of all boards."""

    site: SiteDesk
    seen: tuple[Seen, ...]

    @classmethod
    def read(cls, connection: Connection, site: SiteDesk, at: Reckoning) -> Lists:
        """Everybody who was ever listed."""
        return cls(site, tuple(who_is(connection, sorted(listed(connection)), at)))

    @property
    def listings(self) -> list[Listing]:
        return [one for each in self.seen for one in each.said.listings.values()]

    def agenda(self, board: str, at: datetime) -> Agenda:
        """The list of one meeting."""
        there = [
            (one, listing)
            for one in self.seen
            for listing in one.said.listings.values()
            if listing.entry.board == board and listing.meeting == at
        ]
        there.sort(key=lambda pair: place(pair[1]))
        of = meeting(self.site, self.site.boards[board], at, self.listings)
        rows = tuple(self._row(one, listing, of.day) for one, listing in there)
        return Agenda(of, rows)

    def without_meeting(self, board: str, today: date) -> list[Row]:
        """Those of whom nobody may lose sight: who is listed for a meeting that does not take place, who was
        put off to none, and who was listed for one that is over and of whom no decision is recorded.
        """
        calls = self.site.boards[board].calls
        zone = self.site.site.time_zone
        return [
            self._row(one, listing, today)
            for one in self.seen
            for listing in one.said.listings.values()
            if listing.entry.board == board
            and (listing.meeting not in calls or listing.meeting.astimezone(zone).date() < today)
            and one.excluded is None
            and not answered(one.events, listing, zone)
        ]

    def _row(self, one: Seen, listing: Listing, day: date) -> Row:
        said = listing.entry
        ready = one.readiness(self.site, said.question, said.pathway, said.step)
        decided = (e for e in one.events if e.type == BOARD and e.day == day and is_about(e, listing))
        return Row(one, listing, ready, next(decided, None))


def is_about(board: Event, listing: Listing) -> bool:
    """Whether a board that was held decided upon a question as it was listed."""
    return board.fields.get("question") == listing.entry.question


def answered(events: Iterable[Event], listing: Listing, zone: tzinfo) -> bool:
    """Whether a board has decided upon a question since it was listed."""
    since = listing.noted.at.astimezone(zone).date()
    return any(one.type == BOARD and one.day >= since and is_about(one, listing) for one in events)


def place(listing: Listing) -> tuple[bool, bool, datetime]:
    """Urgent ones first, then as they were listed; who is not discussed comes last."""
    said = listing.entry
    return said.discussion != "full", said.priority != "urgent", listing.noted.at
