"""What stands in the calendar of an owner or a board, worked out from the ledger and the desk.

Nothing of it is kept. The uid of a due item follows from what it rests on, not from its date, so that a
correction moves the entry; `sequence` from the number of the patient's entries and of dates that have passed,
which only grow. What was still to be done at some time of the last weeks, by what was known then, and is not
now, is cancelled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from coordination.entries import Board, Item, Site, read
from coordination.on_lists import OnList
from coordination.site_desk import SiteDesk
from notifications.calendar_feed import Occasion
from notifications.calendar_times import Times
from notifications.messages.page import board_link, link_to
from notifications.present import OnRecord, Present, on_record, present_or_trouble
from store import desk, identities
from store.canonical import canonical, instant
from store.derivation import Derivation
from store.desk import Said
from store.settle import Reckoning

KEPT: Final = timedelta(30)
"""For how long an occasion that is cancelled stays in a feed."""

PAGE: Final = 500
"""Patients who are read at once."""

STRIDE: Final = 1000
"""By how much one entry raises a sequence more than all that time alone does."""

WORDS: Final = {"en": "1 item due", "de": "1 Punkt fällig"}
WORKING_WORDS: Final = {
    "en": "1 step by this site's own choice",
    "de": "1 Schritt nach eigener Wahl des Hauses",
}
"""Of a working date: no source says that anything is due on that day."""


LISTED_WORDS: Final = {
    "en": ("1 patient listed", "{} patients listed"),
    "de": ("1 Person angemeldet", "{} Personen angemeldet"),
}
"""How many are on the list of a board; nobody is named."""


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient as a calendar needs it: now, and in the last weeks just before anything changed, by what
    was known then, the latest last.

    `first` is the hash of the first entry, which is the same for good, and in no other database. `moves` is
    a number that rises with everything said at the desk by which an entry comes, moves or goes, and `gone`
    since when it stands in another calendar.
    """

    number: int
    reference: str
    first: str
    changed: datetime
    now: Present
    before: tuple[Present, ...]
    moves: int = 0
    gone: datetime | None = None


def of_owner(
    connection: Connection, names: Collection[str], *, language: str, now: datetime, derive: Derivation
) -> Iterator[Occasion]:
    """What is due of the patients of these owners, and of those whom these people look after today.

    A patient of whom nothing can be derived is left out.
    """
    entries = list(desk.of_site(connection))
    site = SiteDesk.of(entries)
    here = now.astimezone(site.site.time_zone)

    times = Times(entries, names, now - KEPT, now)
    whose, given = desk.whose(connection), desk.given_since(connection, now - KEPT)
    ever = times.ever({*whose.values()})
    patients = [number for number, owner in whose.items() if owner in ever or number in given]
    references = identities.named(connection, patients)
    for number, there in _read(connection, patients):
        stay = times.of([one for one in there.said if one.kind == desk.ASSIGNED])
        if stay is None:
            continue
        moved = [one.at for one in there.said if one.kind != desk.COMMENT]
        if patient := _patient(connection, there, references[number], entries, moved, here, derive):
            moves = times.moves + len(moved)
            gone = None if stay.still else stay.until
            yield from due(replace(patient, moves=moves, gone=gone), site.site, language)


def _read(connection: Connection, patients: Sequence[int]) -> Iterator[tuple[int, OnRecord]]:
    """What is recorded about each, read of many at once."""
    for start in range(0, len(patients), PAGE):
        yield from on_record(connection, patients[start : start + PAGE]).items()


def _patient(
    connection: Connection,
    there: OnRecord,
    reference: str,
    entries: Sequence[Said],
    moved: Iterable[datetime],
    now: datetime,
    derive: Derivation,
) -> Patient | None:
    number, lines = there.head.patient_id, [line for line in there.lines if not line.is_lent]
    here, at = SiteDesk.of(entries), Reckoning.at(now, derive)
    found = present_or_trouble(connection, number, here, at, now, there=there)
    if isinstance(found, str) or not lines:
        return None
    changes = {one - instant for one in (*moved, *(line.recorded for line in lines))}
    before: list[Present] = []
    for moment in sorted({now - KEPT, *(one for one in changes if now - KEPT < one < now)}):
        if lines[0].recorded <= moment:
            site, then = SiteDesk.of(entries, moment), moment.astimezone(here.site.time_zone)
            at = Reckoning.at(then, derive)
            was = present_or_trouble(connection, number, site, at, then, then, there)
            before += [was] if isinstance(was, Present) else []
    said = [one.at for one in entries if one.kind == Site.kind]
    changed = max([lines[-1].recorded, *said])
    return Patient(number, reference, lines[0].hash, changed, found, tuple(before))


