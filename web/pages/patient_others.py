"""Other records beside that of a patient: searched for, and shown to whoever may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from store import identities
from store.parts import outermost
from store.vault import Person
from web.door import OtherTeam, check_reach
from web.form import Form
from web.shown.patient_seen import Elsewhere, Seen, seen_number
from web.visit import Stopped, Visit

MOST: Final = 20
"""Records that a search shows."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another record, with what makes it one to look at. `within` tells whether who asks may see it;
    of one of another team nothing is told but its number.
    """

    number: int
    why: tuple[str, ...]
    within: bool
    person: Person | None


def others(visit: Visit, found: Mapping[int, tuple[str, ...]], what: str) -> list[Other]:
    """These records, by number; each that is told of stands in the access log, under `what`."""
    told = []
    for number, why in found.items():
        within = _within(visit, number)
        if within:
            visit.seen(what, number)
        with visit.database.reading() as connection:
            person = identities.person_of(connection, number) if within else None
        told.append(Other(number, why, within, person))
    return told


def _within(visit: Visit, number: int) -> bool:
    try:
        check_reach(visit, number)
    except OtherTeam:
        return False
    return True


def searched(visit: Visit, form: Form, what: str) -> list[Other]:
    """Whom the words in the field `q` find, but for the patient in the address."""
    text = form.text("q", 200, needed="Whom? A name, a number or the reference.")
    with visit.database.reading() as connection:
        numbers = identities.searched(connection, text) if text else []
        found = dict.fromkeys(outermost(connection, one) for one in numbers)
    found.pop(visit.number, None)
    if text and not found:
        form.fault("q", "Nobody else has this name or number.")
    return others(visit, dict.fromkeys(list(found)[:MOST], ()), what)


def other_seen(visit: Visit, said: str) -> Seen:
    """The other patient, whose number was said, as of now. Raises OtherTeam as for the one in the address,
    and Stopped where there is none.
    """
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Stopped(404, "There is no such patient")
    number = int(said)
    check_reach(visit, number)
    try:
        return seen_number(visit, number)
    except Elsewhere as elsewhere:
        told = f"It is part of the record #{elsewhere.number}."
        raise Stopped(409, "This record was merged into another one", told) from None


def sequences(found: Iterable[Seen]) -> dict[int, int]:
    """Where the records of these patients end, as they were seen."""
    return {one.number: one.view.dossier.head.sequence for one in found}
