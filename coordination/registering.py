"""A new patient: looked for among those who are there, registered, and somebody's from the first day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from coordination.entries import Assigned, Comment
from coordination.fitting import Unfit, check_owner
from coordination.reach import owners
from coordination.saying import as_it_stays, say
from engine.fault import Fault
from store import identities
from store.alike import alike
from store.errors import Refused, StoreError
from store.naming import check_names_nobody
from store.record import recorded_within
from store.recording import Choice, Entry, Recorded, Recording
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class NewPatient:
    """Who is to be registered. `facts` are those known from the beginning; `suspected_on` is the day on which
    the pathway begins, where it has. `pathways` by id; None: all there are.

    `others` are patients whom this one looks like and is not, for the `reason`.
    """

    reference: str
    name: str | None = None
    birth_date: date | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    pathways: tuple[str, ...] | None = None
    suspected_on: date | None = None
    owner: str | None = None
    others: frozenset[int] = frozenset()
    reason: str = ""


class LooksLike(StoreError):
    """There are patients who may be the same person; nothing was recorded."""

    def __init__(self, patients: Mapping[int, tuple[str, ...]]) -> None:
        super().__init__()
        self.patients = dict(patients)

    def __reduce__(self) -> tuple[type[LooksLike], tuple[dict[int, tuple[str, ...]]]]:
        return type(self), (self.patients,)


def register(
    connection: Connection,
    new: NewPatient,
    *,
    recorder: str,
    source: str,
    at: Reckoning,
    teams: Collection[str] = (),
) -> Recorded:
    """Register a patient as part of a transaction that is open already. Who is limited to `teams` registers
    for them: else the patient would be out of reach.

    Raises LooksLike where others may be the same person of whom nobody has said that they are not, or have
    the same reference; Refused, Unfit, and whatever `record` raises. Then nothing is to be kept.
    """
    site = as_it_stays(connection)
    there = identities.find(connection, new.reference)
    found = _others(connection, new)
    if there:
        found[there.patient_id] = ("reference", *found.get(there.patient_id, ()))
    if there or not found.keys() <= new.others:
        raise LooksLike(found)
    if found and not new.reason:
        raise Refused([Fault(None, "reason", "why is it somebody else?")])
    if new.owner is not None:
        check_owner(site, new.owner)
    if teams and new.owner not in owners(site, teams):
        raise Unfit(["whose patient is it? One of your teams, or of their members"])
    recorded = recorded_within(connection, _recording(new, source), recorder, at)
    told = sorted(found)
    check_names_nobody(connection, new.reason, new.reference, *(f"{identities.NUMBERED}{n}" for n in told))
    entries = [Assigned(owner=new.owner)] if new.owner else []
    notes = [Comment(text=f"Somebody else than {_numbered(told)}: {new.reason}")] if told else []
    for entry in (*entries, *notes):
        say(connection, entry, patient_id=recorded.patient_id, recorder=recorder, now=at.known_at)
    return recorded


def _others(connection: Connection, new: NewPatient) -> dict[int, tuple[str, ...]]:
    return alike(connection, new.name, new.birth_date, new.numbers)


def _numbered(patients: list[int]) -> str:
    return ", ".join(f"patient {number}" for number in patients)


def _recording(new: NewPatient, source: str) -> Recording:
    begins = {"type": "metastasis_suspected", "date": str(new.suspected_on)}
    born = {"birth_date": new.birth_date} if new.birth_date else {}
    return Recording(
        new.reference,
        (Entry(begins),) if new.suspected_on else (),
        facts={**new.facts, **born},
        choice=Choice(new.pathways) if new.pathways is not None else None,
        source=source,
        name=new.name,
        numbers=new.numbers,
        registers=True,
    )
