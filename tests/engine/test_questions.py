"""Open data questions: events that carry a value nobody knows, where a guard needs it (R33)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.event import Event
from pathways.declare import anytime, offered_in, step
from pathways.language import Bool, events, fact
from pathways.pathway import DataQuestion, Pathway
from tests.engine.telling import correction, told
from tests.engine.toys import asking, snapshot, toy

complete = events("imaging_done").latest().flag("complete")
IMAGING = told("i1", "imaging_done", "2025-01-01", complete=None)
START = told("e1", "mdt_started", "2025-02-01", targets=("L1",))


def questioning(*tests: Bool, force: str = "hard", where: str = "waiting") -> Pathway:
    guard = asking("g", *tests, force=force)
    return toy(
        guards=(guard,),
        steps=(
            step("answer", "Answer", [anytime()], on_question=True),
            step("treat", "Treat", [offered_in(where)], (guard,)),
        ),
        question=DataQuestion("q-missing", "Not known", events("mdt_started").node, "treat"),
        left=events("death", "withdrawal").first().day.node,
    )


def asked(pathway: Pathway, *entries: Event, **more: Any) -> list[tuple[str, str]]:
    found = snapshot(pathway, entries, **more).deviations
    assert {(one.code, one.title, one.severity) for one in found} <= {("q-missing", "Not known", "data")}
    return [(one.events[0], one.status) for one in found]


def test_an_event_with_a_gap_that_a_guard_needs_is_asked_about() -> None:
    (found,) = snapshot(questioning(complete), [IMAGING]).deviations
    assert (found.events, found.status, found.statements) == (("i1",), "open", ("statement-1",))
    assert found.why == "not known: complete"


def test_an_open_field_that_is_left_out_is_a_gap() -> None:
    assert asked(questioning(complete), told("i1", "imaging_done", "2025-01-01")) == [("i1", "open")]


@pytest.mark.parametrize("force", ["soft", "preference"])
def test_softer_guards_ask_too_and_info_never(force: str) -> None:
    assert asked(questioning(complete, force=force), IMAGING) == [("i1", "open")]
    assert asked(questioning(complete, force="info"), IMAGING) == []


def test_no_event_no_question() -> None:
    assert asked(questioning(complete)) == []
    assert asked(questioning(fact.flag("disease_stable")), IMAGING) == []
    assert (
        asked(questioning(events("imaging_done").latest().just().lesions().all(lambda r: r.flag("solid"))))
        == []
    )


def test_no_question_where_no_step_is_offered_or_the_patient_left() -> None:
    assert asked(questioning(complete, where="left"), IMAGING) == []
    assert asked(questioning(complete), IMAGING, told("e9", "withdrawal", "2025-01-05")) == []


def test_an_answer_ends_the_question() -> None:
    answered = correction("c1", "i1", "complete", False, "2025-01-20")
    assert asked(questioning(complete), IMAGING, answered, as_of="2025-01-21") == []
    assert asked(questioning(complete), IMAGING, answered, known_at=START.day.replace(month=1, day=19)) == [
        ("i1", "open")
    ]


def test_each_event_is_asked_about_once_however_many_gaps_it_has() -> None:
    imaging = told("i1", "imaging_done", "2025-01-01", complete=None, brain_mri=None)
    latest = events("imaging_done").latest()
    assert asked(questioning(complete, latest.flag("brain_mri")), imaging) == [("i1", "open")]
    tissue = told("t1", "tissue_result", "2025-01-02", metastasis_confirmed=None)
    confirmed = events("tissue_result").latest().flag("metastasis_confirmed")
    assert asked(questioning(complete, confirmed), imaging, tissue) == [("i1", "open"), ("t1", "open")]


def test_a_step_that_went_ahead_makes_the_question_final() -> None:
    assert asked(questioning(complete), IMAGING, START) == [("i1", "final")]
    assert asked(questioning(complete), IMAGING, START, as_of="2025-01-31") == [("i1", "open")]


def test_an_answer_after_the_step_closes_it() -> None:
    late = correction("c1", "i1", "complete", True, "2025-03-01")
    assert asked(questioning(complete), IMAGING, START, late) == [("i1", "closed")]
    in_time = correction("c1", "i1", "complete", True, "2025-01-31")
    assert asked(questioning(complete), IMAGING, START, in_time) == []


def test_a_gap_documented_after_the_step_did_not_hold_it_up() -> None:
    late = told("i1", "imaging_done", "2025-01-01", documented="2025-03-01", complete=None)
    assert asked(questioning(complete), late, START) == []


def test_of_several_gaps_in_one_event_an_unanswered_one_keeps_it_final() -> None:
    imaging = told("i1", "imaging_done", "2025-01-01", complete=None, brain_mri=None)
    latest = events("imaging_done").latest()
    pathway = questioning(complete, latest.flag("brain_mri"))
    one = correction("c1", "i1", "complete", True, "2025-03-01")
    other = correction("c2", "i1", "brain_mri", True, "2025-03-01")
    assert asked(pathway, imaging, START, one) == [("i1", "final")]
    assert asked(pathway, imaging, START, other) == [("i1", "final")]
    assert asked(pathway, imaging, START, one, other) == [("i1", "closed")]


def test_a_second_step_that_went_ahead_counts_too() -> None:
    again = told("e2", "mdt_started", "2025-04-01", targets=("L2",))
    between = correction("c1", "i1", "complete", True, "2025-03-01")
    newer = told("i2", "imaging_done", "2025-03-15", complete=None)
    found = asked(questioning(complete), IMAGING, START, between, newer, again)
    assert found == [("i1", "closed"), ("i2", "final")]
