"""What a pathway consists of: states with their rules, steps, guards, timers and deviation rules, all frozen.

Conditions are graph nodes (`pathways.graph`), never code. Sources: architecture section 3, pathway-outline.md
3-8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pathways.graph import Node, Place

Statements = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """`final` states have no exit. `closed` ones have no duties: every step is blocked and nothing is due."""

    id: str
    title: str
    final: bool = False
    closed: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """The state applies when `when` is surely true and no earlier rule did (outline 3.2)."""

    state: str
    when: Node
    note: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Transition:
    """A by-the-book move.

    `order` ranks moves of one state on one event; it is needed where they do not exclude.
    """

    source: str
    event: str
    target: str
    guards: tuple[str, ...] = ()
    condition: str = ""
    order: int = 0
    statements: Statements = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a guard or a profile.

    `force` outranks the guard's; an `info` clause is shown and never counts. `conflict` is a point on which
    the sources differ and which this condition settles by a default.
    """

    text: str
    test: Node
    statements: Statements
    force: str = ""
    conflict: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """A named rule with its clauses.

    `outcome` is the result of all clauses, `hard` that of those that can block.
    """

    id: str
    title: str
    force: str
    clauses: tuple[Clause, ...]
    statements: Statements
    outcome: Node
    hard: Node
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """One body's definition, answered beside the others.

    `result` is `met` where every criterion is met, `not_met` where one surely is not, else `undetermined`.
    """

    id: str
    title: str
    criteria: tuple[Clause, ...]
    statements: Statements
    result: Node
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a step is offered: in these states (in any, when empty) while the condition, if any, is true."""

    states: tuple[str, ...] = ()
    when: Node | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that can be taken.

    `guards` hold it back unless they pass; `lifted` names guards not asked in a state, `blocked_in` states in
    which the step is shown and never allowed.

    `on_question` steps are offered while a guard of another offered step is unknown.
    """

    id: str
    title: str
    offers: tuple[Offer, ...]
    guards: tuple[str, ...]
    statements: Statements
    taken_by: tuple[str, ...] = ()
    lifted: tuple[tuple[str, str], ...] = ()
    blocked_in: tuple[str, ...] = ()
    on_question: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Timer:
    """A dated duty or reminder, one instance per element of `each` (or one in all).

    `opens` and `due` are days; the instance exists when `due` is there and `exists` is true. `grace` is added
    to the day after `due`; None makes an information timer, which is never overdue and ends after `closes`.
    `done` is the event that fulfils it, `ends` the day on which it is no longer asked (then unfulfilled
    instances are cancelled), `closes` the last day on which a late fulfilment still counts, `anchor` the
    events it counts from. A timer that is not `listed` only dates a duty for which the sources print no time
    limit.
    """

    id: str
    title: str
    opens: Node
    due: Node
    statements: Statements
    exists: Node | None = None
    each: Node | None = None
    grace: Node | None = None
    done: Node | None = None
    ends: Node | None = None
    closes: Node | None = None
    anchor: tuple[Node, ...] = ()
    listed: bool = True
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeviationRule:
    """A departure from a statement, one instance per element of `each` (or one in all).

    Raised when `raised` is true; its status is the first whose condition is true, else `otherwise`. With
    `timers` the rule is a dated duty instead: raised while an instance of one of these timers is overdue, was
    done late, or was overdue when it ended.
    """

    code: str
    title: str
    severity: str
    statements: Statements
    each: Node | None = None
    raised: Node | None = None
    statuses: tuple[tuple[str, Node], ...] = ()
    otherwise: str = "final"
    events: tuple[Node, ...] = ()
    timers: tuple[str, ...] = ()
    why: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Display:
    """Statements shown where the decision they concern is taken. It informs and never blocks.

    `kind` is what they are to the reader: `recommendation`, `opposing`, `limit` (of the evidence, to be told
    to the patient), `prognosis`, `evidence`, `data`, or `source` (age and review status, shown with every
    statement of that source). Shown with these steps (with any, when empty) unless `applies` is surely false.
    A `feature` is met, not met or unknown; `adverse` ones speak against when met, that of a limit is that
    the patient was told. A `value` is worked out from the ledger, in `unit`.
    """

    id: str
    title: str
    kind: str
    statements: Statements
    steps: tuple[str, ...] = ()
    applies: Node | None = None
    feature: Node | None = None
    adverse: bool = False
    value: Node | None = None
    unit: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Enrols:
    """A way into a pathway: whoever `test` is surely true of is on it from then on.

    `test` must stay true once it is: it asks what was ever recorded, not what stands today.
    """

    text: str
    test: Node
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Pathway:
    """One pathway version: everything `replay` needs to know.

    `left` is the day the patient left the pathway (not there while in it) and `returned` the day of the last
    return. `ticks` are days on which a state can change by time alone. `profiles` are the definition profiles
    answered side by side, `facts` the derived facts shown. `enrols` are the ways in, one of which will do;
    without any every patient is on the pathway. For a patient who is not on it, nothing is due, nothing
    departs and no step is allowed (tests/properties/test_enrolment.py).
    """

    id: str
    key: str
    version: str
    title: str
    states: tuple[State, ...]
    rules: tuple[Rule, ...]
    transitions: tuple[Transition, ...] = ()
    steps: tuple[Step, ...] = ()
    guards: tuple[Guard, ...] = ()
    timers: tuple[Timer, ...] = ()
    deviations: tuple[DeviationRule, ...] = ()
    displays: tuple[Display, ...] = ()
    facts: tuple[tuple[str, Node], ...] = ()
    profiles: tuple[Profile, ...] = ()
    open_questions: tuple[tuple[str, Node], ...] = ()
    ticks: tuple[Node, ...] = ()
    left: Node | None = None
    returned: Node | None = None
    question: DataQuestion | None = None
    enrols: tuple[Enrols, ...] = ()
    settings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DataQuestion:
    """How missing facts are flagged (outline R33): the code, and the events (with the step asked) that settle
    the matter.
    """

    code: str
    title: str
    settled_by: Node
    step: str
