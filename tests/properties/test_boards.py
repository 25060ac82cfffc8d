"""Law: candidates and what they lack are what a naive reading of the answer says, all names written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given, settings

from coordination.board_graph import boards
from coordination.candidates import candidates
from coordination.progress import known
from coordination.readiness import readiness
from engine.event import Event
from engine.snapshot import PatientSnapshot
from tests.properties.asking import CHOICES, LAST, Asked, enrolments, questions
from tests.properties.histories import Told, known_case, known_cases
from tests.properties.values import Raw

few = settings(max_examples=settings().max_examples // 6)

TAKEN: Final = {
    ("main", "board_initial"): "initial",
    ("main", "board_mdt"): "mdt",
    ("main", "board_oligoprogression"): "oligoprogression",
    ("receptors", "receptor_decision"): "other",
}
"""The steps of the library that a board takes, with the question."""

WAITING: Final = {
    ("main", "systemic_start", "g-board-initial"): "other",
    ("main", "mdt_start", "g-board-initial"): "other",
    ("main", "mdt_start", "g-liver-indication"): "other",
    ("primary", "primary_treat", "g-primary-exception"): "primary",
    ("contralateral_axilla", "axilla_decision", "g-axilla-regional"): "other",
}
"""Those that wait for one, by the condition."""

ANOTHER_CAN: Final = {
    "Symptoms, or a listed feature is present",
    "Symptoms, or no visceral disease",
    "No contralateral primary",
    "Earlier local therapy of the ipsilateral axilla",
    "Metachronous",
    "Alone, or with ipsilateral relapse only",
}
"""The clauses of these conditions that no board can meet."""


def naive(found: PatientSnapshot, events: list[Event]) -> set[tuple[str, str, str]]:
    """Pathway, step and question of everything that a board is to be asked."""
    asked: set[tuple[str, str, str]] = set()
    for part in found.pathways:
        taken = {
            (part.key, step.step, TAKEN[part.key, step.step])
            for step in part.steps
            if step.allowed and (part.key, step.step) in TAKEN
            if not _answered(events, TAKEN[part.key, step.step], found, part.key)
        }
        waiting = [
            (part.key, step.step, question)
            for (key, id, guard), question in WAITING.items()
            for step in part.steps
            if (key, id) == (part.key, step.step) and step.guards == (guard,) and not step.allowed
            if not {one.text for one in part.guards[guard].clauses if one.result != "pass"} & ANOTHER_CAN
            if question == "other" or not _answered(events, question, found, part.key)
        ]
        asked |= taken or set(waiting[:1])
    return asked


def _answered(events: list[Event], question: str, found: PatientSnapshot, key: str) -> bool:
    part = next(one for one in found.pathways if one.key == key)
    said = [e for e in events if e.type == "board_held" and e.fields.get("question") == question]
    if not said or said[-1].fields.get("decision") == "deferred":
        return False
    led_here = bool(part.trail) and part.trail[-1].event == said[-1].id
    return led_here or part.entered_on is None or said[-1].day >= part.entered_on


TELLING: Final = ("V01", "K051", "K181", "K281", "K288")
"""Known cases that come before every kind of board."""


def agreed(asked: Asked) -> set[tuple[str, str]]:
    """The steps for which a board is to be asked, after it was looked whether both say the same."""
    found = asked.snapshot()
    events = known(asked.story, found.known_at, found.as_of)
    told = candidates(enrolments(asked.settings), found.pathways, events)
    assert {(one.asked.pathway, one.asked.step.id, one.question) for one in told} == naive(found, events)
    return {(one.asked.pathway, one.asked.step.id) for one in told}


def before_boards(cases: Iterable[tuple[Raw, tuple[Raw, ...]]]) -> Iterator[Asked]:
    """Cases on the day before each of their boards, and on their last day."""
    for case in cases:
        story = Told(*case).story
        days = {one.day - timedelta(1) for one in story.entries if one.type == "board_held"}
        for day in sorted({*days, max((one.day for one in story.entries), default=LAST)}):
            yield Asked(story, day, LAST, CHOICES[0])


def test_candidates_are_those_of_a_naive_reading() -> None:
    seen = set().union(*(agreed(one) for one in before_boards(map(known_case, TELLING))))
    never = {("main", "systemic_start"), ("main", "mdt_start")}  # a step that a board takes is always offered
    assert seen == {*TAKEN, *(key[:2] for key in WAITING)} - never


@pytest.mark.soak
def test_candidates_are_those_of_a_naive_reading_in_every_known_case() -> None:
    for one in before_boards(known_cases()):
        agreed(one)


@pytest.mark.soak
@given(questions())
def test_candidates_are_those_of_a_naive_reading_of_any_story(asked: Asked) -> None:
    agreed(asked)


@few
@given(questions())
def test_what_is_unknown_is_never_ready(asked: Asked) -> None:
    found = asked.snapshot()
    events = known(asked.story, found.known_at, found.as_of)
    for enrolment, part in zip(enrolments(asked.settings), found.pathways, strict=True):
        forces = {one.id: [clause.force for clause in one.clauses] for one in enrolment.pathway.guards}
        for step in boards(enrolment.pathway).steps:
            ready = readiness(step, step.question, found.pathways, events, asked.story.facts, {})
            for datum in ready.data:
                verdict = part.guards[datum.id]
                assert verdict.result not in ("not_applicable", "replaced")
                results = [
                    one.result
                    for one, force in zip(verdict.clauses, forces[datum.id], strict=True)
                    if force != "info"
                ]
                unknown = "unknown" in results and verdict.result != "overruled"
                assert not (unknown and datum.ready)
                assert datum.ready or datum.unknown or datum.absent or datum.unmet
                assert datum.ready or verdict.result != "pass" or "pass" not in results
            assert ready.whole == all(one.ready for one in ready.data)
