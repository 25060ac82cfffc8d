"""Which pathways a patient is on: from the first entry that opens a way in, until it is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.enrolled import Enrolled, WayIn, enrolled, ways_in
from engine.entries import read_event, read_story
from engine.event import Story
from engine.replay import Enrolment
from pathways.library import all_pathways
from tests.engine.telling import LAST, d

BY_KEY = {pathway.key: Enrolment(pathway) for pathway in all_pathways()}
BONE = BY_KEY["bone_health"]

SUSPECTED = {"id": "e1", "type": "metastasis_suspected", "date": "2024-07-01"}
SCAN = {
    "id": "e2",
    "type": "imaging_done",
    "date": "2024-07-08",
    "lesions": [{"id": "L1", "organ": "bone"}],
}
DOSE = {"id": "e3", "type": "bma_given", "date": "2024-08-01", "drug": "denosumab"}
NOT_BONE = {
    "id": "e4",
    "type": "correction",
    "date": "2024-09-01",
    "target": "e2",
    "field": "lesions.L1.organ",
    "old": "bone",
    "new": "lung",
}
TAKEN_BACK = {
    "id": "e5",
    "type": "retraction",
    "date": "2024-09-01",
    "target": "e2",
    "reason": "other patient",
}


def told(*raw: Mapping[str, object]) -> Story:
    return read_story({}, [read_event(one) for one in raw])


def since(story: Story, as_of: str = "2025-01-01", known_at: date = LAST) -> Enrolled | None:
    return enrolled([BONE], story, d(as_of), known_at).get("bone_health")


def test_a_bone_metastasis_enrols_into_bone_health_on_its_day() -> None:
    story = told(SUSPECTED, SCAN, DOSE)
    by_scan = Enrolled(d("2024-07-08"), "e2", "A bone lesion on an imaging")
    assert since(story) == by_scan
    assert since(story, "2024-07-08") == by_scan
    assert since(story, "2024-07-07") is None


def test_the_next_entry_that_enrols_stands_in_for_one_that_is_taken_back() -> None:
    by_dose = Enrolled(d("2024-08-01"), "e3", "A bone-modifying drug ordered or given")
    assert since(told(SUSPECTED, SCAN, DOSE, TAKEN_BACK)) == by_dose
    assert since(told(SUSPECTED, SCAN, DOSE, NOT_BONE)) == by_dose
    assert since(told(SUSPECTED, SCAN, NOT_BONE)) is None
    assert since(told(SUSPECTED, SCAN, NOT_BONE), known_at=d("2024-08-31")) is not None


def test_a_pathway_without_ways_in_is_for_every_patient() -> None:
    found = enrolled(tuple(BY_KEY.values()), told(), d("2025-01-01"), LAST)
    assert found == {"main": Enrolled(), "symptom_local": Enrolled()}


def test_a_way_in_names_what_opened_it_and_what_is_missing() -> None:
    scan = {**SCAN, "lesions": None}
    assert ways_in(BONE, told(SUSPECTED, SCAN), d("2025-01-01"), LAST) == (
        WayIn("A bone lesion on an imaging", True, ("e2",), ()),
        WayIn("A bone-modifying drug ordered or given", False, (), ()),
    )
    first, _ = ways_in(BONE, told(SUSPECTED, scan), d("2025-01-01"), LAST)
    assert first == WayIn("A bone lesion on an imaging", None, ("e2",), ("e2.lesions",))
    assert ways_in(BY_KEY["main"], told(SUSPECTED), d("2025-01-01"), LAST) == ()
