"""What the desk needs to know of many patients at once: answers as kept, and stories where they matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, tzinfo

from sqlalchemy import BindParameter, Connection, and_, bindparam, or_, select

from engine.snapshot import Snapshot
from store import identities, ledger, merged, summary
from store.batches import batches
from store.ledger import Dossier
from store.parts import Renamed, renamed
from store.tables import ledger as entries
from store.tables import patient, snapshot, tracking
from store.work_tables import desk

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


def may_have_passed(
    derived: Connection, recorded: Connection, entered_before: date, closed: Collection[str]
) -> set[int]:
    """The patients who may have a working date that has passed: one was given for them, or nothing is due and
    they have been in their state since before a day. Not those in a closed state, nor of whom something is
    overdue, which stands before it.
    """
    given = list(recorded.execute(_with_a_date).scalars())
    values = {"given": given, "day": entered_before, "closed": sorted(closed)}
    return {*derived.execute(_may_have_passed, values).scalars()}


_them: BindParameter[list[int]] = bindparam("them", expanding=True)
_kept = select(snapshot.c.patient_id, snapshot.c.body).where(snapshot.c.patient_id.in_(_them))
_first = select(entries.c.patient_id, entries.c.recorded).where(
    entries.c.patient_id.in_(_them), entries.c.seq == 1
)
_having = select(entries.c.patient_id).where(entries.c.patient_id.in_(_them)).distinct()
_having_kind = _having.where(entries.c.kind.in_(bindparam("kinds", expanding=True)))
_having_type = _having.where(entries.c.type.in_(bindparam("types", expanding=True)))
_with_a_date = select(desk.c.patient_id).where(desk.c.kind == "working_date").distinct()
_given: BindParameter[list[int]] = bindparam("given", expanding=True, literal_execute=True)
_may_have_passed = (
    select(tracking.c.patient_id)
    .join(patient, patient.c.id == tracking.c.patient_id)
    .where(tracking.c.rank > 0, patient.c.day_zero.is_(None))
    .where(tracking.c.state.not_in(bindparam("closed", expanding=True)))
    .where(
        or_(
            tracking.c.patient_id.in_(_given),
            and_(
                tracking.c.rank == 2,
                tracking.c.next_step.is_not(None),
                or_(tracking.c.entered_on.is_(None), tracking.c.entered_on < bindparam("day")),
            ),
        )
    )
)
