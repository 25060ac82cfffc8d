"""What was planted in the cohort is what the engine finds, and no part of the pathways is missing."""

from collections import Counter
from datetime import date

import pytest

from engine.snapshot import PatientSnapshot
from pathways.library import all_pathways, main_pathway
from pathways.vocabulary import load_vocabulary
from simulation.cohort import DECK, Patient, cohort
from tests.simulation.standing import answered, snapshot

TIMER_STATUSES = {"scheduled", "open", "overdue", "escalated", "done", "done_late", "cancelled"}
DEVIATION_STATUSES = {"open", "closed", "final", "overruled", "retrospective"}


def difference(patient: Patient, found: PatientSnapshot) -> dict[str, Counter[str]]:
    """Codes found and not planted, and the other way round; each as often as it stands there."""
    there = Counter(d.code for part in found.pathways for d in part.deviations)
    put = Counter(planted.code for planted in patient.planted)
    return {"found only": there - put, "planted only": put - there} if there != put else {}


def test_planted_is_found_and_nothing_else() -> None:
    differing = {(p.id, p.kind): difference(p, found) for p, found in answered()}
    assert {name: codes for name, codes in differing.items() if codes} == {}


def test_planted_is_found_on_another_day() -> None:
    day = date(2024, 2, 29)
    differing = {(p.id, p.kind): difference(p, snapshot(p.story, day)) for p in cohort(len(DECK), 2, day)}
    assert {name: codes for name, codes in differing.items() if codes} == {}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 18))
def test_planted_is_found_in_a_large_cohort(seed: int) -> None:
    day = date.fromordinal(date(2023, 1, 1).toordinal() + seed * 97)
    differing = {(p.id, p.kind): difference(p, snapshot(p.story, day)) for p in cohort(2_500, seed, day)}
    assert {name: codes for name, codes in differing.items() if codes} == {}


def test_every_state_of_the_main_pathway_occurs() -> None:
    assert {state.id for state in main_pathway().states} == {found.main.state for _, found in answered()}


def test_every_deviation_of_the_library_occurs() -> None:
    declared = {rule.code for pathway in all_pathways() for rule in pathway.deviations} | {"q-missing-fact"}
    assert {d.code for _, found in answered() for part in found.pathways for d in part.deviations} == declared


def test_every_deviation_of_a_pathway_occurs_in_it() -> None:
    declared = {(pathway.key, rule.code) for pathway in all_pathways() for rule in pathway.deviations}
    found = {(part.key, d.code) for _, one in answered() for part in one.pathways for d in part.deviations}
    assert declared - found == set()


def test_every_status_occurs() -> None:
    parts = [part for _, found in answered() for part in found.pathways]
    assert {timer.status for part in parts for timer in part.timers} == TIMER_STATUSES
    assert {deviation.status for part in parts for deviation in part.deviations} == DEVIATION_STATUSES


def test_every_timer_occurs() -> None:
    declared = {timer.id for pathway in all_pathways() for timer in pathway.timers if timer.listed}
    assert (
        declared - {t.item for _, found in answered() for part in found.pathways for t in part.timers}
        == set()
    )


def test_every_type_of_event_occurs() -> None:
    recorded = {entry.type for patient, _ in answered() for entry in patient.story.entries}
    assert set(load_vocabulary().events) - recorded == set()


def test_by_the_book_nothing_is_planted_in_most() -> None:
    without = sum(not patient.planted for patient, _ in answered())
    assert without / len(DECK) > 0.5
