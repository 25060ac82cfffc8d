"""Laws of enrolment: it follows from the ledger and stays; who is not enrolled hears nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.enrolled import Enrolled, enrolled, ways_in
from engine.entries import read_event, read_story
from engine.event import Story
from engine.replay import Enrolment, replay_patient
from interop.case import Case
from interop.case_file import read_cases
from pathways.library import all_pathways, main_pathway
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.properties.asking import LAST, Asked, enrolments, questions

FILES = sorted(Path(__file__).parents[1].glob("[ev]*/*.yaml"))
NEUTRAL = {
    "bone_health": "bone_none",
    "primary": "primary_unknown",
    "cns": "cns_none",
    "surveillance": "not_applicable",
    "receptors": "primary_only",
}
"""The state of a companion that does not concern the patient, where it is not called none (outline 11.7)."""
ALWAYS = {p.key for p in all_pathways() if not p.enrols}


def on_pathways(asked: Asked) -> dict[str, Enrolled]:
    return enrolled(enrolments(asked.settings), asked.story, asked.as_of, asked.known_at)


def test_every_companion_but_one_says_who_is_on_it() -> None:
    """Local treatment for symptoms is open to every patient at any time (outline 11.8)."""
    assert {main_pathway().key, "symptom_local"} == ALWAYS


@cache
def without_ways_in(settings: Settings) -> tuple[Enrolment, ...]:
    """The same pathways, all asked in full whether or not the patient is on them."""
    return tuple(Enrolment(replace(p, enrols=()), settings) for p in all_pathways())


@given(questions())
def test_a_pathway_the_patient_is_not_on_is_silent(asked: Asked) -> None:
    """Worked out all the same, nothing is due, nothing departs, nothing is allowed, and no day ended in
    another state; so whoever leaves it out, for speed, leaves out nothing.
    """
    found = on_pathways(asked)
    in_full = replay_patient(without_ways_in(asked.settings), asked.story, asked.as_of, asked.known_at)
    for part, full in zip(asked.snapshot().pathways, in_full.pathways, strict=True):
        if part.key in found:
            assert replace(full, pathway=part.pathway) == part, part.key
            continue
        assert full.timers == (), part.key
        assert full.deviations == (), part.key
        assert not [step.step for step in full.steps if step.allowed], part.key
        assert set({move.on: move.target for move in full.trail}.values()) <= {full.state}, part.key
        walked = replace(full, trail=part.trail, entered_on=part.entered_on)
        assert replace(walked, pathway=part.pathway) == part, part.key


def test_what_a_day_takes_back_enrols_nobody() -> None:
    """A finding counts as it stands at the end of its day (R3)."""
    said = {"id": "f0", "type": "finding_recorded", "date": "2024-01-01", "primary.status": "intact"}
    unsaid = {**said, "id": "f1", "primary.status": None}
    for told, keys in (([said], {*ALWAYS, "primary"}), ([said, unsaid], ALWAYS)):
        story = read_story({}, [read_event(raw) for raw in told])
        assert on_pathways(Asked(story, date(2024, 1, 2), LAST, DEFAULT_SETTINGS)).keys() == keys


@given(questions())
def test_who_is_on_a_pathway_has_a_way_in_open_today(asked: Asked) -> None:
    """Asking today is enough: a way in that was ever open is open still."""
    found = on_pathways(asked)
    for one in enrolments(asked.settings):
        if one.pathway.enrols:
            ways = ways_in(one, asked.story, asked.as_of, asked.known_at)
            assert any(way.open is True for way in ways) == (one.pathway.key in found), one.pathway.key


@given(questions(), st.integers(0, 400))
def test_an_enrolment_stays(asked: Asked, days: int) -> None:
    later = asked.on(min(asked.as_of + timedelta(days), LAST))
    if later.as_of >= asked.as_of:
        assert on_pathways(asked).items() <= on_pathways(later).items()


@given(questions())
def test_an_enrolment_names_an_entry_of_its_day(asked: Asked) -> None:
    ids = {entry.id for entry in asked.story.entries}
    for key, since in on_pathways(asked).items():
        assert (since.event is None) == (since.on is None)
        assert since.event is None or since.event in ids
        assert since.on is None or since.on <= asked.as_of
        assert bool(since.way) == (key not in ALWAYS)


@given(questions())
def test_without_its_entry_there_is_no_such_enrolment(asked: Asked) -> None:
    found = on_pathways(asked)
    for key, since in found.items():
        if since.event is not None:
            kept = [entry for entry in asked.story.entries if entry.id != since.event]
            other = on_pathways(asked.of([e for e in kept if e.fields.get("target") != since.event]))
            assert other.get(key) != since


def test_facts_known_from_the_beginning_enrol_before_any_entry() -> None:
    day = date(2024, 1, 1)
    story = Story({"primary.status": "resected", "pleural_effusion": "malignant"}, ())
    found = on_pathways(Asked(story, day, day, DEFAULT_SETTINGS))
    assert found["primary"] == Enrolled(way="The primary described as intact or resected")
    assert found["pleura"] == Enrolled(way="A pleural effusion, malignant or of unknown cause")
    assert found.keys() == {*ALWAYS, "primary", "pleura"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_file_agrees_with_its_states(file: Path) -> None:
    """In a state other than the one nothing applies to, the patient is on the pathway."""
    for case in read_cases(file):
        assert isinstance(case, Case)
        for day in {checkpoint.as_of for checkpoint in case.checkpoints}:
            asked = Asked(case.story, day, day, DEFAULT_SETTINGS)
            found = on_pathways(asked)
            for part in asked.snapshot().pathways[1:]:
                assert part.key in found or part.state == NEUTRAL.get(part.key, "none"), (case.id, part.key)
