"""Every expression a pathway holds, in the order of its declarations."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.graph import Node
from pathways.pathway import DeviationRule, Pathway, Timer


def roots(pathway: Pathway) -> tuple[Node, ...]:
    """All expressions of a pathway; the same one may come more than once."""
    return (*answer_roots(pathway), *display_roots(pathway))


def answer_roots(pathway: Pathway) -> tuple[Node, ...]:
    """The expressions on which a snapshot rests: all but those of the displays."""
    return tuple(n for n in _answering(pathway) if n is not None)


def display_roots(pathway: Pathway) -> tuple[Node, ...]:
    """The expressions of the displays."""
    held = (node for one in pathway.displays for node in (one.applies, one.feature, one.value))
    return tuple(n for n in held if n is not None)


def _answering(pathway: Pathway) -> Iterator[Node | None]:
    yield from (rule.when for rule in pathway.rules)
    for guard in pathway.guards:
        yield from (guard.outcome, guard.hard, *(c.test for c in guard.clauses))
    yield from (offer.when for step in pathway.steps for offer in step.offers)
    for timer in pathway.timers:
        yield from timer_roots(timer)
    for rule in pathway.deviations:
        yield from deviation_roots(rule)
    for profile in pathway.profiles:
        yield from (profile.result, *(c.test for c in profile.criteria))
    for named in (pathway.facts, pathway.open_questions):
        yield from (node for _, node in named)
    yield from (*pathway.ticks, pathway.left, pathway.returned)
    yield from (way.test for way in pathway.enrols)
    if pathway.question is not None:
        yield pathway.question.settled_by


def timer_roots(timer: Timer) -> Iterator[Node | None]:
    yield from (timer.exists, timer.each, timer.opens, timer.due, timer.grace)
    yield from (timer.done, timer.ends, timer.closes, *timer.anchor)


def deviation_roots(rule: DeviationRule) -> Iterator[Node | None]:
    yield from (rule.each, rule.raised, *rule.events)
    yield from (node for _, node in rule.statuses)
