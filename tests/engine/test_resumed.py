"""Which derivations may be gone on from, and what is left to be worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from engine.event import Event, Story
from engine.history import Ledger
from engine.replay import Enrolment, plan_of, replay_patient
from engine.resumed import Memory, lasts, sources
from pathways.graph import Node
from pathways.language import after_death, events, fact, today
from pathways.library import main_pathway
from tests.engine.telling import LAST, correction, d, retraction, story, told

SUSPECTED = told("e01", "metastasis_suspected", "2024-05-06")
BOARD = told("e02", "board_held", "2024-05-23", question="initial", decision="systemic_first")
VISIT = told("e03", "follow_up_visit", "2024-06-03")
DEATH = told("e03", "death", "2024-06-03")
TODAY = d("2024-06-10")


def goes_on(before: Story, after: Story, on: date = TODAY) -> bool:
    """Whether the derivation of one story, on a day that both are told by, is gone on from for another."""
    plan, _ = plan_of([Enrolment(main_pathway())], "main")
    earlier = plan.snapshots(Ledger(before, LAST), TODAY, None)
    return earlier.until(Ledger(after, LAST), on) is not None


@pytest.mark.parametrize(
    "new",
    [(), (VISIT,), (VISIT, told("e04", "follow_up_visit", "2024-06-04"))],
    ids=["nothing", "one entry", "two entries"],
)
def test_what_is_later_than_all_is_gone_on_to(new: tuple[Event, ...]) -> None:
    assert goes_on(story(SUSPECTED, BOARD), story(SUSPECTED, BOARD, *new))


@pytest.mark.parametrize(
    "after",
    [
        story(SUSPECTED, BOARD, VISIT, sex="male"),
        story(SUSPECTED, VISIT),
        story(SUSPECTED, told("e02", "board_held", "2024-05-23", question="mdt"), VISIT),
        story(SUSPECTED, BOARD, told("e03", "follow_up_visit", "2024-05-20")),
        story(SUSPECTED, BOARD, told("e03", "follow_up_visit", "2024-05-23", clock=time(17))),
        story(SUSPECTED, BOARD, told("e03", "follow_up_visit", "2024-06-11")),
        story(SUSPECTED, BOARD, correction("e03", "e02", "decision", "other", "2024-06-03")),
        story(SUSPECTED, BOARD, retraction("e03", "e01", "2024-06-03")),
        story(
            SUSPECTED,
            BOARD,
            told("e03", "board_held", "2024-05-23", question="initial", decision="systemic_first"),
        ),
        story(SUSPECTED, BOARD, DEATH, told("e04", "follow_up_visit", "2024-06-04")),
    ],
    ids=[
        "other facts",
        "an entry is gone",
        "an entry is another",
        "an earlier day",
        "the same day",
        "still to come",
        "a correction",
        "a retraction",
        "told twice",
        "after death",
    ],
)
def test_any_other_story_is_told_from_its_beginning(after: Story) -> None:
    assert not goes_on(story(SUSPECTED, BOARD), after)


def test_nothing_is_gone_on_from_that_asked_about_a_later_day() -> None:
    plan, _ = plan_of([Enrolment(main_pathway())], "main")
    earlier = plan.snapshots(Ledger(story(SUSPECTED, BOARD), LAST), TODAY, None)
    reaching = replace(earlier, furthest=VISIT.day.toordinal())
    after = Ledger(story(SUSPECTED, BOARD, VISIT), LAST)
    assert earlier.until(after, TODAY)
    assert reaching.until(after, TODAY) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (events("board_held", "death").exist().node, {"events board_held", "events death"}),
        (fact.flag("disease_stable").node, {"fact disease_stable"}),
        (today().node, None),
        (after_death().exist().node, None),
    ],
)
def test_what_is_looked_at(expression: Node, expected: set[str] | None) -> None:
    assert sources([expression]) == expected


def test_without_an_earlier_derivation_nothing_lasts() -> None:
    assert not lasts(frozenset(), None)


def test_a_memory_is_full_at_last_and_forgets_whoever_came_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.resumed._MOST", 2)
    memory = Memory()
    names = []
    for number in (1, 2, 3):
        one = story(told(f"e0{number}", "metastasis_suspected", "2024-05-06"))
        replay_patient([Enrolment(main_pathway())], one, TODAY, LAST, memory=memory)
        plan, _ = plan_of([Enrolment(main_pathway())], "main")
        names.append(memory.of((plan, True), one))
    assert [memory.take(name) is not None for name in names] == [False, True, True]
    assert memory.take(names[1]) is None
