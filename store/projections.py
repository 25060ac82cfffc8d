"""What is derived from a snapshot and kept, so that lists need no replay; it can be dropped and rebuilt.

A due item is kept while it is scheduled, open, overdue or escalated; a deviation always. Only the rows of
pathways whose answer changed are touched.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.calendar import later
from engine.event import Event
from engine.snapshot import Deviation, PatientSnapshot, Snapshot, TimerItem
from engine.timers import LISTED, has_passed
from pathways.day_zero import is_counted
from store import candidacies, outlooks, summary, tallies
from store.canonical import canonical
from store.prepared import Prepared
from store.tables import deviation, due_item, patient, projections, snapshot, standing, tracking

late = frozenset({"overdue", "escalated"})
never = date.max
"""Stands for the day of a patient of whom nothing is due, so that days can be compared and indexed."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the tables for a patient: the abridged snapshot, how long it is right, and how the patient
    stands by what the list is counted by.
    """

    lines: tuple[str, ...]
    derived_on: date
    wake_on: date | None
    stands: tallies.Cell

    def right_on(self, day: date) -> bool:
        """Whether time alone has changed nothing by that day."""
        return self.derived_on <= day and (self.wake_on is None or day < self.wake_on)


@dataclass(frozen=True, slots=True)
class Changed:
    """The pathways whose abridged answer is not the kept one, as kept and as they are now; all new lines."""

    before: tuple[Snapshot, ...]
    after: tuple[Snapshot, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be written for a patient: the row of the tracking list, the abridged snapshot where it is
    another one, and for each other list the rows that go and those that come, without the patient's number.
    """

    tracked: Values
    body: str | None
    listed: tuple[tuple[list[Values], list[Values]], ...]


def kept(connection: Connection, patient_id: int) -> Kept | None:
    """What is kept for a patient; None when nothing is."""
    for body, derived_on, wake_on, *stands in _kept.rows(connection, of=patient_id):
        return Kept(tuple(body.split("\n")), derived_on, wake_on, tuple(stands))
    return None


def changed(old: Kept | None, now: PatientSnapshot) -> Changed:
    """What of the answer differs from the kept one (None: everything)."""
    lines = summary.written(now)
    before = old.lines if old else ()
    same = set(before).intersection(lines)
    return Changed(
        summary.read(line for line in before if line not in same),
        tuple(one for one, line in zip(now.pathways, lines, strict=True) if line not in same),
        lines,
    )


def rows(tracked: Values, change: Changed) -> Rows:
    """What is to be written; `tracked` is the row of the tracking list."""
    same = not change.before and not change.after
    return Rows(
        tracked, None if same else "\n".join(change.lines), tuple(kind.differing(change) for kind in _kinds)
    )


def write(connection: Connection, patient_id: int, rows: Rows, before: Kept | None = None) -> None:
    """Bring the tables up to date; there are no rows of this patient but those `before`."""
    if before is None:
        _insert_tracking.run(connection, {"patient_id": patient_id, "of": patient_id, **rows.tracked})
        tallies.comes(connection, patient_id)
        _insert_snapshot.run(connection, {"patient_id": patient_id, "body": rows.body})
    else:
        _forget(connection, patient_id)
        tallies.moves(connection, patient_id, before.stands, rows.tracked)
        _update_tracking.run(connection, {"of": patient_id, **rows.tracked})
        if rows.body is not None:
            _update_snapshot.run(connection, {"of": patient_id, "body": rows.body})
    for kind, (gone, fresh) in zip(_kinds, rows.listed, strict=True):
        kind.replace(connection, patient_id, gone, fresh)


def clear(connection: Connection, patient_id: int) -> None:
    """Drop the rows of a patient, and what was worked out by them."""
    _forget(connection, patient_id)
    tallies.goes(connection, patient_id)
    for statement in _clear:
        statement.run(connection, {"of": patient_id})


def _forget(connection: Connection, patient_id: int) -> None:
    """Take away what was worked out by the rows that go."""
    outlooks.drop(connection, patient_id)
    candidacies.forget(connection, patient_id)


OPEN, CLOSED, UNKNOWN, NOT_BEGUN = "open", "closed", "unknown", "none"


def clock(now: Snapshot) -> Values:
    """The span for which a response has to be maintained, by the facts that a pathway names so: open, closed,
    unknown whether it is closed, or none, as nothing has begun it. Null: the pathway knows no such span.
    """
    began, until = (now.facts.get(name) for name in ("response_clock_start", "response_boundary"))
    if "response_window_closed" not in now.facts:
        told = None
    elif (closed := now.facts["response_window_closed"]) is None:
        told = UNKNOWN
    else:
        told = CLOSED if closed else NOT_BEGUN if began is None else OPEN
    return {"clock": told, "clock_from": began, "clock_until": until}


def tracking_row(now: PatientSnapshot, entries: Sequence[Event], wake_on: date | None) -> Values:
    """The patient's row of the tracking list."""
    due = [timer for one in now.pathways for timer in _to_chase(one)]
    ahead = [timer for timer in due if not has_passed(timer, now.as_of)]
    overdue = sum(timer.status in late for timer in due)
    next_one = min(ahead, key=_urgency, default=None)
    return {
        "state": now.main.state,
        "entered_on": now.main.entered_on,
        "rank": 0 if overdue else 1 if ahead else 2,
        "urgent_on": _urgency(next_one)[1] if next_one else never,
        "next_step": next((step.step for step in now.main.steps if step.allowed), None),
        "next_item": next_one.item if next_one else None,
        "next_due": next_one.due if next_one else None,
        "overdue": overdue,
        "due": len(due),
        "deviations": sum(found.status == "open" for one in now.pathways for found in one.deviations),
        "blocked": any(not step.allowed and not step.missing for step in now.main.steps),
        "undetermined": any(not step.allowed and bool(step.missing) for step in now.main.steps),
        "latest_activity": max((event.day for event in entries), default=None),
        "derived_on": now.as_of,
        "wake_on": wake_on,
        "trouble": None,
        "began_on": next((move.on for move in now.main.trail), None),
        **clock(now.main),
    }


