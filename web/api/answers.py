"""What programs are answered about patients."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from web.api.values import Anything, Model


class Report(Model):
    """How far something due has come. `on`: the appointment, or until when it is deferred."""

    status: str
    day: date
    on: date | None
    place: str | None
    reason: str | None


class NextStep(Model):
    """What is to be done next. `basis`: `due` by the sources, else the site's own choice."""

    pathway: str
    item: str
    title: str
    due: date
    anchor: tuple[str, ...]
    on: date
    basis: str
    late_from: date | None
    progress: Report | None


class Note(Model):
    """A comment."""

    text: str
    by: str
    at: datetime


class Window(Model):
    """The span for which a response has to be maintained. `kind`: none (nothing has begun it), running, ask
    (it has passed, and no response is documented since), unclear (a fact is missing) or met. `week` runs, of
    `first` to `last` that the source names; `until`: from then on a documented response closes it.
    """

    kind: str
    week: int | None
    first: int | None
    last: int | None
    from_on: date | None
    until: date | None


class Board(Model):
    """The next meeting for which a patient is listed; so many of so many data that it needs are there (null:
    not worked out).
    """

    on: date
    board: str
    ready: int | None
    needed: int | None


class Row(Model):
    """One patient of the tracking list. `due`: how pressing the next step is; `days` until then, or late.
    `corrected`: something was corrected, taken back or recorded late since the account looked.
    """

    number: int
    reference: str
    name: str | None
    age: int | None
    state: str
    state_title: str
    day: int | None
    days_in_state: int | None
    due: str
    on: date | None
    days: int | None
    next: NextStep | None
    owner: str | None
    taken_on: bool
    held: str
    overdue: int
    deviations: int
    blocked: bool
    undetermined: bool
    corrected: bool
    window: Window | None
    board: Board | None
    days_untracked: int | None
    comment: Note | None
    derived_on: date


class Rows(Model):
    """A page of the tracking list. `older`: rows that are still those of an earlier day."""

    patients: tuple[Row, ...]
    next: str | None
    older: int


class Found(Model):
    """The patients that a name or number finds."""

    patients: tuple[Row, ...]


class PathwayRef(Model):
    """A version of a pathway."""

    id: str
    version: str
    fingerprint: str


class Clause(Model):
    """One condition, what decided it, and what is missing to decide it."""

    text: str
    result: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    statements: tuple[str, ...]


class Guard(Model):
    """The conditions on a step."""

    result: str
    force: str
    clauses: tuple[Clause, ...]
    statements: tuple[str, ...]


class Allowed(Model):
    """A step that may be taken now."""

    step: str
    title: str
    statements: tuple[str, ...]


class Blocked(Allowed):
    """A step that is offered and held back: by which guards, and what is missing."""

    guards: tuple[str, ...]
    missing: tuple[str, ...]


class Due(Model):
    """A dated duty or reminder. `missed`: the time of the next has come, and lists leave it out; `chase`:
    what of it is to be chased (null: nothing, as it was missed).
    """

    item: str
    title: str
    opens: date
    due: date
    overdue_from: date | None
    status: str
    statements: tuple[str, ...]
    progress: Report | None
    missed: bool
    chase: str | None


class Deviation(Model):
    """A departure from a statement, or a remark on the data."""

    code: str
    title: str
    severity: str
    status: str
    events: tuple[str, ...]
    statements: tuple[str, ...]
    why: str
    raised_on: date | None
    judged_under: str | None


class Move(Model):
    """A move from state to state; `event` is null where time alone made it."""

    on: date
    event: str | None
    source: str | None = Field(alias="from")
    to: str
    off_pathway: bool


class Work(Model):
    """What the desk knows of an open patient."""

    next: NextStep | None
    owner: str | None
    clinician: str | None
    in_charge: tuple[str, ...]
    alerts: tuple[str, ...]
    tracked_on: date
    days_untracked: int
    paused_on: date | None
    paused_because: str | None


