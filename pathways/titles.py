"""Codes in the words of the pathways that ship; what no pathway knows is told by its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from pathways.library import all_pathways, main_pathway
from pathways.pathway import Pathway
from pathways.vocabulary import FieldSet, load_vocabulary


def state_title(state: str, pathway: str | Pathway | None = None) -> str:
    """A state of a pathway (by its key, if it ships; else the main one) in words."""
    if isinstance(pathway, Pathway):
        titles: Mapping[str, str] = {one.id: one.title for one in pathway.states}
    else:
        titles = _states(pathway or main_pathway().key)
    return titles.get(state, state.replace("_", " "))


def step_title(step: str) -> str:
    """A step in words."""
    return _titles().get(step, step.replace("_", " "))


def timer_title(item: str) -> str:
    """A due item in words."""
    return _titles().get(item, item)


def guard_title(guard: str) -> str:
    """A condition in words."""
    return _titles().get(guard, guard)


def pathway_title(key: str) -> str:
    """A pathway by its key, in words."""
    return next((one.title for one in all_pathways() if one.key == key), key)


def known_states() -> tuple[str, ...]:
    """The states of the main pathway."""
    return tuple(_states(main_pathway().key))


@cache
def closed_states() -> tuple[str, ...]:
    """Those of them in which there are no duties any more."""
    return tuple(state.id for state in main_pathway().states if state.closed)


def known_deviations() -> tuple[str, ...]:
    """The codes of every deviation and remark on the data."""
    rules = [rule.code for one in all_pathways() for rule in one.deviations]
    questions = [one.question.code for one in all_pathways() if one.question]
    return tuple(dict.fromkeys((*rules, *questions)))


@cache
def known_codes() -> frozenset[str]:
    """Every code that the vocabulary has in some place."""
    vocabulary = load_vocabulary()
    sets = [vocabulary.lesion, vocabulary.facts, *(one.fields for one in vocabulary.events.values())]
    return frozenset(chain.from_iterable(_codes(fields) for fields in sets))


def _codes(fields: FieldSet) -> Iterator[str]:
    for field in fields.values():
        yield from field.codes
        yield from field.codes_known
        yield from _codes(field.of) if field.of is not None else ()


@cache
def _states(key: str) -> Mapping[str, str]:
    return {state.id: state.title for one in all_pathways() if one.key == key for state in one.states}


@cache
def _titles() -> Mapping[str, str]:
    """Steps, timers and guards; where two pathways share an id, the main one's."""
    return dict(reversed(list(_named())))


def _named() -> Iterator[tuple[str, str]]:
    for pathway in all_pathways():
        yield from ((step.id, step.title) for step in pathway.steps)
        yield from ((timer.id, timer.title) for timer in pathway.timers)
        yield from ((guard.id, guard.title) for guard in pathway.guards)
