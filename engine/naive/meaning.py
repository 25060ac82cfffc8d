"""What an expression gives, seen from one place: by its operator, from the values of its arguments.

Each operator of `pathways.operators` stands here once. Most are told by the values of their arguments; those
below ask their arguments themselves, because they give values to variables, look from another day, or choose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from engine.kleene import ABSENT
from engine.naive import lists, logic, story
from engine.naive.sight import Sight, Value
from pathways.graph import Node

OF_VALUES: dict[str, Callable[..., Value]] = {
    "constant": lambda node, sight: node.param("value"),
    "undetermined": lambda node, sight: None,
    "setting": lambda node, sight: sight.patient.settings[str(node.param("name"))],
    "today": lambda node, sight: sight.today,
    "variable": lambda node, sight: sight.elements[node.param("level")],
    "named": lambda node, sight, value: value,
    "fact": story.fact,
    "events": story.events,
    "duplicates": story.duplicates,
    "after_death": story.after_death,
    "ledger": story.ledger,
    "first": story.first,
    "latest": story.latest,
    "after": story.after,
    "before": story.before,
    "since": story.since,
    "until": story.until,
    "union": story.union,
    "just": story.just,
    "count": story.count,
    "exist": story.exist,
    "day": story.day,
    "documented": story.documented,
    "identity": story.identity,
    "field": story.field,
    "stated": story.stated,
    "target": story.target,
    "kind": story.kind,
    "written_before": story.written_before,
    "touched": story.touched,
    "triples": story.triples,
    "lesions": lists.lesions,
    "row_field": lists.row_field,
    "imaging_of": lists.imaging_of,
    "row_stated": lists.row_stated,
    "values": lists.values,
    "pairs": lists.pairs,
    "and": logic.conjunction,
    "or": logic.disjunction,
    "not": logic.negation,
    "sure": logic.sure,
    "known": logic.known,
    "there": logic.there,
    "equal": logic.equal,
    "at_least": logic.at_least,
    "above": logic.above,
    "one_of": logic.one_of,
    "contains": logic.contains,
    "overlaps": logic.overlaps,
    "within": logic.within,
    "differs": logic.differs,
    "add_months": logic.add_months,
    "add_days": logic.add_days,
    "later": logic.later,
    "earlier": logic.earlier,
    "age": logic.age,
    "span": logic.span,
    "plus": logic.plus,
    "times": logic.times,
    "grid": lists.grid,
    "join": lists.join,
    "last_date": lists.last_date,
    "reach": lists.reach,
    "assigned": lists.assigned,
    "matched": lists.matched,
    "outcome": logic.outcome,
    "passing": logic.passing,
    "is_outcome": logic.is_outcome,
}


def value(node: Node, sight: Sight) -> Value:
    """The value of an expression; None is unknown, ABSENT is not there."""
    if node.op in OF_ARGUMENTS:
        return OF_ARGUMENTS[node.op](node, sight)
    return OF_VALUES[node.op](node, sight, *(value(arg, sight) for arg in node.args))


def tested(node: Node, sight: Sight) -> list[tuple[Value, Value]] | None:
    """Each element of a list with what the condition says of it; None where the list is unknown."""
    many, condition = node.args
    elements = value(many, sight)
    if elements is None:
        return None
    level = _level(node)
    return [(one, value(condition, sight.having(level, one))) for one in elements or ()]


def where(node: Node, sight: Sight) -> tuple[Value, ...] | None:
    found = tested(node, sight)
    return None if found is None else tuple(element for element, holds in found if holds is True)


def chain(node: Node, sight: Sight) -> tuple[Value, ...]:
    """Those that go on from the last that did: the condition is told that one (not there at first) and the
    next.
    """
    kept: list[Value] = []
    for element in value(node.args[0], sight):
        last = kept[-1] if kept else ABSENT
        if value(node.args[1], sight.having(_level(node), last, element)) is True:
            kept.append(element)
    return tuple(kept)


def sure_count(node: Node, sight: Sight) -> int | None:
    """Those of which it is true."""
    found = tested(node, sight)
    return None if found is None else sum(holds is True for _, holds in found)


def possible_count(node: Node, sight: Sight) -> int | None:
    """Those of which it is true, and those of which it is unknown."""
    found = tested(node, sight)
    return None if found is None else sum(holds is True or holds is None for _, holds in found)


def for_any(node: Node, sight: Sight) -> bool | None:
    """Of an unknown list nothing can be said; of none it is false."""
    found = tested(node, sight)
    return None if found is None else logic.disjunction(node, sight, *(holds for _, holds in found))


def for_all(node: Node, sight: Sight) -> bool | None:
    found = tested(node, sight)
    return None if found is None else logic.conjunction(node, sight, *(holds for _, holds in found))


def case(node: Node, sight: Sight) -> Value:
    """The value of the first condition that is true; unknown where one before it is unknown."""
    chosen = choice(node, sight)
    return None if chosen is None else value(chosen, sight)


def choice(node: Node, sight: Sight) -> Node | None:
    """The value that a case comes to; None where an unknown condition leaves that open."""
    *cases, otherwise = node.args
    for condition, chosen in zip(cases[::2], cases[1::2], strict=True):
        holds = value(condition, sight)
        if holds is None:
            return None
        if holds is True:
            return chosen
    return otherwise


def another_day(node: Node, sight: Sight) -> Value:
    """As it was on that day: unknown for an unknown day; on a day that never came nothing is there."""
    there = elsewhere(node, sight)
    if there is not None:
        return value(node.args[0], there)
    nothing: dict[str, Value] = {"events": (), "rows": (), "dates": (), "matches": {}}
    return None if value(node.args[1], sight) is None else nothing.get(node.type, ABSENT)


def elsewhere(node: Node, sight: Sight) -> Sight | None:
    """The day of which `seen` (with what was documented then) or `hindsight` (with what is known) speaks."""
    day = value(node.args[1], sight)
    if not isinstance(day, date):
        return None
    patient = sight.patient
    there = patient.documented_by(day) if node.op == "seen" else patient.on(day, sight.known)
    return replace(there, elements=sight.elements)


def _level(node: Node) -> int:
    level = node.param("level")
    assert isinstance(level, int)
    return level


OF_ARGUMENTS: dict[str, Callable[[Node, Sight], Value]] = {
    "where": where,
    "chain": chain,
    "select": where,
    "sure_count": sure_count,
    "possible_count": possible_count,
    "any": for_any,
    "all": for_all,
    "case": case,
    "seen": another_day,
    "hindsight": another_day,
}