class Patient(Model):
    """Where a patient stands on a day, by what was known at a moment (null: all there is); `version` as in
    the header ETag.
    """

    number: int
    version: str
    reference: str
    name: str | None
    as_of: date
    known_at: datetime | None
    day_zero: str | None
    state: str
    entered_on: date | None
    companion_states: dict[str, str]
    pathways: tuple[PathwayRef, ...]
    settings: Anything
    facts: Anything
    facts_in_force: Anything
    derived_facts: Anything
    profiles: dict[str, str]
    guards: dict[str, Guard]
    allowed_next: tuple[Allowed, ...]
    blocked_next: tuple[Blocked, ...]
    due: tuple[Due, ...]
    deviations: tuple[Deviation, ...]
    not_determined: tuple[str, ...]
    trail: tuple[Move, ...]
    companions: list[Anything]
    held_because: list[Anything]
    evidence: list[Anything]
    sources: list[Anything]
    review: Anything
    work: Work | None
    intended_use: str


class WhyClause(Clause):
    """A condition with its statements in full, and how old the facts are."""

    ages: Anything | None
    statements: tuple[Anything, ...]  # type: ignore[assignment]  # in full here


class WhyGuard(Model):
    """The conditions of a guard."""

    guard: str
    title: str
    result: str
    force: str
    ages: Anything | None
    clauses: tuple[WhyClause, ...]


class Why(Model):
    """Why a step may or may not be taken, or what a guard says; `opens`: what would open it."""

    number: int
    as_of: date
    known_at: datetime | None
    state: str
    name: str
    title: str
    verdict: str | None
    offered_in: tuple[str, ...]
    ages: Anything | None
    guards: tuple[WhyGuard, ...]
    opens: Anything | None
    statements: tuple[Anything, ...]
    evidence: tuple[Anything, ...]
    sources: tuple[Anything, ...]
    review: Anything
    intended_use: str


class Change(Model):
    """A correction or retraction of an entry."""

    id: str
    kind: str
    field: str | None
    old: object
    new: object
    reason: str | None
    date: date
    recorder: str


class StoryEntry(Model):
    """An entry as it stands, who said it when, and what became of it."""

    id: str
    type: str
    date: str
    documented: str
    recorded: datetime | None
    recorder: str
    source: str
    fields: Anything
    taken_back: bool
    changes: tuple[Change, ...]


class Story(Model):
    """Every entry about a patient by day, with its corrections, and what was known from the beginning."""

    number: int
    facts: Anything
    facts_in_force: Anything
    entries: tuple[StoryEntry, ...]


class Taken(Model):
    """Who took something on, or put it off, until when and why."""

    kind: str
    until: date
    reason: str
    by: str
    at: datetime


class Task(Model):
    """Something that is to be done, or was; `key` names it in addresses. `mark`: over, due, planned, waiting,
    done or ended; `days` goes with it. `basis`: due by the sources, or the site's own choice.
    """

    key: str
    pathway: str
    item: str
    title: str
    due: date
    anchor: tuple[str, ...]
    on: date
    mark: str
    days: int
    basis: str
    informs: bool
    done_on: date | None
    progress: Report | None
    history: tuple[Report, ...]
    taken: tuple[Taken, ...]
    statements: tuple[str, ...]


class Tasks(Model):
    """What can still be done, the most urgent first; steps that may be taken, undated; what is over."""

    number: int
    open: tuple[Task, ...]
    steps: tuple[Task, ...]
    settled: tuple[Task, ...]


class Changes(Model):
    """What an entry changed: each with both sides, null where there was nothing."""

    states: list[Anything]
    steps: list[Anything]
    due: list[Anything]
    deviations: list[Anything]
    decisions: list[Anything]


class Recorded(Model):
    """What was recorded, or with `dry_run` would be, and what it changes; `known` was recorded before."""

    number: int
    version: str
    dry_run: bool
    recorded: tuple[str, ...]
    known: tuple[str, ...]
    state: str | None
    changes: Changes


class Said(Model):
    """It was done; the patient has this version now."""

    number: int
    version: str
