"""Which records are part of which: those that stand for the same person since they were merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from store import ledger, merged, tables

_merges = (
    select(tables.ledger.c.patient_id, tables.ledger.c.kind, tables.ledger.c.payload)
    .where(tables.ledger.c.kind.in_((merged.MERGED_INTO, merged.UNMERGED)))
    .order_by(tables.ledger.c.patient_id, tables.ledger.c.seq)
)


def part_of(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """The record that each of these is part of, by number, where it is part of one."""
    found = {}
    rows = connection.execute(_merges.where(tables.ledger.c.patient_id.in_(list(numbers))))
    for number, kind, payload in rows:
        if kind == merged.MERGED_INTO:
            found[number] = merged.named_in(payload)
        else:
            found.pop(number, None)
    return found


def outermost(connection: Connection, patient_id: int) -> int:
    """The record that this one is part of, and that is part of none; itself where it is part of none."""
    while (into := part_of(connection, [patient_id]).get(patient_id)) is not None:
        patient_id = into
    return patient_id


Renamed = Mapping[int, Sequence[Mapping[str, str]]]
"""Records by number, each with the ids that its entries took in a merge, and in one of that, and so on."""


def renamed(connection: Connection, patient_id: int) -> Renamed:
    """The record and those merged into it."""
    found: dict[int, Sequence[Mapping[str, str]]] = {patient_id: ()}
    waiting = [patient_id]
    while waiting:
        number = waiting.pop()
        for one in map(merged.merge_of, merged.active(ledger.lines(connection, number))):
            found[one.patient] = (one.ids, *found[number])
            waiting.append(one.patient)
    return found


def same_person(connection: Connection, patient_id: int) -> list[int]:
    """The record and those merged into it, in the order of their numbers."""
    return sorted(renamed(connection, patient_id))
