"""The derived answer for one patient on one day: values only, no behaviour beyond look-up.

Names follow the contract of `carepath replay` (docs/case-files.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.event import Moment
from pathways.settings import Settings


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """One condition of a guard: its result, the events looked at, and what is missing to decide it.

    `missing` names data as `event.field`, `event.lesions.L1.field` or the name of a patient fact.
    """

    text: str
    result: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuardVerdict:
    """`result`: pass, fail, unknown, replaced, not_applicable or overruled.

    `force`: hard, soft, preference or info.
    """

    guard: str
    title: str
    result: str
    force: str
    clauses: tuple[ClauseVerdict, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """A step offered in the present state.

    `guards` names the hard guards that hold it back (empty when allowed).
    """

    step: str
    title: str
    allowed: bool
    guards: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimerItem:
    """One dated duty or reminder.

    Status: scheduled, open, overdue, escalated, done, done_late or cancelled.
    """

    item: str
    title: str
    opens: date
    due: date
    overdue_from: date | None
    escalates_on: date | None
    status: str
    statements: tuple[str, ...]
    anchor: tuple[str, ...] = ()
    done_by: str | None = None
    done_on: date | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """A departure from a statement, or a data-quality finding (`q-` codes, severity data).

    `judged_under` names the version by which it was judged, where that is no longer in force. `decided` is
    when what is judged was documented; None for a dated duty, and where no entry is judged.
    """

    code: str
    title: str
    severity: str
    status: str
    events: tuple[str, ...]
    statements: tuple[str, ...]
    why: str = ""
    on: date | None = None
    judged_under: str = field(default="", compare=False)
    decided: Moment | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the trail. `event` is None when time alone moved the state."""

    on: date
    event: str | None
    source: str | None
    target: str
    off_pathway: bool
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathwayRef:
    id: str
    version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one pathway says about one patient."""

    pathway: PathwayRef
    key: str
    state: str
    entered_on: date | None
    guards: Mapping[str, GuardVerdict]
    steps: tuple[StepVerdict, ...]
    timers: tuple[TimerItem, ...]
    deviations: tuple[Deviation, ...]
    facts: Mapping[str, object]
    profiles: Mapping[str, str]
    not_determined: tuple[str, ...]
    trail: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class PatientSnapshot:
    """All enrolled pathways side by side. The first of `pathways` is the main one."""

    as_of: date
    known_at: Moment
    settings: Settings
    pathways: tuple[Snapshot, ...]

    @property
    def main(self) -> Snapshot:
        return self.pathways[0]