def passes_on(now: PatientSnapshot) -> date | None:
    """The first day on which something that only informs has passed, and another step is the next one."""
    due = (timer for one in now.pathways for timer in _to_chase(one))
    ahead = (one for one in due if one.overdue_from is None and not has_passed(one, now.as_of))
    return min((day for one in ahead if (day := later(one.due, 1))), default=None)


def _urgency(timer: TimerItem) -> tuple[bool, date, str]:
    """Overdue first, the longest overdue first; then by date."""
    overdue = timer.status in late
    return (not overdue, timer.overdue_from if overdue and timer.overdue_from else timer.due, timer.item)


def _standings(one: Snapshot) -> Iterator[Values]:
    """A pathway that has not begun does not concern the patient."""
    if one.entered_on is not None:
        yield {"pathway": one.key, "state": one.state, "entered_on": one.entered_on}


def _to_chase(one: Snapshot) -> Iterator[TimerItem]:
    """What is listed as due and can still be done; nobody can chase what is due on no day of the calendar."""
    return (
        timer
        for timer in one.timers
        if timer.status in LISTED and not timer.missed and not is_counted(timer.due)
    )


def _due_items(one: Snapshot) -> Iterator[Values]:
    for place, timer in enumerate(_to_chase(one)):
        yield {
            "pathway": one.key,
            "place": place,
            "item": timer.item,
            "title": timer.title,
            "opens": timer.opens,
            "due": timer.due,
            "overdue_from": timer.overdue_from,
            "escalates_on": timer.escalates_on,
            "status": timer.status,
            "anchor": canonical(timer.anchor),
            "statements": canonical(timer.statements),
        }


def _deviations(one: Snapshot) -> Iterator[Values]:
    for place, found in enumerate(one.deviations):
        yield {"pathway": one.key, "place": place, **_deviation(found)}


def _deviation(found: Deviation) -> Values:
    return {
        "code": found.code,
        "title": found.title,
        "severity": found.severity,
        "status": found.status,
        "raised_on": found.on,
        "events": canonical(found.events),
        "statements": canonical(found.statements),
        "why": found.why,
        "judged_under": found.judged_under,
    }


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table with rows for each pathway: how they follow from it, and which columns name a row."""

    rows: Callable[[Snapshot], Iterable[Values]]
    names: tuple[str, ...]
    insert: Prepared
    delete: Prepared

    def differing(self, change: Changed) -> tuple[list[Values], list[Values]]:
        """The rows that go, and those that come."""
        before, after = self._named(change.before), self._named(change.after)
        gone = [row for name, row in before.items() if after.get(name) != row]
        return gone, [row for name, row in after.items() if before.get(name) != row]

    def replace(
        self, connection: Connection, patient_id: int, gone: Sequence[Values], fresh: Sequence[Values]
    ) -> None:
        if gone:
            self.delete.run_all(connection, [self._name(patient_id, row) for row in gone])
        if fresh:
            self.insert.run_all(connection, [{"patient_id": patient_id, **row} for row in fresh])

    def _named(self, pathways: Iterable[Snapshot]) -> dict[Hashable, Values]:
        rows = (row for one in pathways for row in self.rows(one))
        return {tuple([row[name] for name in self.names]): row for row in rows}

    def _name(self, patient_id: int, row: Values) -> Values:
        return {"of": patient_id, **{f"of_{name}": row[name] for name in self.names}}


def _kind(table: Any, rows: Callable[[Snapshot], Iterable[Values]], *names: str) -> _Kind:
    named = [table.c[name] == bindparam(f"of_{name}") for name in names]
    gone = delete(table).where(table.c.patient_id == bindparam("of"), *named)
    return _Kind(rows, names, Prepared(insert(table)), Prepared(gone))


_kinds = (
    _kind(standing, _standings, "pathway"),
    _kind(due_item, _due_items, "pathway", "place"),
    _kind(deviation, _deviations, "pathway", "place"),
)
listed_tables = (standing, due_item, deviation)
"""The tables with rows for each pathway, in the order of `Rows.listed`."""

_kept = Prepared(
    select(
        *(snapshot.c.body, tracking.c.derived_on, tracking.c.wake_on),
        *(tracking.c[name] for name in tallies.STANDS),
    )
    .join(tracking, tracking.c.patient_id == snapshot.c.patient_id)
    .where(snapshot.c.patient_id == bindparam("of"))
)
_not_derived = ("patient_id", "owner", "ahead_until")
_row_columns = tuple(column.name for column in tracking.c if column.name not in _not_derived)
_owner = select(patient.c.owner).where(patient.c.id == bindparam("of")).scalar_subquery()
_insert_tracking = Prepared(insert(tracking).values(owner=_owner), ("patient_id", *_row_columns))
_insert_snapshot = Prepared(insert(snapshot))
_update = update(tracking).where(tracking.c.patient_id == bindparam("of")).values(ahead_until=date.min)
_update_tracking = Prepared(_update, _row_columns)
_update_snapshot = Prepared(update(snapshot).where(snapshot.c.patient_id == bindparam("of")), ("body",))
_clear = [Prepared(delete(table).where(table.c.patient_id == bindparam("of"))) for table in projections]
