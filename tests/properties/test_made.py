"""The generated pathways are what they promise: without a problem, and with everything a pathway can hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import product
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from engine.evidence import Shown
from engine.reached import reached
from engine.replay import Enrolment, evidence_shown, replay_patient
from pathways import pathway as declarations
from pathways.check import check
from pathways.graph import Node, walk
from pathways.guidelines.catalogue import load_catalogue
from pathways.operators import OPERATORS
from pathways.outcomes import Outcome
from pathways.pathway import Pathway
from pathways.roots import roots
from pathways.vocabulary import load_vocabulary
from tests.engine.toys import BASE
from tests.properties.histories import course
from tests.properties.made import held_guards, pathways

TOLD_ONLY: Final = {
    ("Clause", "conflict"),
    ("Pathway", "remarks"),
    ("Rule", "note"),
    ("Step", "taken_by"),
    ("Transition", "condition"),
}
"""Words for readers: no answer depends on them."""
PATHWAYS: Final = 30
TURNS: Final = 5


Drawn = TypeVar("Drawn")
Anything = TypeVar("Anything")


def sample(strategy: st.SearchStrategy[Drawn], count: int, turn: int = 0) -> list[Drawn]:
    """Others in each turn. Hypothesis also draws constants of the modules that are loaded: so a turn alone
    is not the same in every run, and what must occur may do so in one of `TURNS`.
    """
    found: list[Drawn] = []

    @seed(7 + turn)
    @settings(
        max_examples=count,
        derandomize=False,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(strategy)
    def gather(one: Drawn) -> None:
        found.append(one)

    gather()
    return found


@cache
def generated(turn: int = 0) -> tuple[Pathway, ...]:
    return tuple(sample(pathways(), PATHWAYS, turn))


def after_turns(missing: Callable[[int], set[Anything]]) -> set[Anything]:
    """What is missing in every turn; no more turns are taken than are needed."""
    left = missing(0)
    for turn in range(1, TURNS):
        if not left:
            break
        left &= missing(turn)
    return left


def operators(made: Sequence[Pathway]) -> set[str]:
    return {one.op for pathway in made for one in walk(*roots(pathway))}


Part = tuple[str, str]
"""A kind of declaration and one of its fields."""


def parts_declared() -> set[Part]:
    kinds = [kind for _, kind in inspect.getmembers(declarations, inspect.isclass) if is_dataclass(kind)]
    own = [kind for kind in kinds if kind.__module__ == declarations.__name__]
    return {(kind.__name__, field.name) for kind in own for field in fields(kind) if field.name != "place"}


def parts_stated(one: Any) -> Iterator[Part]:
    """The fields that hold something, of a declaration and of all below it."""
    if isinstance(one, tuple):
        for element in one:
            yield from parts_stated(element)
    elif is_dataclass(one) and not isinstance(one, Node):
        for field in fields(one):
            value = getattr(one, field.name)
            if value:
                yield type(one).__name__, field.name
                yield from parts_stated(value)


def never_stated(made: Sequence[Pathway]) -> set[Part]:
    stated = {part for pathway in made for part in parts_stated(pathway)}
    return parts_declared() - stated - TOLD_ONLY


def test_generated_pathways_have_no_problem() -> None:
    catalogue, vocabulary = load_catalogue().statements, load_vocabulary()
    assert [problem for made in generated() for problem in check(made, catalogue, vocabulary)] == []


def test_every_operator_occurs() -> None:
    """The guard of each pathway that asks by some operators comes to ask by all."""

    def missing(turn: int) -> set[str]:
        guards = sample(held_guards(), 120, turn)
        return set(OPERATORS) - operators([replace(BASE, guards=(guard,)) for guard in guards])

    assert after_turns(missing) == set()


def test_every_part_of_every_declaration_is_stated_somewhere() -> None:
    assert after_turns(lambda turn: never_stated(generated(turn))) == set()


def test_what_has_no_generator_is_found() -> None:
    """A pathway without timers, asking little: these two checks would not let it pass for all there is."""
    assert set(OPERATORS) - operators([BASE]) >= {"seen", "grid", "chain"}
    assert never_stated([BASE]) >= {("Pathway", "timers"), ("Timer", "due"), ("Guard", "clauses")}


def unreached(wanted: set[tuple[str, str]], turn: int) -> set[tuple[str, str]]:
    """Those of these kinds of declarations with their results that no course comes to."""
    left = set(wanted)
    for made in generated(turn):
        if not left:
            break
        left -= {(one.kind, one.result) for one in _reached(made)}
    return left


def _reached(made: Pathway) -> Iterator[Outcome]:
    """Outcomes some days before and after the last entry of some courses."""
    for number, days in product((10, 30, 50, 70), (-150, 1, 5, 70)):
        story = course(number).story
        question = ([Enrolment(made)], story, story.entries[-1].day + timedelta(days), date.max)
        shown: Sequence[Shown] = evidence_shown(*question)[made.key]
        yield from reached(made, replay_patient(*question).main, shown)


def test_generated_pathways_come_to_everything() -> None:
    wanted = {
        "guard": {"pass", "fail", "unknown", "not_applicable", "replaced", "overruled"},
        "clause": {"pass", "fail", "unknown"},
        "step": {"allowed", "blocked", "closed"},
        "timer": {"scheduled", "open", "overdue", "escalated", "done", "done_late", "cancelled"},
        "deviation": {"open", "closed", "final", "overruled", "retrospective"},
        "display": {"shown", "not shown", "met", "not_met", "unknown", "value", "no value"},
    }
    every = {(kind, one) for kind, results in wanted.items() for one in results}
    assert after_turns(partial(unreached, every)) == set()
