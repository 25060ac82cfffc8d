"""Why a clause has its result: the events it looked at, the data it misses, the questions it leaves open."""

from __future__ import annotations

from engine.event import Event, Story
from engine.explain import Explainer
from pathways.language import (
    Expression,
    all_of,
    any_of,
    case,
    code,
    day,
    events,
    fact,
    no,
    number,
    undetermined,
    unknown,
    yes,
)
from tests.engine.telling import correction, d, program, told, view

responses = events("response_assessed")
boards = events("board_held")
stable = fact.flag("disease_stable")
latest = events("imaging_done").latest()
rows = latest.just().lesions()

PR = told("e1", "response_assessed", "2025-01-10", overall="PR")
BOARD = told("e2", "board_held", "2025-01-20", question=None)
PD = told("e3", "response_assessed", "2025-02-10", documented="2025-03-01", overall="PD")
IMAGING = told(
    "i1",
    "imaging_done",
    "2025-01-05",
    complete=None,
    lesions=(
        {"id": "L1", "status": "active", "organ": "bone"},
        {"id": "L2", "status": None, "organ": "lung", "solid": False},
        {"id": "L3", "status": "unknown"},
    ),
)
NO_LIST = told("i2", "imaging_done", "2025-01-06", lesions=None)
TOLD = (PR, BOARD, PD, IMAGING)


def because(asked: Expression, *entries: Event) -> tuple[str, ...]:
    compiled = program(asked)
    return Explainer(compiled).because(view(compiled, Story({}, entries or TOLD)), asked.node)


def missing(asked: Expression, *entries: Event, **facts: object) -> tuple[str, ...]:
    compiled = program(asked)
    return Explainer(compiled).missing(view(compiled, Story(facts, entries or TOLD)), asked.node)


def conflicts(asked: Expression) -> tuple[str, ...]:
    compiled = program(asked)
    return Explainer(compiled).conflicts(view(compiled, Story({}, TOLD)), asked.node)


# ---- because ----


def test_the_events_that_were_looked_at_in_the_order_of_the_question() -> None:
    assert because(boards.exist() & responses.exist()) == ("e2", "e1", "e3")
    assert because(responses.latest().day >= day(d("2025-01-01"))) == ("e3",)
    assert because(yes()) == ()
    assert because(events("death").exist()) == ()


def test_each_is_named_once() -> None:
    assert because(responses.exist() & responses.first().there()) == ("e1", "e3")


def test_the_choice_is_named_and_not_what_it_was_chosen_from() -> None:
    assert because(responses.where(overall="PD").exist()) == ("e3",)
    assert because(responses.after(boards.first()).exist()) == ("e3",)


def test_a_corrected_event_is_named_with_its_corrections() -> None:
    entries = (PR, correction("c1", "e1", "overall", "SD", "2025-02-01"))
    assert because(responses.exist(), *entries) == ("e1", "c1")


def test_lesions_name_their_imaging() -> None:
    assert because(rows.any(lambda r: r.code("status").equals("active"))) == ("i1",)


def test_another_days_view_names_what_it_saw() -> None:
    then = day(d("2025-02-15"))
    assert because(responses.exist().seen(then)) == ("e1",)
    assert because(responses.exist().hindsight(then)) == ("e1", "e3")
    assert because(responses.latest().seen(then).there() & boards.exist()) == ("e1", "e2")
    assert because(responses.exist().seen(events("death").first().day)) == ()


def test_what_depends_on_an_element_is_told_by_its_list() -> None:
    asked = boards.any(lambda b: responses.until(b.day).exist().seen(b.day))
    assert because(asked) == ("e2",)


# ---- missing ----


def test_what_is_known_misses_nothing() -> None:
    assert missing(stable | yes()) == ()
    assert missing(stable, disease_stable=False) == ()
    assert missing(responses.first().code("overall").equals("PR")) == ()