def due(patient: Patient, site: Site, language: str) -> Iterator[Occasion]:
    """An occasion for each due item of a patient; no more is told than the site allows."""
    link = link_to(site, patient.reference, patient.number) or ""
    now = _named(patient, patient.now)
    earlier = [(one, _named(patient, one)) for one in patient.before]
    before = {uid: about for one, named in earlier for uid, about in named.items() if about in one.chased}
    passed = _passed(patient.now)
    for uid, about in {**before, **now}.items():
        still = uid in now and about in patient.now.chased
        open_now = still and patient.gone is None
        if still or uid in before:
            yield Occasion(
                uid=uid,
                sequence=2 * (STRIDE * (patient.now.sequence + patient.moves) + passed) + (not open_now),
                changed=max(patient.changed, patient.gone or patient.changed),
                begin=about.due,
                end=about.due + timedelta(1),
                summary=_summary(patient, about, site, language),
                link=link,
                cancelled=not open_now,
            )


def _passed(now: Present) -> int:
    """A number that rises as dates pass: from the last one that was due the site's usual working days count,
    and after a meeting the step of the board has another day. So time alone moves a working date.
    """
    zone = now.site.site.time_zone
    days = [one.done_on or one.due for one in now.timers.values()]
    days += [one.meeting.astimezone(zone).date() for one in now.desk.listings.values() if one.meeting]
    return min(sum((day <= now.today) + (day < now.today) for day in days), STRIDE - 1)


def _summary(patient: Patient, about: Item, site: Site, language: str) -> str:
    by_choice = any(about in found.working for found in (patient.now, *patient.before))
    told = WORKING_WORDS[language] if by_choice else WORDS[language]
    return f"{patient.reference}: {told}" if site.reference_in_messages else told


def _named(patient: Patient, found: Present) -> Mapping[str, Item]:
    """Every due item and working date by its uid: where several rest on the same events, they are counted by
    date.
    """
    alike: dict[tuple[str, str, tuple[str, ...]], list[Item]] = defaultdict(list)
    for about in sorted((*found.timers, *found.working), key=lambda one: one.due):
        alike[about.pathway, about.item, about.anchor].append(about)
    return {
        uid(patient.first, *key, number): about
        for key, several in alike.items()
        for number, about in enumerate(several)
    }


def uid(*parts: object) -> str:
    """A name that says nothing, and that nothing else in the world has."""
    return f"{hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]}@carepath"


def of_board(
    entries: Iterable[Said],
    name: str,
    now: datetime,
    listed: Mapping[datetime, OnList] = MappingProxyType({}),
    language: str = "en",
) -> Iterator[Occasion]:
    """The meetings of a board, with how many patients are `listed` for each; those that do not take place are
    cancelled for a while.

    A meeting is named by when it begins: one that is put off is cancelled, and another one is added.
    """
    said = list(entries)
    site = SiteDesk.of(said).site
    zone = site.time_zone
    versions = [(one.at, board) for one in said if (board := _board(one, name))]
    for meeting in sorted({at for _, board in versions for at in board.meetings}):
        states = list(_states(versions, meeting))
        changed, held = states[-1]
        if held is None and changed < now - KEPT:
            continue
        minutes, place = held or next(state for _, state in reversed(states) if state)
        there = listed.get(meeting.astimezone(UTC), OnList())
        yield Occasion(
            uid=uid(versions[0][0].isoformat(), name, meeting.astimezone(UTC).isoformat()),
            sequence=len(states) - 1 + there.changes,
            changed=max(changed, there.changed or changed),
            begin=meeting.astimezone(zone),
            end=(meeting.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone),
            summary=f"{name}: {_patients(there.number, language)}" if there.number else name,
            place=place,
            link=board_link(site, name, meeting) or "",
            cancelled=held is None,
        )


def _patients(number: int, language: str) -> str:
    one, several = LISTED_WORDS[language]
    return one if number == 1 else several.format(number)


_State = tuple[int, str] | None


def _states(
    versions: Iterable[tuple[datetime, Board]], meeting: datetime
) -> Iterator[tuple[datetime, _State]]:
    """What was said of a meeting from when on, from the first time it is on the list; None: it is not."""
    last: _State = None
    for at, board in versions:
        there = board.active and meeting in board.meetings
        state = (board.minutes, board.place) if there else None
        if state != last:
            yield at, state
        last = state


def _board(one: Said, name: str) -> Board | None:
    entry = read(one.kind, one.payload) if one.kind == Board.kind else None
    return entry if isinstance(entry, Board) and entry.name == name else None
