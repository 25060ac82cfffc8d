"""How a step is judged afterwards: by what was documented that day, and in hindsight (outline 1.4, R31)."""

from __future__ import annotations

from pathways.declare import deviation
from pathways.language import (
    Bool,
    Each,
    Events,
    OneEvent,
    for_each,
)
from pathways.library import course
from pathways.pathway import DeviationRule

_each_start, _start = for_each(course.mdt_starts)


def process_step(
    code: str,
    title: str,
    severity: str,
    *,
    missed: Bool,
    statements: tuple[str, ...],
    guard: str,
    each: Each = _each_start,
    step: OneEvent = _start,
    proof: OneEvent,
    fulfilment: OneEvent | Events | None = None,
    shown: tuple[OneEvent | Events, ...] = (),
    met: Bool | None = None,
    dated: bool = False,
) -> tuple[DeviationRule, DeviationRule]:
    """A process duty missed at a step, judged by what was documented that day (R31).

    Proof documented later that the duty was met by that day closes it; the proof itself then is a closed late
    entry. `dated` duties rest on a date that is a fact too: when only later knowledge shows the miss, it is
    retrospective. `met` is what later proof must show, where that is more than the opposite of the miss;
    `shown` are the events to name, where they are not the step and its late fulfilment.
    """
    then = missed.seen(step.day).sure()
    afterwards = missed.hindsight(step.day)
    disproved = (~missed if met is None else met).hindsight(step.day).sure()
    named = shown or ((step,) if fulfilment is None else (step, fulfilment))
    rule = deviation(
        code,
        title,
        severity,
        each=each,
        raised=then | afterwards.sure() if dated else then,
        events=named,
        statuses=(
            ("overruled", course.overruled(guard).seen(step.day)),
            ("closed", disproved),
            *((("retrospective", ~then),) if dated else ()),
        ),
        statements=statements,
    )
    late = deviation(
        "q-late-entry",
        "Proof documented after the step",
        "data",
        each=each,
        raised=then & disproved,
        otherwise="closed",
        events=(proof.hindsight(step.day),),
    )
    return (rule, late)


def fact_step(
    code: str,
    title: str,
    severity: str,
    *,
    each: Each,
    step: OneEvent,
    against: Bool,
    events: tuple[OneEvent | Events, ...],
    statements: tuple[str, ...],
    guard: str = "",
) -> DeviationRule:
    """A fact against a step; known only afterwards it is retrospective and not charged (1.4, R31)."""
    then = against.seen(step.day).sure()
    later = against.hindsight(step.day).sure()
    overruled = (("overruled", course.overruled(guard).seen(step.day)),) if guard else ()
    return deviation(
        code,
        title,
        severity,
        each=each,
        raised=then | later,
        events=events,
        statuses=(*overruled, ("retrospective", ~then)),
        statements=statements,
    )


def fact_based(
    code: str,
    title: str,
    severity: str,
    *,
    against: Bool,
    statements: tuple[str, ...],
    guard: str,
    shown: OneEvent,
) -> DeviationRule:
    """A fact against the start of metastasis-directed therapy."""
    return fact_step(
        code,
        title,
        severity,
        each=_each_start,
        step=_start,
        against=against,
        events=(shown.hindsight(_start.day), _start),
        statements=statements,
        guard=guard,
    )
