"""What was said at the desk about one patient, folded into what stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from coordination.entries import (
    Acknowledged,
    Assigned,
    Comment,
    Entry,
    Item,
    Listed,
    OnBoard,
    Postponed,
    Snoozed,
    WorkingDate,
    read,
)
from store.desk import Said


class Noted(NamedTuple):
    """Who said something, and when; `lent`: under a record that became part of this one."""

    at: datetime
    by: str
    lent: bool = False


class Note(NamedTuple):
    """A comment as it was made."""

    at: datetime
    by: str
    text: str


class Listing(NamedTuple):
    """A question of a patient to a board as it stands: for which meeting it is listed (None: put off to none
    yet), what was said as it was listed, and how often and why it was put off.
    """

    meeting: datetime | None
    entry: Listed
    noted: Noted
    put_off: tuple[tuple[Postponed, Noted], ...] = ()


@dataclass(frozen=True, slots=True)
class PatientDesk:
    """Whose patient this is, what was noted, and what was acknowledged, put off and given a date, by item."""

    owner: str | None = None
    clinician: str | None = None
    assigned: Noted | None = None
    owned_since: datetime | None = None
    """From when on the patient is this owner's."""
    comments: tuple[Note, ...] = ()
    acknowledged: Mapping[Item, tuple[Acknowledged, Noted]] = field(default_factory=dict)
    snoozed: Mapping[Item, tuple[Snoozed, Noted]] = field(default_factory=dict)
    working_dates: Mapping[Item, WorkingDate] = field(default_factory=dict)
    answers: Mapping[Item, tuple[datetime, ...]] = field(default_factory=dict)
    """The moments at which an item was taken on or put off, also where that was said again since."""
    listings: Mapping[tuple[str, str], Listing] = field(default_factory=dict)
    """By board and question: what is listed, or put off."""

    @classmethod
    def of(cls, entries: Iterable[Said], by: datetime | None = None) -> PatientDesk:
        """What stands after these entries, or after those said by a moment."""
        said = [one for one in entries if by is None or one.at <= by]
        found = [(read(one.kind, one.payload), Noted(one.at, one.recorder, one.lent)) for one in said]
        assigned = [(one, noted) for one, noted in found if isinstance(one, Assigned)]
        last, when = assigned[-1] if assigned else (Assigned(owner=None), None)
        dates = {one.about: one for one, _ in found if isinstance(one, WorkingDate)}
        return cls(
            owner=last.owner,
            clinician=last.clinician,
            assigned=when,
            owned_since=_since(assigned),
            comments=tuple(Note(*noted[:2], one.text) for one, noted in found if isinstance(one, Comment)),
            acknowledged={one.about: (one, noted) for one, noted in found if isinstance(one, Acknowledged)},
            snoozed={one.about: (one, noted) for one, noted in found if isinstance(one, Snoozed)},
            working_dates={item: one for item, one in dates.items() if one.on is not None},
            answers=_answers(found),
            listings=_listings(found),
        )


def _since(assigned: Sequence[tuple[Assigned, Noted]]) -> datetime | None:
    """When the owner became who it is; not when the clinician did."""
    since = None
    before: str | None = None
    for one, noted in assigned:
        if since is None or one.owner != before:
            since, before = noted.at, one.owner
    return since


def _answers(found: Iterable[tuple[Entry, Noted]]) -> dict[Item, tuple[datetime, ...]]:
    answers: dict[Item, tuple[datetime, ...]] = {}
    for one, noted in found:
        if isinstance(one, (Acknowledged, Snoozed)):
            answers[one.about] = (*answers.get(one.about, ()), noted.at)
    return answers


def _listings(found: Iterable[tuple[Entry, Noted]]) -> dict[tuple[str, str], Listing]:
    """Where a question stands on the list of a board; what was put off keeps how often, and why."""
    there: dict[tuple[str, str], Listing] = {}
    for one, noted in found:
        if not isinstance(one, OnBoard):
            continue
        key = one.board, one.question
        before = there.pop(key, None)
        if isinstance(one, Listed):
            there[key] = Listing(one.meeting, one, noted, before.put_off if before else ())
        elif isinstance(one, Postponed) and before:
            there[key] = Listing(one.to, before.entry, before.noted, (*before.put_off, (one, noted)))
    return there
