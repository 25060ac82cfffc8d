"""Law: the evaluator that ships and the naive one give the same answer, in full (docs/decisions/0014)."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.event import Event
from engine.naive.meaning import OF_ARGUMENTS, OF_VALUES
from engine.replay import Enrolment
from pathways.library import all_pathways
from pathways.operators import OPERATORS
from pathways.pathway import Pathway
from pathways.settings import Settings
from tests.properties.asking import CHOICES, LAST, Asked, enrolments, fact_corrections, questions
from tests.properties.both import differing, disagreements
from tests.properties.histories import Told, known_cases
from tests.properties.made import pathways

COMPANIONS: Final = all_pathways()[1:]
fewer: Final = settings(max_examples=settings().max_examples // 5)
"""Fifteen pathways take the naive evaluator about half a second."""


def known(step: int, start: int = 0) -> list[Asked]:
    """Examples and vignettes as they are, each some days after its last entry, under a choice of settings."""
    found = []
    for number, (facts, events) in list(enumerate(known_cases()))[start::step]:
        story = Told(facts, events).story
        as_of = max((entry.day for entry in story.entries), default=LAST)
        found.append(Asked(story, as_of, LAST, CHOICES[number % len(CHOICES)]))
    return found


def test_the_naive_evaluator_knows_every_operator_once() -> None:
    assert sorted((*OF_VALUES, *OF_ARGUMENTS)) == sorted(OPERATORS)


@pytest.mark.parametrize("asked", known(step=160), ids=lambda asked: asked.as_of.isoformat())
def test_they_agree_on_examples_and_vignettes(asked: Asked) -> None:
    assert disagreements(enrolments(asked.settings), asked) == []


@pytest.mark.soak
def test_they_agree_on_all_examples_and_vignettes() -> None:
    for asked in known(step=1):
        assert disagreements(enrolments(asked.settings), asked) == []


@fewer
@given(questions())
def test_they_agree_on_the_library(asked: Asked) -> None:
    assert disagreements(enrolments(asked.settings), asked) == []


@given(questions(), st.sampled_from(COMPANIONS))
def test_they_agree_on_one_pathway_alone(asked: Asked, pathway: Pathway) -> None:
    """What pathways share in one replay must not be what makes the answer right."""
    assert disagreements([Enrolment(pathway, asked.settings)], asked) == []


@fewer
@given(questions(), fact_corrections(), st.sampled_from(all_pathways()))
def test_they_agree_on_facts_that_were_corrected(asked: Asked, change: Event, pathway: Pathway) -> None:
    corrected = asked.of([*asked.story.entries, change])
    assert disagreements([Enrolment(pathway, asked.settings)], corrected) == []


@given(pathways(), questions())
def test_they_agree_on_generated_pathways(pathway: Pathway, asked: Asked) -> None:
    assert disagreements([Enrolment(pathway, asked.settings)], asked) == []


@fewer
@given(pathways(), questions(), st.sampled_from(CHOICES))
def test_they_agree_where_each_pathway_has_its_own_settings(
    pathway: Pathway, asked: Asked, others: Settings
) -> None:
    enrolled = [Enrolment(COMPANIONS[0], others), Enrolment(pathway, asked.settings)]
    assert disagreements(enrolled, asked) == []


def test_a_disagreement_is_found_wherever_it_is() -> None:
    first = known(step=160)[0]
    ours, theirs = first.snapshot(), first.on(LAST).snapshot()
    assert any("timers" in one for one in differing(ours, theirs, "snapshot"))
    assert list(differing({"a": [1, 2]}, {"a": [1, 3]}, "x")) == ["x[a][1]: shipping 2, naive 3"]
