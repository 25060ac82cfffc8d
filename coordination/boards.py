"""Patients as a board sees them: what is asked, what is missing, for which meeting they are listed.

Worked out from the answer of today and from what was said at the desk; `coordination.candidacy` keeps of it
what the lists of many need.
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
from coordination.entries import OF_PATIENT, OnBoard
from coordination.patient_desk import Listing, PatientDesk
from coordination.progress import Held, held
from coordination.readiness import Datum, Readiness, kinds, readiness
from coordination.site_desk import SiteDesk
from engine.event import Event, Story
from engine.history import Known, Ledger
from engine.replay import Enrolment
from engine.snapshot import PatientSnapshot
from store import desk, identities, ledger, worklist
from store.boards import listed
from store.desk import Said
from store.errors import CannotDerive, UnknownPathway
from store.settle import Reckoning


@dataclass(frozen=True)
class Seen:
    """What is known of one patient today, from entries up to the hash `upto`; `story` holds the facts known
    from the beginning. On `wake_on` time alone may change the answer.
    """

    patient_id: int
    enrolled: Sequence[Enrolment]
    story: Story
    snapshot: PatientSnapshot
    said: PatientDesk
    upto: str = ""
    wake_on: date | None = None

    @cached_property
    def events(self) -> list[Event]:
        """What the answer rests on, in its order."""
        return self._known.events[: self._known.until(self.snapshot.as_of)]

    @property
    def next_event(self) -> date | None:
        """The first day ahead of which something is recorded already."""
        return next((one.day for one in self._known.events[len(self.events) :]), None)

    @cached_property
    def _known(self) -> Known:
        return Ledger(self.story, self.snapshot.known_at).now

    @cached_property
    def held(self) -> Held:
        return held(self.events)

    @property
    def boards(self) -> tuple[tuple[str, date], ...]:
        """The questions of the boards that were held, with their days."""
        return tuple((str(one.fields.get("question")), one.day) for one in self.events if one.type == BOARD)

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
    enrolled = at.derive.enrolled(dossier.enrolment)
    return Seen(patient_id, enrolled, dossier.story, answer.snapshot, said, head.hash, answer.wake_on)


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
    return [one for each in desks_of_listed(connection).values() for one in each.listings.values()]


def desks_of_listed(connection: Connection) -> dict[int, PatientDesk]:
    """What was said about lists of boards, and that alone, of everybody who was ever on one, by number."""
    return {number: PatientDesk.of(entries) for number, entries in said_of_listed(connection).items()}


def said_of_listed(connection: Connection) -> dict[int, list[Said]]:
    """The same entry by entry, in the order of the numbers."""
    numbers = sorted(listed(connection))
    return desk.about_each(connection, numbers, worklist.parts(connection, numbers), _ON_BOARD)


_ON_BOARD: Final = tuple(one.kind for one in OF_PATIENT if issubclass(one, OnBoard))


def is_about(board: Event, listing: Listing) -> bool:
    """Whether a board that was held decided upon a question as it was listed."""
    return board.fields.get("question") == listing.entry.question


def answered(held: Iterable[tuple[str, date]], listing: Listing, zone: tzinfo) -> bool:
    """Whether a board decided upon a question since it was listed; `held` are questions with their days."""
    since = listing.noted.at.astimezone(zone).date()
    return any(question == listing.entry.question and day >= since for question, day in held)


def place(listing: Listing) -> tuple[bool, bool, datetime]:
    """Urgent ones first, then as they were listed; who is not discussed comes last."""
    said = listing.entry
    return said.discussion != "full", said.priority != "urgent", listing.noted.at
