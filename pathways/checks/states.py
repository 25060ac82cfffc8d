"""The machine: states that can be reached and left, rules that always give one, moves that do not compete."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.checks.problem import Problem
from pathways.graph import node, walk
from pathways.pathway import Pathway, Transition


def last_rule_not_always(pathway: Pathway) -> Iterator[Problem]:
    """The last rule must hold for every patient, and no rule before it may."""
    true = node("constant", "bool", value=True)
    where = f"pathway {pathway.id}"
    if not pathway.states:
        yield Problem(where, "has no state", pathway.place)
    if not pathway.rules:
        yield Problem(where, "has no state rule", pathway.place)
    for n, rule in enumerate(pathway.rules, 1):
        last = n == len(pathway.rules)
        if last and rule.when is not true:
            yield Problem(
                f"rule {n} ({rule.state})", "is the last and must be yes(), always true", rule.place
            )
        if not last and rule.when is true:
            yield Problem(
                f"rule {n} ({rule.state})", "is always true; no later rule is ever asked", rule.place
            )


def states_without_rule(pathway: Pathway) -> Iterator[Problem]:
    """States that no rule gives."""
    given = {rule.state for rule in pathway.rules}
    for state in pathway.states:
        if state.id not in given:
            yield Problem(f"state {state.id}", "no rule gives this state", state.place)


def unreachable_states(pathway: Pathway) -> Iterator[Problem]:
    """States to which no by-the-book moves lead from the first one."""
    onward: dict[str, set[str]] = {}
    for t in pathway.transitions:
        onward.setdefault(t.source, set()).add(t.target)
    reached: set[str] = set()
    ahead = [state.id for state in pathway.states[:1]]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead.extend(onward.get(one, ()))
    for state in pathway.states:
        if state.id not in reached:
            yield Problem(
                f"state {state.id}", "no by-the-book moves lead here from the first state", state.place
            )


def wrong_exits(pathway: Pathway) -> Iterator[Problem]:
    """States that are not final and have no by-the-book move out, and final ones that have."""
    final = {s.id for s in pathway.states if s.final}
    targets: dict[str, set[str]] = {}
    for t in pathway.transitions:
        targets.setdefault(t.source, set()).add(t.target)
    for state in pathway.states:
        onward = targets.get(state.id, set()) - {state.id}
        if not state.final and not onward:
            yield Problem(f"state {state.id}", "has no by-the-book move out and is not final", state.place)
        if state.final and onward - final:
            leads = ", ".join(sorted(onward - final))
            yield Problem(f"state {state.id}", f"is final, but a move leads on to {leads}", state.place)


def competing_transitions(pathway: Pathway) -> Iterator[Problem]:
    """Two moves from one state on one event need different `order`, which says which is looked at first."""
    first: dict[tuple[str, str, int], Transition] = {}
    pairs: set[tuple[str, str, str]] = set()
    for t in pathway.transitions:
        where = f"transition {t.source} -> {t.target}"
        other = first.setdefault((t.source, t.event, t.order), t)
        if (t.source, t.event, t.target) in pairs:
            yield Problem(where, f"is declared twice on {t.event}", t.place)
        elif other is not t:
            message = f"on {t.event} is neither ordered against nor excluded by that to {other.target}"
            yield Problem(where, f"{message}; give them different `order`", t.place)
        pairs.add((t.source, t.event, t.target))


def enrolments_by_time(pathway: Pathway) -> Iterator[Problem]:
    """Time alone enrols nobody: it follows from an entry, which is named."""
    for n, way in enumerate(pathway.enrols, 1):
        if any(below.op == "today" for below in walk(way.test)):
            message = "reads today; a patient is enrolled by what was recorded, not by time alone"
            yield Problem(f"enrolment {n}", message, way.place)


def states_that_need_ticks(pathway: Pathway) -> Iterator[Problem]:
    """State rules that read today change by time alone; `ticks` must say on which days."""
    if pathway.ticks:
        return
    for n, rule in enumerate(pathway.rules, 1):
        if any(below.op == "today" for below in walk(rule.when)):
            message = (
                "reads today, but the pathway names no `ticks`, the days on which time alone changes a state"
            )
            yield Problem(f"rule {n} ({rule.state})", message, rule.place)
