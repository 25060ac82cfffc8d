"""Which outcomes a snapshot shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.event import Event
from engine.profiles import profiles_side_by_side
from engine.reached import reached
from engine.replay import Enrolment, evidence_shown, replay_patient
from pathways.declare import clause, profile
from pathways.outcomes import Outcome, outcomes
from pathways.pathway import Pathway
from tests.engine.telling import d, story, told
from tests.pathways.sample import PATHWAY, most

AS_OF: Final = "2025-03-01"
_LESION: Final = {"id": "L1", "organ": "bone", "status": "active"}
BOARD: Final = told("board", "board_held", "2025-01-02", question="mdt", decision="recommended")
STABLE: Final = told("stable", "response_assessed", "2025-01-03", overall="SD")
IMAGED: Final = told("ct", "imaging_done", "2025-01-01", lesions=(_LESION,))
STARTED: Final = told("start", "mdt_started", "2025-01-10", targets=("L1",), modality="rfa")
DIED: Final = told("death", "death", "2025-02-01")


def found(*entries: Event, pathway: Pathway = PATHWAY) -> set[tuple[str, str, str]]:
    """What a view of these entries shows; every outcome of it is one that the pathway can come to."""
    asked, patient = [Enrolment(pathway)], story(*entries, sex="female")
    snapshot = replay_patient(asked, patient, d(AS_OF), d(AS_OF)).main
    shown = evidence_shown(asked, patient, d(AS_OF), d(AS_OF))[pathway.key]
    profiles = profiles_side_by_side(asked, patient, d(AS_OF), d(AS_OF))
    outcomes_found = reached(pathway, snapshot, shown, profiles)
    assert outcomes_found <= set(outcomes(pathway))
    return {(o.kind, o.id, o.result) for o in outcomes_found}


def test_state_step_guard_and_clauses() -> None:
    told_now = found(IMAGED, STABLE)
    assert ("state", "waiting", "reached") in told_now
    assert ("step", "treat", "blocked") in told_now
    assert ("guard", "g-board", "fail") in told_now
    assert {("clause", f"g-board {n}", r) for n, r in ((1, "fail"), (2, "pass"), (3, "pass"))} <= told_now
    assert ("step", "treat", "allowed") in found(BOARD, IMAGED, STABLE)


def test_dates_and_deviations() -> None:
    told_now = found(BOARD, IMAGED, STABLE, STARTED)
    assert ("state", "treated", "reached") in told_now
    assert ("timer", "t-scan", "open") in told_now
    assert ("deviation", "d-no-board", "final") in found(STARTED)


def test_after_the_end_steps_are_closed() -> None:
    assert ("step", "treat", "closed") in found(IMAGED, DIED)


def test_a_state_in_which_a_step_is_never_allowed_blocks_it() -> None:
    never = replace(PATHWAY.steps[0], guards=(), blocked_in=("waiting",))
    assert ("step", "treat", "blocked") in found(IMAGED, pathway=replace(PATHWAY, steps=(never,)))


def test_profiles_and_their_criteria() -> None:
    assert ("profile", "few", "met") in found(IMAGED)
    assert ("profile", "few", "undetermined") in found()
    few = [
        clause("At most one", most.at_most(1), "count-lesions"),
        clause("A lesion", most.least(1), "count-lesions"),
    ]
    two = replace(PATHWAY, profiles=(profile("two", "Two", few, "count-lesions"),))
    assert {("profile", "two", "met"), ("clause", "two 1", "pass"), ("clause", "two 2", "pass")} <= found(
        IMAGED, pathway=two
    )


def test_displays() -> None:
    told_now = found(BOARD, IMAGED, STABLE)
    assert {
        ("display", "shown-few", "shown"),
        ("display", "shown-few", "met"),
        ("display", "shown-boards", "value"),
        ("display", "shown-worse", "not_met"),
    } <= told_now
    assert ("display", "shown-few", "not shown") in found(STABLE)


def test_a_value_that_is_not_known() -> None:
    (boards,) = (one for one in PATHWAY.displays if one.id == "shown-boards")
    day = replace(boards, value=PATHWAY.left)
    assert ("display", "shown-boards", "no value") in found(pathway=replace(PATHWAY, displays=(day,)))


def test_outcomes_are_told_with_the_key_of_their_pathway() -> None:
    outcome = outcomes(replace(PATHWAY, key="other"))[0]
    assert outcome == Outcome("other", "state", "waiting", "reached")