def test_a_fact_is_missed_by_its_name_and_a_field_with_its_event() -> None:
    assert missing(
        all_of(stable, latest.flag("complete"), boards.first().code("question").equals("mdt"))
    ) == (
        "disease_stable",
        "i1.complete",
        "e2.question",
    )


def test_nobody_misses_what_is_unknown_to_everybody() -> None:
    assert missing(unknown() & undetermined("C04")) == ()


def test_only_the_unknown_parts_are_missed() -> None:
    known = boards.exist()
    assert missing(all_of(known, stable)) == ("disease_stable",)
    assert missing(any_of(~known, stable)) == ("disease_stable",)


def test_a_lesion_is_missed_with_its_imaging_and_id() -> None:
    active = rows.all(lambda r: r.code("status").equals("active"))
    assert missing(active) == ("i1.lesions.L2.status", "i1.lesions.L3.status")
    solid = rows.any(lambda r: r.flag("solid"))
    assert missing(solid) == ("i1.lesions.L1.solid", "i1.lesions.L3.solid")


def test_a_list_that_is_unknown_or_was_never_made() -> None:
    counted = rows.sure_count(lambda r: r.flag("solid")).at_most(number(3))
    assert missing(counted, NO_LIST) == ("i2.lesions",)
    assert missing(counted, PR) == ("imaging",)
    assert missing(rows.any(lambda r: r.flag("solid")), NO_LIST) == ("i2.lesions",)
    assert missing(rows.where(lambda r: r.flag("solid")).any(lambda r: r.flag("isolated")), NO_LIST) == (
        "i2.lesions",
    )


def test_values_of_lesions() -> None:
    assert missing(rows.values("organ").contains("bone")) == ("i1.lesions.L3.organ",)
    assert missing(rows.values("organ").contains("bone"), NO_LIST) == ("i2.lesions",)


def test_a_choice_misses_its_condition_or_the_value_it_leads_to() -> None:
    condition, value = fact.flag("pancytopenia"), fact.flag("paresis")
    asked = case((no(), unknown()), (condition, value), otherwise=stable)
    assert missing(asked) == ("pancytopenia",)
    assert missing(asked, pancytopenia=True) == ("paresis",)
    assert missing(asked, pancytopenia=False) == ("disease_stable",)


def test_another_days_view_misses_what_it_missed() -> None:
    put_right = correction("c1", "i1", "complete", True, "2025-03-01")
    then = day(d("2025-02-01"))
    asked = latest.flag("complete").seen(then)
    assert missing(asked, IMAGING, put_right) == ("i1.complete",)
    assert missing(latest.flag("complete").hindsight(then), IMAGING, put_right) == ()


def test_a_view_of_an_unknown_day_misses_the_day() -> None:
    assert missing(latest.flag("complete").seen(fact.date("birth_date"))) == ("birth_date",)


def test_a_quantifier_within_a_quantifier() -> None:
    asked = events("imaging_done").any(lambda i: i.just().lesions().any(lambda r: r.flag("isolated")))
    assert missing(asked, IMAGING) == (
        "i1.lesions.L1.isolated",
        "i1.lesions.L2.isolated",
        "i1.lesions.L3.isolated",
    )


def test_events_that_may_belong_are_missed_by_their_field() -> None:
    assert missing(boards.any(lambda b: b.code("question").equals("mdt"))) == ("e2.question",)
    assert missing(code("mdt").one_of("x") | boards.first().code("question").equals("mdt")) == (
        "e2.question",
    )


# ---- conflicts ----


def test_a_question_the_sources_leave_open_is_named_where_it_decides() -> None:
    assert conflicts(undetermined("C04") & yes()) == ("C04",)
    assert conflicts(undetermined("C04") & no()) == ()
    assert conflicts(all_of(undetermined("C04"), undetermined("C11"), undetermined("C04"))) == ("C04", "C11")
    assert conflicts(stable) == ()


def test_what_hangs_on_an_element_is_not_followed() -> None:
    assert conflicts(boards.any(lambda b: b.code("question").equals("mdt") & undetermined("C04"))) == ()
