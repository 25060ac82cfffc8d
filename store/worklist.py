"""What the desk needs to know of many patients at once: answers as kept, and stories where they matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, tzinfo

from sqlalchemy import BindParameter, Connection, bindparam, select

from engine.snapshot import Snapshot
from store import identities, ledger, merged, summary
from store.batches import batches
from store.ledger import Dossier
from store.parts import Renamed, renamed
from store.tables import ledger as entries
from store.tables import snapshot

REPORTS = ("task_progress", "pathway_paused", "pathway_resumed", "lost_to_follow_up")
"""Entries of which the kept answers do not tell: whoever has one is asked for the story."""


def kept(connection: Connection, patients: Collection[int]) -> Iterator[tuple[int, tuple[Snapshot, ...]]]:
    """The pathways of each patient as last derived, abridged, the main one first."""
    for some in batches(patients):
        for patient_id, body in connection.execute(_kept, {"them": some}):
            yield patient_id, summary.read(body.split("\n"))


def recorded_on(connection: Connection, patients: Collection[int], zone: tzinfo) -> dict[int, date]:
    """The day on which each was first recorded, by the clocks of a time zone."""
    return {
        row.patient_id: row.recorded.astimezone(zone).date()
        for some in batches(patients)
        for row in connection.execute(_first, {"them": some})
    }


def parts(connection: Connection, patients: Collection[int]) -> dict[int, Renamed]:
    """The records that are part of one of these, where there are any, with the record itself."""
    lending = (
        number
        for some in batches(patients)
        for number in connection.execute(_having_kind, {"them": some, "kinds": [merged.MERGE]}).scalars()
    )
    return {number: renamed(connection, number) for number in lending}


def told(
    connection: Connection, patients: Collection[int], lent_to: Collection[int]
) -> Iterator[tuple[int, Dossier]]:
    """The records of those of whom something was reported, and of those who have it from another record."""
    those = {*lent_to}
    for some in batches(patients):
        those.update(connection.execute(_having_type, {"them": some, "types": REPORTS}).scalars())
    for number in sorted(those):
        head = identities.head_of(connection, number)
        yield number, ledger.dossier(head, ledger.lines(connection, number))


_them: BindParameter[list[int]] = bindparam("them", expanding=True)
_kept = select(snapshot.c.patient_id, snapshot.c.body).where(snapshot.c.patient_id.in_(_them))
_first = select(entries.c.patient_id, entries.c.recorded).where(
    entries.c.patient_id.in_(_them), entries.c.seq == 1
)
_having = select(entries.c.patient_id).where(entries.c.patient_id.in_(_them)).distinct()
_having_kind = _having.where(entries.c.kind.in_(bindparam("kinds", expanding=True)))
_having_type = _having.where(entries.c.type.in_(bindparam("types", expanding=True)))
