"""Who a patient is, put right: name and numbers in the vault, the date of birth by a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from engine.event import FACTS
from engine.fault import Fault
from store import access, births, identities
from store.access import Look
from store.errors import Refused, UnknownPatient
from store.naming import check_names_nobody
from store.record import recorded_within
from store.recording import Entry, Recorded, Recording
from store.roster import Identity, complete_within
from store.settle import Reckoning


@dataclass(frozen=True, slots=True)
class Identified:
    """What was put right (`name`, `numbers`, `born`); `recorded` where that changed the date of birth."""

    changed: tuple[str, ...]
    recorded: Recorded | None


def identify_within(
    connection: Connection,
    number: int,
    *,
    name: str | None,
    numbers: Mapping[str, str],
    birth_date: date | None,
    reason: str,
    look: Look,
    source: str,
    now: datetime,
    at: Reckoning,
) -> Identified:
    """Put right who a patient is, as part of a transaction that is open already. What is None, or not among
    the numbers, stays; an empty number is taken out.

    The access log tells what was changed and why. Raises UnknownPatient, Refused for an identity that was
    erased and for a reason that names the patient, and whatever `record` raises.
    """
    reference = f"{identities.NUMBERED}{number}"
    if identities.find(connection, reference, to_write=True) is None:
        raise UnknownPatient
    before = identities.person_of(connection, number)
    if before is None:
        raise Refused([Fault(None, "name", "this identity was erased, and nothing is kept of it any more")])
    check_names_nobody(connection, reason, reference, stays="in the access log")
    recorded = None
    if birth_date is not None and birth_date != before.birth_date:
        said = _birth(reference, before.birth_date, birth_date, reason, at, source)
        recorded = recorded_within(connection, said, look.who, at)
        entry = replace(look, patient_id=number, asked={"changed": "born"}, reason=reason)
        access.append_within(connection, entry, now)
    row = Identity(1, reference, name, numbers, None)
    why = replace(look, reason=reason)
    done = complete_within(connection, [row], look=why, source=source, now=now, at=at)
    check_names_nobody(connection, reason, reference, stays="in the access log")
    return Identified((*done.changed.get(number, ()), *(("born",) if recorded else ())), recorded)


def _birth(reference: str, old: date | None, new: date, reason: str, at: Reckoning, source: str) -> Recording:
    """A date of birth that was not known is a fact; another one is a correction."""
    if old is None:
        return Recording(reference, facts={births.FIELD: new}, source=source)
    correction = {"type": "correction", "date": str(at.today), "target": FACTS, "field": births.FIELD}
    said = {**correction, "old": str(old), "new": str(new), "reason": reason}
    return Recording(reference, (Entry(said),), source=source)
