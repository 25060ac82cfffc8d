"""Every expression of a pathway, with the declaration it stands in and the type that is wanted there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathways.graph import Node, Place
from pathways.pathway import DeviationRule, Display, Pathway, Profile, Step, Timer

ANYTHING: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """An expression where it is held, the types allowed there, and the list whose element it may use."""

    where: str
    place: Place | None
    node: Node
    types: tuple[str, ...]
    each: Node | None = None


def held(pathway: Pathway) -> Iterator[Held]:
    """Every expression, in the order of the declarations."""
    for n, rule in enumerate(pathway.rules, 1):
        yield Held(f"rule {n} ({rule.state})", rule.place, rule.when, ("bool",))
    yield from _of_guards(pathway)
    for step in pathway.steps:
        yield from _of_step(step)
    for timer in pathway.timers:
        yield from _of_timer(timer)
    for deviation in pathway.deviations:
        yield from _of_deviation(deviation)
    for display in pathway.displays:
        yield from _of_display(display)
    yield from _of_pathway(pathway)


def nodes_held(pathway: Pathway) -> Iterator[tuple[Held, Node]]:
    """Every node once, with the first expression that holds it."""
    seen: set[Node] = set()
    for one in held(pathway):
        stack = [one.node]
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                yield one, node
                stack.extend(reversed(node.args))


def _of_guards(pathway: Pathway) -> Iterator[Held]:
    for guard in pathway.guards:
        for n, clause in enumerate(guard.clauses, 1):
            yield Held(f"guard {guard.id}, clause {n}", clause.place, clause.test, ("bool",))
        for node in (guard.outcome, guard.hard):
            yield Held(f"guard {guard.id}", guard.place, node, ("outcome",))


def _of_step(step: Step) -> Iterator[Held]:
    for offer in step.offers:
        if offer.when is not None:
            yield Held(f"step {step.id}", step.place, offer.when, ("bool",))


_TIMER_PARTS = {
    "exists": "bool",
    "opens": "date",
    "due": "date",
    "grace": "number",
    "done": "event",
    "ends": "date",
    "closes": "date",
}
_LISTS = ("events", "rows", "codes", "dates")
_EVENTS = ("event", "events")


def _of_timer(timer: Timer) -> Iterator[Held]:
    where = f"timer {timer.id}"
    if timer.each is not None:
        yield Held(f"{where}, for each", timer.place, timer.each, _LISTS)
    for part, type in _TIMER_PARTS.items():
        node: Node | None = getattr(timer, part)
        if node is not None:
            yield Held(f"{where}, {part}", timer.place, node, (type,), timer.each)
    for node in timer.anchor:
        yield Held(f"{where}, anchor", timer.place, node, _EVENTS, timer.each)


def _of_deviation(rule: DeviationRule) -> Iterator[Held]:
    where = f"deviation {rule.code}"
    if rule.each is not None:
        yield Held(f"{where}, for each", rule.place, rule.each, _LISTS)
    if rule.raised is not None:
        yield Held(f"{where}, raised", rule.place, rule.raised, ("bool",), rule.each)
    for status, node in rule.statuses:
        yield Held(f"{where}, status {status}", rule.place, node, ("bool",), rule.each)
    for node in rule.events:
        yield Held(f"{where}, events", rule.place, node, _EVENTS, rule.each)


def _of_display(display: Display) -> Iterator[Held]:
    where = f"display {display.id}"
    for part, node, types in (
        ("applies", display.applies, ("bool",)),
        ("feature", display.feature, ("bool",)),
        ("value", display.value, ANYTHING),
    ):
        if node is not None:
            yield Held(f"{where}, {part}", display.place, node, types)


def _of_profile(profile: Profile) -> Iterator[Held]:
    for n, criterion in enumerate(profile.criteria, 1):
        yield Held(f"profile {profile.id}, criterion {n}", criterion.place, criterion.test, ("bool",))
    yield Held(f"profile {profile.id}", profile.place, profile.result, ("code",))


def _of_pathway(pathway: Pathway) -> Iterator[Held]:
    for profile in pathway.profiles:
        yield from _of_profile(profile)
    for kind, nodes, types in (
        ("fact", pathway.facts, ANYTHING),
        ("open question", pathway.open_questions, ("bool",)),
    ):
        yield from (Held(f"{kind} {name!r}", pathway.place, node, types) for name, node in nodes)
    yield from (Held(f"tick {n}", pathway.place, node, ("date",)) for n, node in enumerate(pathway.ticks, 1))
    for part in ("left", "returned"):
        node: Node | None = getattr(pathway, part)
        if node is not None:
            yield Held(f"pathway {pathway.id}, {part}", pathway.place, node, ("date",))
    yield from (Held(f"enrolment {n}", e.place, e.test, ("bool",)) for n, e in enumerate(pathway.enrols, 1))
    if pathway.question is not None:
        yield Held("the data question", pathway.place, pathway.question.settled_by, ("events",))
