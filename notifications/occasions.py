"""What stands in the calendar of an owner or a board, worked out from the ledger and the desk.

Nothing of it is kept. The uid of a due item follows from what it rests on, not from its date, so that a
correction moves the entry; `sequence` from the number of the patient's entries, which only grows. What was
still to be done some weeks ago, by what was known then, and is not now, is cancelled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import Connection

from coordination.entries import Board, Item, Site, read
from coordination.ownership import in_charge
from coordination.site_desk import SiteDesk
from notifications.calendar_feed import Occasion
from notifications.messages.page import link_to
from notifications.present import Present, present_or_trouble
from store import desk, identities, ledger
from store.canonical import canonical
from store.derivation import Derivation
from store.desk import Said
from store.settle import Reckoning

KEPT: Final = timedelta(30)
"""For how long an occasion that is cancelled stays in a feed."""

WORDS: Final = {"en": "1 item due", "de": "1 Punkt fällig"}


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient as a calendar needs it: now, and some weeks ago by what was known then (None: not here).

    `first` is the hash of the first entry, which is the same for good, and in no other database. `given` is
    how often it was said whose patient this is, and `gone` since when it is somebody else's calendar.
    """

    reference: str
    first: str
    changed: datetime
    now: Present
    before: Present | None
    given: int = 0
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

    @cache
    def comes(owner: str | None) -> bool:
        return owner in names or any(one.name in names for one in in_charge(site, owner, here.date()))

    whose, given = desk.whose(connection), desk.given_since(connection, now - KEPT)
    patients = [number for number, owner in whose.items() if comes(owner) or number in given]
    references = identities.named(connection, patients)
    for number in patients:
        assigned = [one for one in desk.about(connection, number) if one.kind == desk.ASSIGNED]
        if not any(map(comes, [whose[number], *_owners(assigned, now - KEPT)])):
            continue
        if patient := _patient(connection, number, references[number], entries, here, derive):
            gone = assigned[-1].at if assigned and not comes(whose[number]) else None
            more = replace(patient, given=len(assigned), gone=gone)
            yield from due(more, site.site, language)


def _owners(assigned: Sequence[Said], since: datetime) -> list[str | None]:
    """To whom a patient was given who has been theirs since a moment."""
    before = [one for one in assigned if one.at < since][-1:]
    return [one.payload["owner"] for one in (*before, *(one for one in assigned if one.at >= since))]


def _patient(
    connection: Connection,
    number: int,
    reference: str,
    entries: Sequence[Said],
    now: datetime,
    derive: Derivation,
) -> Patient | None:
    lines = list(ledger.chain_of(connection, number))
    site, earlier = SiteDesk.of(entries), now - KEPT
    found = present_or_trouble(connection, number, site, Reckoning.at(now, derive), now)
    if isinstance(found, str) or not lines:
        return None
    before: Present | str | None = None
    if lines[0].recorded <= earlier:
        then = Reckoning.at(earlier, derive)
        before = present_or_trouble(connection, number, SiteDesk.of(entries, earlier), then, earlier, earlier)
    said = [one.at for one in entries if one.kind == Site.kind]
    changed = max([lines[-1].recorded, *said])
    return Patient(reference, lines[0].hash, changed, found, before if isinstance(before, Present) else None)


def due(patient: Patient, site: Site, language: str) -> Iterator[Occasion]:
    """An occasion for each due item of a patient; no more is told than the site allows."""
    told = WORDS[language]
    summary = f"{patient.reference}: {told}" if site.reference_in_messages else told
    link = link_to(site, patient.reference) or ""
    now, before = _named(patient, patient.now), _named(patient, patient.before)
    for uid, about in {**before, **now}.items():
        still = uid in now and about in patient.now.chased
        open_now = still and patient.gone is None
        open_then = uid in before and patient.before is not None and before[uid] in patient.before.chased
        if still or open_then:
            yield Occasion(
                uid=uid,
                sequence=2 * (patient.now.sequence + patient.given) + (not open_now),
                changed=max(patient.changed, patient.gone or patient.changed),
                begin=about.due,
                end=about.due + timedelta(1),
                summary=summary,
                link=link,
                cancelled=not open_now,
            )


def _named(patient: Patient, found: Present | None) -> Mapping[str, Item]:
    """Every due item by its uid: where several rest on the same events, they are counted by date."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[Item]] = defaultdict(list)
    for about in sorted(found.timers if found else (), key=lambda one: one.due):
        alike[about.pathway, about.item, about.anchor].append(about)
    return {
        uid(patient.first, *key, number): about
        for key, several in alike.items()
        for number, about in enumerate(several)
    }


def uid(*parts: object) -> str:
    """A name that says nothing, and that nothing else in the world has."""
    return f"{hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]}@carepath"


def of_board(entries: Iterable[Said], name: str, now: datetime) -> Iterator[Occasion]:
    """The meetings of a board; those that do not take place are cancelled for a while.

    A meeting is named by when it begins: one that is put off is cancelled, and another one is added.
    """
    said = list(entries)
    zone = SiteDesk.of(said).site.time_zone
    versions = [(one.at, board) for one in said if (board := _board(one, name))]
    for meeting in sorted({at for _, board in versions for at in board.meetings}):
        states = list(_states(versions, meeting))
        changed, held = states[-1]
        if held is None and changed < now - KEPT:
            continue
        minutes, place = held or next(state for _, state in reversed(states) if state)
        yield Occasion(
            uid=uid(versions[0][0].isoformat(), name, meeting.astimezone(UTC).isoformat()),
            sequence=len(states) - 1,
            changed=changed,
            begin=meeting.astimezone(zone),
            end=(meeting.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone),
            summary=name,
            place=place,
            cancelled=held is None,
        )


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
