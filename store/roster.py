"""Who patients are, kept together or not at all, and with it who said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from engine.fault import Fault
from store import access, identities
from store.access import Look
from store.database import Database
from store.derivation import Derivation
from store.errors import MergedAway, OtherContent, Refused
from store.record import anew, recorded_within
from store.recording import Recording
from store.settle import Reckoning
from store.vault import Person


@dataclass(frozen=True, slots=True)
class Identity:
    """What a row of a roster says of a patient; what it does not say is None or not among the numbers.

    An empty number is taken out.
    """

    row: int
    reference: str
    name: str | None
    numbers: Mapping[str, str]
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Completed:
    """The patients, by number, of whom something is known that was not, with what; and who stays as known.

    `shared` are numbers that several patients have, one of them in the roster.
    """

    changed: Mapping[int, tuple[str, ...]]
    unchanged: int
    shared: int


_OTHER_BIRTH_DATE = (
    "another one is known, and earlier answers rest on it; where it is wrong:"
    " `carepath amend PATIENT facts birth_date=DATE --reason TEXT`"
)


def complete(
    database: Database,
    rows: Sequence[Identity],
    *,
    look: Look,
    source: str,
    now: datetime,
    derive: Derivation,
    rehearse: bool = False,
) -> Completed:
    """Keep what every row says of a patient; what it does not say stays. With `rehearse` nothing is kept.

    The access log gets an entry like `look` of each patient of whom something changed, saying what. Raises
    Refused with everything wrong with any row, Busy or CannotWrite; then nothing was kept.
    """
    at = Reckoning.at(now, derive)

    def completing() -> Completed:
        with database.writing(keeping=not rehearse) as connection:
            return complete_within(connection, rows, look=look, source=source, now=now, at=at)

    return anew(completing)


def complete_within(
    connection: Connection,
    rows: Sequence[Identity],
    *,
    look: Look,
    source: str,
    now: datetime,
    at: Reckoning,
) -> Completed:
    """Complete as part of a transaction that is open already; raises as `complete`."""
    found = _completed(connection, rows, _Saying(look.who, source, at))
    for patient, what in found.changed.items():
        entry = replace(look, patient_id=patient, asked={"changed": ", ".join(what)})
        access.append_within(connection, entry, now)
    return found


class _Saying(NamedTuple):
    """Who says it, from where and when."""

    recorder: str
    source: str
    at: Reckoning


def _completed(connection: Connection, rows: Sequence[Identity], saying: _Saying) -> Completed:
    identities.lock(connection, [one.reference for one in rows])
    faults: list[Fault] = []
    changed: dict[int, tuple[str, ...]] = {}
    patients: set[int] = set()
    for one in rows:
        try:
            number, what = _kept(connection, one, saying)
        except _Unfit as unfit:
            faults.append(Fault(f"row {one.row}", unfit.column, f"{unfit.column}: {unfit}"))
            continue
        patients.add(number)
        if what:
            changed[number] = what
    if faults:
        raise Refused(faults)
    return Completed(changed, len(patients) - len(changed), sum(_shared(connection, rows)))


class _Unfit(Exception):
    """A row that cannot be kept, with the column that tells."""

    def __init__(self, column: str, told: str) -> None:
        super().__init__(told)
        self.column = column


def _kept(connection: Connection, one: Identity, saying: _Saying) -> tuple[int, tuple[str, ...]]:
    """The patient's number, and what is known now that was not. Raises _Unfit."""
    head = identities.find(connection, one.reference, to_write=True)
    if head is None:
        raise _Unfit("reference", "there is no such patient")
    before = identities.person_of(connection, head.patient_id)
    if before is None:
        raise _Unfit("reference", "this identity was erased, and nothing is kept of it any more")
    if one.birth_date and one.birth_date != before.birth_date:
        _learn_birth_date(connection, one, before, saying)
    person = identities.person_of(connection, head.patient_id)
    assert person is not None
    both = {**person.numbers, **one.numbers}
    numbers = {system: number for system, number in both.items() if number}
    after = replace(person, name=one.name or person.name, numbers=numbers)
    if after != person:
        identities.keep(connection, head.patient_id, after)
    return head.patient_id, tuple(_differing(before, after))


def _learn_birth_date(connection: Connection, one: Identity, before: Person, saying: _Saying) -> None:
    """Through the write door, as ages follow from it."""
    if before.birth_date is not None:
        raise _Unfit("birth_date", _OTHER_BIRTH_DATE)
    said = Recording(one.reference, facts={"birth_date": one.birth_date}, source=saying.source)
    try:
        recorded_within(connection, said, saying.recorder, saying.at)
    except Refused as refused:
        raise _Unfit("birth_date", "; ".join(fault.message for fault in refused.faults)) from None
    except (MergedAway, OtherContent) as error:
        raise _Unfit("birth_date", str(error)) from None


def _differing(before: Person, after: Person) -> Iterator[str]:
    for what, old, new in (
        ("name", before.name, after.name),
        ("numbers", before.numbers, after.numbers),
        ("born", before.birth_date, after.birth_date),
    ):
        if old != new:
            yield what


def _shared(connection: Connection, rows: Sequence[Identity]) -> Iterator[bool]:
    for number in {number for one in rows for number in one.numbers.values() if number}:
        yield len(identities.with_number(connection, number)) > 1
