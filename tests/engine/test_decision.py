"""What is known at a decision: verdict, what is shown there, sources, and the age of the facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.decision import Decision, Source, ages, decisions, of_guard, sources
from engine.event import Event
from engine.history import Ledger
from engine.replay import Enrolment, evidence_shown, replay_patient
from pathways.declare import anytime, display, offered_in, step
from pathways.guidelines.catalogue import load_catalogue
from pathways.language import Bool, events, fact, unknown, yes
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import LAST, correction, d, retraction, story, told
from tests.engine.toys import asking, toy

STATEMENTS = load_catalogue().statements
female = fact.code("sex").equals("female")


def pathway(key: str, test: Bool, state: str = "") -> Enrolment:
    guard = asking(f"g-{key}", test)
    treat = step(
        "treat", "Treat", [offered_in(state) if state else anytime()], (guard,), statements=("s-step",)
    )
    displays = (
        display("limit", "Limit", "limit", "s-limit", steps=("treat",)),
        display("elsewhere", "Elsewhere", "limit", "s-elsewhere", steps=("other",)),
        display("everywhere", "Everywhere", "evidence", "s-everywhere"),
        display("about-utd", "Extract of 2017", "source", "utd-2017-currency"),
    )
    made = replace(toy(steps=(treat,), guards=(guard,), displays=displays), id=key, key=key)
    return Enrolment(made, DEFAULT_SETTINGS)


def decided(*enrolled: Enrolment, entries: tuple[Event, ...] = (), **facts: object) -> list[Decision]:
    patient = story(*entries, **facts)
    snapshot = replay_patient(enrolled, patient, LAST, LAST)
    shown = evidence_shown(enrolled, patient, LAST, LAST)
    return list(decisions(enrolled, snapshot.pathways, shown, "treat"))


@pytest.mark.parametrize(
    ("test", "verdict", "held"),
    [(yes(), "allowed", ()), (~yes(), "blocked", ("g-a",)), (unknown(), "undetermined", ("g-a",))],
)
def test_the_verdict_of_a_step(test: Bool, verdict: str, held: tuple[str, ...]) -> None:
    (one,) = decided(pathway("a", test))
    assert (one.pathway, one.name, one.verdict, one.held) == ("a", "treat", verdict, held)


def test_a_step_that_the_state_blocks() -> None:
    died = (told("e1", "death", "2025-01-01"),)
    closed = pathway("a", yes())
    states = tuple(replace(one, closed=True) if one.id == "left" else one for one in closed.pathway.states)
    (one,) = decided(replace(closed, pathway=replace(closed.pathway, states=states)), entries=died)
    assert (one.verdict, one.held) == ("blocked", ())


def test_the_pathway_on_which_a_step_is_offered_comes_first() -> None:
    first, second = decided(pathway("a", yes(), "treated"), pathway("b", yes()))
    assert [(one.pathway, one.verdict) for one in (first, second)] == [("b", "allowed"), ("a", "not offered")]
    assert second.offered_in == ("treated",)


def test_what_is_shown_with_a_step_and_all_its_statements() -> None:
    (one,) = decided(pathway("a", yes()))
    assert [shown.display for shown in one.shown] == ["limit", "everywhere"]
    assert one.statements == ("s-step", "s-limit", "s-everywhere", "statement-1")


def test_no_step_of_that_name_and_a_guard_by_itself() -> None:
    enrolled, patient = [pathway("a", female)], story()
    snapshot = replay_patient(enrolled, patient, LAST, LAST)
    assert not list(decisions(enrolled, snapshot.pathways, {}, "nothing"))
    assert of_guard(snapshot, "nothing") is None
    guard = of_guard(snapshot, "g-a")
    assert guard
    assert (guard.verdict, guard.title, guard.shown) == (None, "g-a", ())
    assert guard.guards[0].clauses[0].missing == ("sex",)


def test_each_source_once_with_what_is_displayed_about_it() -> None:
    enrolled = [pathway("a", yes())]
    shown = evidence_shown(enrolled, story(), LAST, LAST)
    wanted = [STATEMENTS[id] for id in ("utd-2017-currency", "imet-design", "utd-2017-local-may-palliate")]
    first, second = sources(wanted, shown)
    assert first.title.startswith("UpToDate 2017")
    assert first.currency == "2017, truncated"
    assert [one.display for one in first.shown] == ["about-utd"]
    assert (second.title, second.currency, second.shown) == (wanted[1].document, "study practice", ())
    own = replace(wanted[0], seed="own", document="A document of ours")
    assert sources([own], shown) == (Source("A document of ours", "", ()),)


ONE = told("e1", "imaging_done", "2025-01-10")
TWO = told("e2", "response_assessed", "2025-03-10")
FIXED = correction("e3", "e1", "date", d("2025-02-10"), "2025-03-20")
LATE = correction("e4", "e2", "overall", "PD", "2025-03-25")


def test_the_oldest_and_the_newest_fact() -> None:
    found = ages(["e2", "e1", "elsewhere"], [ONE, TWO], d("2025-03-31"))
    assert found
    assert (found.oldest.event, found.oldest.day, found.oldest.days) == ("e1", ONE.day, 80)
    assert (found.newest.event, found.newest.days) == ("e2", 21)


def test_nothing_to_rest_on() -> None:
    assert ages([], [ONE], LAST) is None
    assert ages(["e1"], [], LAST) is None


def test_a_correction_makes_no_finding_younger_unless_it_gives_another_day() -> None:
    as_they_stand = Ledger(story(ONE, TWO, FIXED, LATE), LAST).now.events
    found = ages(["e1", "e2", "e3", "e4"], as_they_stand, d("2025-03-31"))
    assert found
    assert (found.oldest.days, found.newest.days) == (49, 21)
    taken_back = Ledger(story(ONE, TWO, retraction("e5", "e2", "2025-03-12")), LAST).now.events
    assert ages(["e1", "e2"], taken_back, d("2025-03-31")) == ages(["e1"], [ONE], d("2025-03-31"))


def test_because_names_each_event_once() -> None:
    imaging = events("imaging_done").latest()
    (one,) = decided(pathway("a", imaging.there() & events("imaging_done").exist()), entries=(ONE,))
    assert one.because == ("e1",)
