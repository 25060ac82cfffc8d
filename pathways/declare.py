"""The words for the parts of a pathway: they take expressions and give the frozen declarations of
`pathways.pathway`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pathways.graph import Node, walk
from pathways.language import (
    Bool,
    Date,
    Each,
    Events,
    Expression,
    OneEvent,
    Outcome,
    all_of,
    case,
    code,
    no,
    number,
    place,
    setting,
    yes,
)
from pathways.pathway import (
    Clause,
    DeviationRule,
    Display,
    Enrols,
    Guard,
    Offer,
    Pathway,
    Profile,
    Rule,
    State,
    Step,
    Timer,
    Transition,
)
from pathways.roots import roots

__all__ = [
    "anytime",
    "clause",
    "deviation",
    "display",
    "duty",
    "enrols",
    "final_state",
    "guard",
    "offered_in",
    "outcome_of",
    "pathway",
    "profile",
    "rule",
    "state",
    "step",
    "timer",
    "transition",
]


def pathway(declared: Pathway) -> Pathway:
    """The pathway with the settings it reads worked out, and the place where it was declared."""
    names = {str(n.param("name")) for n in walk(*roots(declared)) if n.op == "setting"}
    return replace(declared, settings=tuple(sorted(names)), place=place())


def enrols(text: str, test: Bool) -> Enrols:
    """A way into the pathway; `test` must stay true once it is."""
    return Enrols(text, test.node, place())


def state(id: str, title: str) -> State:
    return State(id, title, place=place())


def final_state(id: str, title: str, closed: bool = True) -> State:
    """A state without exit; `closed` ones block every step and have nothing due."""
    return State(id, title, final=True, closed=closed, place=place())


def rule(state: str, when: Bool, note: str = "") -> Rule:
    return Rule(state, when.node, note, place())


def transition(
    source: str,
    event: str,
    target: str,
    *,
    guards: Sequence[str] = (),
    condition: str = "",
    order: int = 0,
    statements: Sequence[str] = (),
) -> Transition:
    return Transition(source, event, target, tuple(guards), condition, order, tuple(statements), place())


def clause(text: str, test: Bool, *statements: str, force: str = "", conflict: str = "") -> Clause:
    """One condition.

    `text` is the author's wording; the generated sentence stands beside it in the documentation.
    """
    return Clause(text, test.node, statements, force, conflict, place())


def profile(id: str, title: str, criteria: Sequence[Clause], *statements: str) -> Profile:
    """A definition that is met when every criterion is (Kleene)."""
    fits = all_of(*(Bool(c.test) for c in criteria))
    result = case(
        ((~fits).sure(), code("not_met")), (fits.sure(), code("met")), otherwise=code("undetermined")
    ).named(f"profile {id}")
    return Profile(id, title, tuple(criteria), statements, result.node, place())


def guard(
    id: str,
    title: str,
    force: str,
    clauses: Sequence[Clause],
    *,
    not_applicable: Bool | None = None,
    replaced: Bool | None = None,
    overruled: Bool | None = None,
    statements: Sequence[str] = (),
) -> Guard:
    """A guard passes when every clause that counts passes (Kleene).

    Statements default to those of its clauses.
    """
    lifted = [no() if part is None else part for part in (not_applicable, replaced, overruled)]
    counting = [c for c in clauses if c.force != "info"]
    named = tuple(statements) or tuple(dict.fromkeys(s for c in clauses for s in c.statements))
    return Guard(
        id,
        title,
        force,
        tuple(clauses),
        named,
        _outcome(lifted, counting),
        _outcome(lifted, [c for c in counting if (c.force or force) == "hard"]),
        place(),
    )


def _outcome(lifted: Sequence[Bool], clauses: Sequence[Clause]) -> Node:
    tests = [Bool(c.test) for c in clauses] or [yes()]
    return Outcome.make("outcome", *lifted, *tests).node


def outcome_of(guard: Guard) -> Outcome:
    """The guard's result as an expression, for state rules and deviations."""
    return Outcome(guard.outcome)


def offered_in(*states: str, when: Bool | None = None) -> Offer:
    return Offer(states, _node(when))


def anytime(when: Bool | None = None) -> Offer:
    return Offer((), _node(when))


def step(
    id: str,
    title: str,
    offers: Sequence[Offer],
    guards: Sequence[Guard] = (),
    *,
    statements: Sequence[str] = (),
    taken_by: Sequence[str] = (),
    lifted: Mapping[str, Guard] | None = None,
    blocked_in: Sequence[str] = (),
    on_question: bool = False,
) -> Step:
    """`lifted` maps a state to the guard that is not asked there; in `blocked_in` states the step is never
    allowed.
    """
    waived = tuple((name, g.id) for name, g in (lifted or {}).items())
    ids = tuple(g.id for g in guards)
    return Step(
        id,
        title,
        tuple(offers),
        ids,
        tuple(statements),
        tuple(taken_by),
        waived,
        tuple(blocked_in),
        on_question,
        place(),
    )


def timer(
    id: str,
    title: str,
    *,
    opens: Date,
    due: Date,
    statements: Sequence[str],
    exists: Bool | None = None,
    each: Each | None = None,
    information: bool = False,
    own_grace: bool = False,
    last_day: Date | None = None,
    done: OneEvent | None = None,
    ends: Date | None = None,
    closes: Date | None = None,
    anchor: Sequence[OneEvent | Events] = (),
    listed: bool = True,
) -> Timer:
    """`own_grace` timers have their grace in `due` already; grace_days is not added again (outline 6).

    An item due on `last_day` has no grace either: its series ends with that day.
    """
    days = number(0) if own_grace else setting.number("grace_days")
    if last_day is not None:
        days = case((due.equals(last_day), number(0)), otherwise=days)
    grace = None if information else days.node
    return Timer(
        id,
        title,
        opens.node,
        due.node,
        tuple(statements),
        _node(exists),
        each.over.node if each else None,
        grace,
        _node(done),
        _node(ends),
        _node(closes),
        tuple(a.node for a in anchor),
        listed,
        place(),
    )


def deviation(
    code: str,
    title: str,
    severity: str,
    *,
    raised: Bool,
    statements: Sequence[str] = (),
    each: Each | None = None,
    statuses: Sequence[tuple[str, Bool]] = (),
    otherwise: str = "final",
    events: Sequence[OneEvent | Events] = (),
    why: str = "",
) -> DeviationRule:
    return DeviationRule(
        code,
        title,
        severity,
        tuple(statements),
        each.over.node if each else None,
        raised.node,
        tuple((name, when.node) for name, when in statuses),
        otherwise,
        tuple(e.node for e in events),
        (),
        why,
        place(),
    )


def duty(
    code: str, title: str, severity: str, timers: Sequence[str], *, statements: Sequence[str], why: str = ""
) -> DeviationRule:
    """A dated duty: its deviation follows from its timers (outline R31)."""
    return DeviationRule(
        code, title, severity, tuple(statements), timers=tuple(timers), why=why, place=place()
    )


def display(
    id: str,
    title: str,
    kind: str,
    *statements: str,
    steps: Sequence[str] = (),
    applies: Bool | None = None,
    feature: Bool | None = None,
    adverse: bool = False,
    value: Expression | None = None,
    unit: str = "",
) -> Display:
    """Statements shown with these steps; the kinds are those of `pathways.pathway.Display`."""
    return Display(
        id,
        title,
        kind,
        statements,
        tuple(steps),
        _node(applies),
        _node(feature),
        adverse,
        _node(value),
        unit,
        place(),
    )


def _node(expression: Expression | None) -> Node | None:
    return expression.node if expression is not None else None
