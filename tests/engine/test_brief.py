"""One patient for one meeting, as values: the question, the story, what is missing, what stands beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.brief import BOARD, Brief, brief
from engine.event import Event
from engine.replay import Enrolment, replay_patient
from pathways.declare import anytime, clause, display, guard, offered_in, step
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import AS_SHIPPED
from pathways.language import Bool, events, fact, no, unknown, yes
from pathways.library import all_pathways
from pathways.pathway import Guard, Step
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import LAST, correction, d, retraction, story, told
from tests.engine.toys import BASE, asking, toy

CATALOGUE = load_catalogue()
female = fact.code("sex").equals("female")


def offering(id: str, *guards: Guard, state: str = "", taken_by: tuple[str, ...] = ()) -> Step:
    offers = [offered_in(state) if state else anytime()]
    return step(id, id.title(), offers, guards, statements=("ombc-benefits",), taken_by=taken_by)


def asked(
    *steps: Step,
    guards: tuple[Guard, ...] = (),
    entries: tuple[Event, ...] = (),
    step: str | None = None,
    as_of: str = "2030-01-01",
    facts: dict[str, object] | None = None,
    **parts: object,
) -> Brief:
    enrolled = [Enrolment(toy(steps=steps, guards=guards, **parts), DEFAULT_SETTINGS)]
    patient = story(*entries, **(facts or {}))
    snapshot = replay_patient(enrolled, patient, d(as_of), LAST)
    return brief("P1", enrolled, patient, snapshot, CATALOGUE, AS_SHIPPED, step)


MET, FAILS, TWICE, OPEN = (
    asking("g-met", yes()),
    asking("g-fails", no()),
    asking("g-twice", no(), no()),
    asking("g-open", female),
)
ALL = (MET, FAILS, TWICE, OPEN)


@pytest.mark.parametrize(
    ("steps", "question"),
    [
        ([offering("free"), offering("ready", MET)], "ready"),
        ([offering("ready", MET), offering("near", FAILS), offering("far", FAILS, TWICE)], "near"),
        ([offering("far", FAILS, TWICE), offering("near", OPEN)], "near"),
        ([offering("one", FAILS), offering("more", FAILS, MET)], "more"),
        ([offering("elsewhere", FAILS, state="treated"), offering("free")], "free"),
        ([offering("elsewhere", FAILS, state="treated")], None),
    ],
)
def test_the_question_is_the_step_nearest_to_being_taken(steps: list[Step], question: str | None) -> None:
    found = asked(*steps, guards=ALL)
    assert (found.question.name if found.question else None) == question
    offered = [one.id for one in steps if one.id != "elsewhere"]
    assert [one.name for one in found.others] == [name for name in offered if name != question]


def test_a_step_that_is_asked_for_by_name() -> None:
    steps = (offering("near", FAILS), offering("elsewhere", MET, state="treated"))
    found = asked(*steps, guards=ALL, step="elsewhere")
    assert found.question
    assert (found.question.verdict, [one.name for one in found.others]) == ("not offered", ["near"])
    with pytest.raises(KeyError):
        asked(*steps, guards=ALL, step="nowhere")


def test_who_has_died_is_asked_about_no_step() -> None:
    closed = tuple(replace(one, closed=one.id == "left") for one in BASE.states)
    found = asked(
        offering("treat", MET), guards=ALL, entries=(told("e1", "death", "2025-01-01"),), states=closed
    )
    assert (found.question, found.conditions, found.main.state) == (None, (), "Left")
    assert found.others == ()


def test_nothing_recorded_at_all() -> None:
    found = asked(offering("treat", OPEN), guards=ALL)
    assert (found.history, found.taken_back, found.main.entered_on) == ((), 0, None)
    assert [(one.name, one.asked_by) for one in found.missing] == [("sex", ("g-open",))]


def test_conditions_tell_what_is_open_and_how_old_the_facts_are() -> None:
    imaging = events("imaging_done").latest()
    mixed = guard(
        "g-mixed",
        "Mixed",
        "hard",
        [
            clause("passes", imaging.there(), "ombc-benefits"),
            clause("fails", no(), "ombc-benefits"),
            clause("is told", no(), "ombc-benefits", force="info"),
        ],
    )
    lifted = asking("g-lifted", no(), not_applicable=yes())
    found = asked(
        offering("treat", mixed, lifted),
        guards=(mixed, lifted),
        entries=(told("e1", "imaging_done", "2025-01-01"),),
        as_of="2025-01-31",
    )
    first, second = found.conditions
    assert [one.text for one in first.open] == ["fails"]
    assert first.ages
    assert (first.ages.oldest.days, first.ages.newest.event) == (30, "e1")
    assert (second.verdict.result, second.open, second.ages) == ("not_applicable", (), None)


def test_a_datum_that_several_conditions_ask_for_stands_once() -> None:
    other = asking("g-other", ~female)
    found = asked(offering("treat", OPEN, other), guards=(OPEN, other))
    assert [(one.name, one.asked_by) for one in found.missing] == [("sex", ("g-open", "g-other"))]


def test_the_story_as_it_stands_with_its_corrections() -> None:
    entries = (
        told("e1", "imaging_done", "2025-01-01", modality=None),
        told("e2", BOARD, "2025-02-01", question="initial", decision="other"),
        told("e3", "response_assessed", "2025-02-02", overall="PR"),
        correction("c1", "e1", "modality", "ct", "2025-02-03"),
        retraction("r1", "e3", "2025-02-04"),
        told("e4", "response_assessed", "2025-03-01", overall="CR"),
    )
    found = asked(entries=entries, as_of="2025-02-28")
    assert [one.event.id for one in found.history] == ["e1", "e2"]
    first = found.history[0]
    assert (first.event.fields["modality"], [one.id for one in first.corrections]) == ("ct", ["c1"])
    assert found.taken_back == 1
    assert [one.event.id for one in found.of_type(BOARD)] == ["e2"]


def test_what_is_shown_at_the_question_and_at_the_boards_that_can_be_held() -> None:
    displays = tuple(
        display(f"at-{name}", name, "limit", "imet-qol-gap", steps=(name,))
        for name in ("near", "meeting", "free", "elsewhere")
    )
    found = asked(
        offering("near", FAILS),
        offering("meeting", taken_by=(BOARD,)),
        offering("free"),
        offering("elsewhere", taken_by=(BOARD,), state="treated"),
        guards=ALL,
        displays=displays,
    )
    assert [one.display for one in found.shown] == ["at-near", "at-meeting"]
    assert list(found.statements) == ["ombc-benefits", "imet-qol-gap"]
    assert (found.tally.statements, found.tally.not_reviewed) == (2, 2)
    assert [one.currency for one in found.sources] == [
        "page dated 2025-11-03, pending human review",
        "study practice",
    ]


def test_definitions_come_with_their_names_and_companions_where_they_have_begun() -> None:
    enrolled = [Enrolment(one, DEFAULT_SETTINGS) for one in all_pathways()]
    patient = story(told("e1", "metastasis_suspected", "2025-01-01"))
    snapshot = replay_patient(enrolled, patient, LAST, LAST)
    found = brief("P1", enrolled, patient, snapshot, CATALOGUE, AS_SHIPPED)
    labels = {one.id: one.label for one in found.profiles}
    assert labels["abc7"] == "ABC-7 consensus as quoted by AGO 2024.1D"
    assert labels["ago-liver-resection-hrpos"] == "Liver resection, hormone receptor positive, AGO 2024.1D"
    assert all(one.entered_on for one in found.companions)
    assert len(found.companions) < len(enrolled) - 1


def test_only_open_departures_of_care_are_told() -> None:
    enrolled = [Enrolment(all_pathways()[0], DEFAULT_SETTINGS)]
    patient = story(told("e1", "mdt_started", "2025-01-01"))
    snapshot = replay_patient(enrolled, patient, d("2025-02-01"), LAST)
    kinds = {(one.status, one.severity) for one in snapshot.main.deviations}
    assert len(kinds) > 1
    found = brief("P1", enrolled, patient, snapshot, CATALOGUE, AS_SHIPPED)
    expected = [one for one in snapshot.main.deviations if one.status == "open" and one.severity != "data"]
    assert list(found.deviations) == expected


def test_a_question_nobody_can_answer_is_undetermined() -> None:
    unsure: Bool = unknown()
    doubtful = asking("g-doubtful", unsure)
    found = asked(offering("treat", doubtful), guards=(doubtful,))
    assert found.question
    assert found.question.verdict == "undetermined"
    assert replace(found.question, guards=()).because == ()
