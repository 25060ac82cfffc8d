"""What declarations say of one another: ids, names, statements and words of closed lists."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final, Protocol

from pathways.checks.declarations import nodes_held
from pathways.checks.problem import Problem
from pathways.graph import Node, Place
from pathways.pathway import Display, Guard, Pathway, State, Step, Timer
from pathways.vocabulary import Vocabulary, closest

FORCES: Final = ("hard", "soft", "preference", "info")
SEVERITIES: Final = ("critical", "major", "minor", "info", "data")
KINDS: Final = ("recommendation", "opposing", "limit", "prognosis", "evidence", "data", "source")
STATUSES: Final = ("open", "closed", "overruled", "retrospective", "final")


class _Declaration(Protocol):
    @property
    def place(self) -> Place | None: ...


def duplicate_ids(pathway: Pathway) -> Iterator[Problem]:
    """Two states, guards, steps, displays or timers of one id; timers may share one over different lists."""
    kinds: dict[str, tuple[State | Guard | Timer | Step | Display, ...]] = {
        "state": pathway.states,
        "guard": pathway.guards,
        "timer": pathway.timers,
        "step": pathway.steps,
        "display": pathway.displays,
    }
    for kind, declarations in kinds.items():
        seen: set[tuple[str, Node | None]] = set()
        for one in declarations:
            key = (one.id, one.each if isinstance(one, Timer) else None)
            if key in seen:
                yield Problem(f"{kind} {one.id}", f"there is another {kind} of this id", one.place)
            seen.add(key)


def deviations_that_disagree(pathway: Pathway) -> Iterator[Problem]:
    """Several rules may raise one deviation, but not the same one twice, nor with two severities."""
    rules = set()
    first: dict[str, str] = {}
    for rule in pathway.deviations:
        where = f"deviation {rule.code}"
        if rule in rules:
            yield Problem(where, "the same rule is declared twice", rule.place)
        rules.add(rule)
        if first.setdefault(rule.code, rule.severity) != rule.severity:
            yield Problem(where, "another rule of this code has another severity", rule.place)


def unknown_names(pathway: Pathway) -> Iterator[Problem]:
    """States, guards, timers and steps that are named but not declared."""
    states, guards = [s.id for s in pathway.states], [g.id for g in pathway.guards]
    for n, rule in enumerate(pathway.rules, 1):
        yield from _unknown("state", [rule.state], states, f"rule {n}", rule.place)
    for t in pathway.transitions:
        where = f"transition {t.source} -> {t.target}"
        yield from _unknown("state", [t.source, t.target], states, where, t.place)
        yield from _unknown("guard", t.guards, guards, where, t.place)
    for step in pathway.steps:
        named = [*(s for offer in step.offers for s in offer.states), *step.blocked_in]
        lifted = [state for state, _ in step.lifted]
        yield from _unknown("state", [*named, *lifted], states, f"step {step.id}", step.place)
        waived = [guard for _, guard in step.lifted]
        yield from _unknown("guard", [*step.guards, *waived], guards, f"step {step.id}", step.place)
    for deviation in pathway.deviations:
        timers = [t.id for t in pathway.timers]
        yield from _unknown("timer", deviation.timers, timers, f"deviation {deviation.code}", deviation.place)
    steps = [s.id for s in pathway.steps]
    for display in pathway.displays:
        yield from _unknown("step", display.steps, steps, f"display {display.id}", display.place)
    if pathway.question is not None:
        yield from _unknown("step", [pathway.question.step], steps, "the data question", pathway.place)


def lifted_guards_not_asked(pathway: Pathway) -> Iterator[Problem]:
    """A step that lifts a guard it does not ask."""
    for step in pathway.steps:
        for _, guard in step.lifted:
            if guard not in step.guards:
                yield Problem(f"step {step.id}", f"lifts {guard!r}, which it does not ask", step.place)


def unknown_event_types(pathway: Pathway, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Transitions on, and steps taken by, events that do not exist."""
    for t in pathway.transitions:
        where = f"transition {t.source} -> {t.target}"
        yield from _unknown("event type", [t.event], vocabulary.events, where, t.place)
    for step in pathway.steps:
        yield from _unknown("event type", step.taken_by, vocabulary.events, f"step {step.id}", step.place)


def _unknown(
    kind: str, names: Iterable[str], known: Iterable[str], where: str, place: Place | None
) -> Iterator[Problem]:
    declared = tuple(known)
    for name in dict.fromkeys(names):
        if name not in declared:
            yield Problem(where, f"there is no {kind} {name!r}{closest(name, declared)}", place)


