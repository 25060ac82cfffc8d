"""By which settings every patient is followed, and whom a change of many patients concerned."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from store.canonical import canonical
from store.database import Database
from store.ledger import read_enrolment
from store.merged import MERGED_INTO, UNMERGED
from store.tables import ledger

_said = select(ledger.c.patient_id, ledger.c.kind, ledger.c.payload).order_by(
    ledger.c.patient_id, ledger.c.seq
)
_changes = (
    select(ledger.c.payload, ledger.c.recorder, ledger.c.recorded)
    .where(
        ledger.c.kind == "enrolment",
        or_(ledger.c.payload.contains('"change":"'), ledger.c.payload.contains('"undoes":"')),
    )
    .order_by(ledger.c.recorded)
)
_enrolments = _said.where(ledger.c.kind == "enrolment")
_merges = _said.where(ledger.c.kind.in_((MERGED_INTO, UNMERGED)))


def all_settings(database: Database) -> list[Mapping[str, str | int]]:
    """The settings of each patient; not those of records that are part of another one."""
    with database.reading() as connection:
        last = {row.patient_id: row.payload for row in connection.execute(_enrolments)}
        merges = {row.patient_id: row.kind for row in connection.execute(_merges)}
    return [
        read_enrolment(payload).settings
        for patient_id, payload in last.items()
        if merges.get(patient_id) != MERGED_INTO
    ]


@dataclass(frozen=True, slots=True)
class Many:
    """A change of many patients by its name: by whom and when it was begun, why, for how many it was
    recorded, and for how many of them it was taken back.
    """

    name: str
    recorder: str
    recorded: datetime
    reason: str
    patients: int
    undone: int


def changes(database: Database) -> list[Many]:
    """The changes of many patients that were ever recorded, the latest first."""
    found: dict[str, Many] = {}
    undone: Counter[str] = Counter()
    with database.reading() as connection:
        for row in connection.execute(_changes):
            said = json.loads(row.payload)
            if back := said.get("undoes"):
                undone[back] += 1
            elif name := said.get("change"):
                first = found.get(name) or Many(
                    name, row.recorder, row.recorded, said.get("reason") or "", 0, 0
                )
                found[name] = replace(first, patients=first.patients + 1)
    every = (replace(one, undone=undone[name]) for name, one in found.items())
    return sorted(every, key=lambda one: one.recorded, reverse=True)


def patients_of(database: Database, change: str) -> list[int]:
    """The patients, by number, for whom a change was recorded, whether or not it was taken back since."""
    said = canonical({"change": change})[1:-1]
    query = _enrolments.where(ledger.c.payload.contains(said, autoescape=True))
    with database.reading() as connection:
        found = connection.execute(query).all()
    return sorted({row.patient_id for row in found if said in row.payload})  # LIKE may take a for A
