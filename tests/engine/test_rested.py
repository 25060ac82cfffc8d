"""Decisions that rested on what was changed afterwards: which, what held then, and what would hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.event import Event, Story
from engine.replay import Enrolment
from engine.rested import Judged, RestedDecision, rested_decisions
from interop.case import Case
from interop.case_file import read_cases
from pathways.declare import offered_in, rule, step
from pathways.language import events, yes
from pathways.library import main_pathway
from pathways.pathway import Pathway
from tests.engine.telling import correction, d, retraction, told
from tests.engine.toys import asking, toy

confirmed = asking("g-response", events("response_assessed").where(overall="PR").exist())
reviewed = asking("g-reviewed", events("imaging_history_reviewed").exist())
remark = asking("g-remark", events("response_assessed").exist(), force="info")
offers = [offered_in("waiting")]
TOY = toy(
    guards=(confirmed, reviewed, remark),
    steps=(
        step("treat", "Treat", offers, [confirmed, reviewed, remark], taken_by=["mdt_started"]),
        step("look", "Look", offers, [confirmed], taken_by=["imaging_done"]),
    ),
)
RESPONSE = told("e1", "response_assessed", "2025-01-10", overall="PR")
TREATED = told("e3", "mdt_started", "2025-02-01", targets=("L1",))
LATER = told("e4", "mdt_started", "2025-04-01", targets=("L2",))


def rested(
    before: Sequence[Event], *new: Event, pathway: Pathway = TOY, as_of: str = "2030-01-01"
) -> tuple[RestedDecision, ...]:
    told = Story({}, tuple(before))
    return rested_decisions([Enrolment(pathway)], told, Story({}, (*before, *new)), d(as_of))


def test_a_correction_tells_what_held_then_and_what_would_now() -> None:
    change = correction("c1", "e1", "overall", "PD", "2025-03-01")
    (found,) = rested([RESPONSE, TREATED], change)
    assert (found.pathway, found.event, found.type, found.on) == ("toy", "e3", "mdt_started", d("2025-02-01"))
    assert found.guards == (Judged("g-response", "g-response", "pass", "fail"),)
    assert (found.state_then, found.state_now, found.turned) == ("waiting", "waiting", True)


def test_a_correction_that_turns_nothing_is_told_all_the_same() -> None:
    (found,) = rested([RESPONSE, TREATED], correction("c1", "e1", "date", d("2025-01-11"), "2025-03-01"))
    assert found.guards == (Judged("g-response", "g-response", "pass", "pass"),)
    assert not found.turned


def test_a_note_concerns_no_decision() -> None:
    assert rested([RESPONSE, TREATED], correction("c1", "e1", "note", "x", "2025-03-01")) == ()


def test_a_retraction_and_one_that_takes_a_correction_back() -> None:
    gone = retraction("r1", "e1", "2025-03-01")
    (found,) = rested([RESPONSE, TREATED], gone)
    assert found.guards == (Judged("g-response", "g-response", "pass", "fail"),)
    (back,) = rested([RESPONSE, TREATED, gone], retraction("r2", "r1", "2025-03-02"))
    assert (back.guards, back.turned) == ((Judged("g-response", "g-response", "pass", "pass"),), False)


def test_a_late_entry_is_told_where_it_turns_something() -> None:
    review = told("e2", "imaging_history_reviewed", "2025-01-20", recorded="2025-03-01")
    (found,) = rested([RESPONSE, TREATED], review)
    assert found.guards == (Judged("g-reviewed", "g-reviewed", "fail", "pass"),)
    assert rested([RESPONSE, TREATED], told("e5", "death", "2025-05-01")) == ()
    assert rested([RESPONSE, TREATED], told("e5", "tissue_result", "2025-01-20", recorded="2025-03-01")) == ()


def test_what_was_documented_too_late_was_not_known_then() -> None:
    """The response was in writing only after the treatment: nothing rested on it, and its loss turns
    nothing."""
    late = replace(RESPONSE, documented=d("2025-02-10"), recorded=d("2025-02-10"))
    assert rested([late, TREATED], retraction("r1", "e1", "2025-03-01")) == ()


def test_what_was_not_known_where_it_was_taken() -> None:
    """Another record told of the response, and was merged later: nothing rested on it when it is gone."""
    before = Story({}, (RESPONSE, TREATED))
    alone = Story({}, (TREATED,))
    assert rested_decisions([Enrolment(TOY)], before, alone, d("2030-01-01"), alone) == ()
    (found,) = rested_decisions([Enrolment(TOY)], before, alone, d("2030-01-01"))
    assert found.guards == (Judged("g-response", "g-response", "pass", "fail"),)


def test_only_decisions_up_to_the_day_and_not_the_corrected_one_itself() -> None:
    gone = retraction("r1", "e1", "2025-05-01")
    assert [one.event for one in rested([RESPONSE, TREATED, LATER], gone)] == ["e3", "e4"]
    assert [one.event for one in rested([RESPONSE, TREATED, LATER], gone, as_of="2025-03-01")] == ["e3"]
    assert rested([RESPONSE, TREATED], retraction("r1", "e3", "2025-05-01")) == ()


def test_the_order_of_decisions_follows_their_corrected_days() -> None:
    """Moved before the response, the treatment did not rest on it."""
    moved = correction("c1", "e3", "date", d("2025-01-01"), "2025-02-02")
    assert rested([RESPONSE, TREATED, moved], retraction("r1", "e1", "2025-05-01")) == ()


def test_a_decision_before_which_the_patient_stood_elsewhere() -> None:
    """The step has no condition; what turned is where it was taken."""
    board = step("board", "Board", [offered_in("treated")], taken_by=["board_held"])
    moving = toy(steps=(board,))
    meeting = told("e5", "board_held", "2025-03-01", question="other")
    (found,) = rested([TREATED, meeting], retraction("r1", "e3", "2025-05-01"), pathway=moving)
    assert (found.event, found.state_then, found.state_now) == ("e5", "treated", "waiting")
    assert found.turned
    assert rested([TREATED, meeting], retraction("r1", "e5", "2025-05-01"), pathway=moving) == ()


def test_a_decision_off_the_pathway_is_asked_by_every_step_it_may_have_been() -> None:
    elsewhere = toy(
        guards=(confirmed,),
        rules=(rule("treated", yes()),),
        steps=(step("treat", "Treat", offers, [confirmed], taken_by=["mdt_started"]),),
    )
    (found,) = rested([RESPONSE, TREATED], retraction("r1", "e1", "2025-03-01"), pathway=elsewhere)
    assert found.guards == (Judged("g-response", "g-response", "pass", "fail"),)


def test_a_fact_learned_later_reaches_back_to_every_decision() -> None:
    before, after = (Story(facts, (RESPONSE, TREATED)) for facts in ({}, {"sex": "female"}))
    assert rested_decisions([Enrolment(TOY)], before, after, d("2030-01-01")) == ()
    assert rested_decisions([Enrolment(TOY)], before, before, d("2030-01-01")) == ()


@pytest.fixture(scope="module")
def counted_again() -> Case:
    """Five lesions were counted when the board decided; a sixth was added six days later."""
    file = Path(__file__).parents[1] / "examples" / "lesion-count-corrected-after-board.yaml"
    (case,) = read_cases(file)
    assert isinstance(case, Case)
    return case


def test_the_board_and_the_counselling_rested_on_the_count(counted_again: Case) -> None:
    story = counted_again.story
    before = replace(story, entries=tuple(e for e in story.entries if e.type != "correction"))
    board, counselling = rested_decisions([Enrolment(main_pathway())], before, story, d("2025-02-01"))
    assert (board.event, board.state_then, board.state_now) == (
        "e10",
        "board_mdt_review",
        "not_oligometastatic",
    )
    assert (counselling.event, counselling.state_then, counselling.state_now) == (
        "e12",
        "counselling",
        "board_mdt_review",
    )