def without_statements(pathway: Pathway) -> Iterator[Problem]:
    """Guards, clauses, timers and clinical deviations rest on the guideline; data-quality ones need not."""
    for where, statements, declaration in _sourced(pathway):
        if not statements and not where.startswith(("deviation q-", "step ", "transition ")):
            yield Problem(where, "names no guideline statement", declaration.place)


def unknown_statements(pathway: Pathway, catalogue_ids: Container[str]) -> Iterator[Problem]:
    """Statement ids that the catalogue does not have."""
    near = tuple(catalogue_ids) if isinstance(catalogue_ids, Iterable) else ()
    for where, statements, declaration in _sourced(pathway):
        for id in statements:
            if id not in catalogue_ids:
                message = f"the catalogue has no statement {id!r}{closest(id, near)}"
                yield Problem(where, message, declaration.place)


def unknown_conflicts(pathway: Pathway, conflict_ids: Container[str] | None) -> Iterator[Problem]:
    """Conflicts named by a clause that the catalogue does not have."""
    held = [(f"guard {g.id}", c) for g in pathway.guards for c in g.clauses]
    held += [(f"profile {p.id}", c) for p in pathway.profiles for c in p.criteria]
    for where, clause in held:
        if clause.conflict and conflict_ids is not None and clause.conflict not in conflict_ids:
            yield Problem(where, f"there is no conflict {clause.conflict!r}", clause.place)


def _sourced(pathway: Pathway) -> Iterator[tuple[str, tuple[str, ...], _Declaration]]:
    for guard in pathway.guards:
        yield f"guard {guard.id}", guard.statements, guard
        for n, clause in enumerate(guard.clauses, 1):
            yield f"guard {guard.id}, clause {n}", clause.statements, clause
    yield from ((f"profile {p.id}", p.statements, p) for p in pathway.profiles)
    yield from ((f"timer {t.id}", t.statements, t) for t in pathway.timers)
    yield from ((f"deviation {d.code}", d.statements, d) for d in pathway.deviations)
    yield from ((f"display {d.id}", d.statements, d) for d in pathway.displays)
    yield from ((f"step {s.id}", s.statements, s) for s in pathway.steps)
    yield from ((f"transition {t.source} -> {t.target}", t.statements, t) for t in pathway.transitions)


def deviations_never_raised(pathway: Pathway) -> Iterator[Problem]:
    """A deviation follows from a condition or from timers, not from neither or both."""
    for rule in pathway.deviations:
        if (rule.raised is None) == (not rule.timers):
            both = "both a condition and" if rule.timers else "neither a condition nor"
            yield Problem(f"deviation {rule.code}", f"is raised by {both} timers", rule.place)


def empty_guards(pathway: Pathway) -> Iterator[Problem]:
    """A guard without clauses guards nothing."""
    for guard in pathway.guards:
        if not guard.clauses:
            yield Problem(f"guard {guard.id}", "has no clause", guard.place)


def unknown_classes(pathway: Pathway) -> Iterator[Problem]:
    """Forces, severities and statuses outside the closed lists."""
    for guard in pathway.guards:
        yield from _unknown("force", [guard.force], FORCES, f"guard {guard.id}", guard.place)
        yield from _forces_of_clauses(guard)
    for rule in pathway.deviations:
        where = f"deviation {rule.code}"
        yield from _unknown("severity", [rule.severity], SEVERITIES, where, rule.place)
        yield from _unknown(
            "status", [*(s for s, _ in rule.statuses), rule.otherwise], STATUSES, where, rule.place
        )
    for display in pathway.displays:
        yield from _unknown("kind", [display.kind], KINDS, f"display {display.id}", display.place)


def _forces_of_clauses(guard: Guard) -> Iterator[Problem]:
    for n, clause in enumerate(guard.clauses, 1):
        if clause.force:
            yield from _unknown(
                "force", [clause.force], FORCES, f"guard {guard.id}, clause {n}", clause.place
            )


def undeclared_settings(pathway: Pathway) -> Iterator[Problem]:
    """Settings that an expression reads and the pathway does not list."""
    used: set[str] = set(pathway.settings)
    for one, node in nodes_held(pathway):
        name = str(dict(node.params).get("name"))
        if node.op == "setting" and name not in used:
            used.add(name)
            message = f"reads the setting {name!r}, which the pathway does not declare"
            yield Problem(one.where, message, one.place)


def ambiguous_names(pathway: Pathway) -> Iterator[Problem]:
    """One name for two things: whoever reads the pathway could not tell which is meant."""
    meant: dict[str, Node] = {}
    for one, node in nodes_held(pathway):
        if node.op == "named" and node.args:
            label = str(dict(node.params).get("label"))
            if meant.setdefault(label, node.args[0]) is not node.args[0]:
                yield Problem(one.where, f"{label!r} is the name of two things", node.place or one.place)
