"""Departures: raised at a step, an order or a missed duty, each with its status (1.4, R31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from engine.event import Event
from engine.snapshot import Deviation
from pathways.declare import deviation
from pathways.language import Bool, events, fact, for_each, for_each_lesion, no, unknown, yes
from pathways.pathway import DeviationRule
from tests.engine.telling import correction, d, told
from tests.engine.toys import snapshot, toy

each, start = for_each(events("mdt_started"))
boards = events("board_held")
start_of_all = events("mdt_started").first()
START = told("e1", "mdt_started", "2025-01-10", targets=("L1",))
BOARD = told("e2", "board_held", "2025-01-20", question="mdt")


def departing(**changes: Any) -> DeviationRule:
    parts: dict[str, Any] = {
        "each": each, "raised": ~boards.before(start).exist(), "events": (start,), "statements": ("s",),
    }  # fmt: skip
    return deviation("d-board", "No board", "major", **(parts | changes))


def found(rule: DeviationRule, *entries: Event, as_of: str = "2026-01-01", **facts: Any) -> list[Deviation]:
    return list(snapshot(toy(deviations=(rule,)), entries, as_of=as_of, **facts).deviations)


def statuses(rule: DeviationRule, *entries: Event, **more: Any) -> list[str]:
    return [one.status for one in found(rule, *entries, **more)]


def test_a_departure_tells_everything_about_itself() -> None:
    (one,) = found(departing(why="of the rule"), START)
    assert one == Deviation(
        "d-board", "No board", "major", "final", ("e1",), ("s",), why="of the rule", on=d("2025-01-10")
    )


def test_it_is_raised_only_where_that_is_sure() -> None:
    assert statuses(departing(raised=no()), START) == []
    assert statuses(departing(raised=unknown()), START) == []
    assert statuses(departing(raised=fact.flag("disease_stable")), START) == []
    assert statuses(departing(raised=fact.flag("disease_stable")), START, disease_stable=True) == ["final"]


def test_there_is_one_for_each_element() -> None:
    again = told("e3", "mdt_started", "2025-03-01", targets=("L2",))
    assert [one.events for one in found(departing(), START, again)] == [("e1",), ("e3",)]
    assert [one.events for one in found(departing(), START, BOARD, again)] == [("e1",)]
    assert found(departing(), BOARD) == []


def test_there_need_not_be_an_element() -> None:
    (one,) = found(departing(each=None, raised=yes(), events=(boards.first(), events("death"))), BOARD)
    assert (one.events, one.on, one.status) == (("e2",), None, "final")


def test_without_an_element_the_last_documented_event_dates_the_decision() -> None:
    """A time of a day and a bare day are compared by their days."""
    at = datetime.fromisoformat("2025-01-25T09:00+01:00")
    timed = told("e2", "board_held", "2025-01-20", documented=at, recorded=at, question="mdt")
    rule = departing(each=None, raised=yes(), events=(start_of_all, boards))
    assert [one.decided for one in found(rule, START, timed)] == [at]
    after = told("e1", "mdt_started", "2025-01-10", recorded="2025-02-01", targets=("L1",))
    assert [one.decided for one in found(rule, after, timed)] == [d("2025-02-01")]
    assert [one.decided for one in found(rule)] == [None]


def test_an_element_may_be_a_lesion() -> None:
    each_lesion, lesion = for_each_lesion(events("imaging_done").latest().just().lesions())
    rows = (
        {"id": "L1", "significant": True},
        {"id": "L2", "significant": None},
        {"id": "L3", "significant": True},
    )
    imaging = told("i1", "imaging_done", "2025-01-10", lesions=rows)
    rule = departing(each=each_lesion, raised=lesion.flag("significant"), events=(lesion.imaging,))
    assert [one.events for one in found(rule, imaging)] == [("i1",), ("i1",)]
    unknown_list = told("i1", "imaging_done", "2025-01-10", lesions=None)
    assert found(rule, unknown_list) == []


@pytest.mark.parametrize(
    ("statuses_", "expected"),
    [
        ((), "final"),
        ((("closed", yes()),), "closed"),
        ((("overruled", no()), ("closed", unknown()), ("retrospective", yes())), "retrospective"),
        ((("overruled", yes()), ("closed", yes())), "overruled"),
        ((("open", no()),), "final"),
    ],
)
def test_the_first_status_whose_condition_is_sure(
    statuses_: tuple[tuple[str, Bool], ...], expected: str
) -> None:
    assert statuses(departing(statuses=statuses_), START) == [expected]


def test_an_order_is_open_until_it_is_replaced() -> None:
    order = departing(statuses=(("closed", boards.after(start).exist()),), otherwise="open")
    assert statuses(order, START, BOARD, as_of="2025-01-19") == ["open"]
    assert statuses(order, START, BOARD, as_of="2025-01-20") == ["closed"]


def test_a_status_may_depend_on_the_element() -> None:
    later = told("e3", "mdt_started", "2025-03-01", targets=("L2",))
    rule = departing(raised=yes(), statuses=(("closed", start.day >= boards.first().day),))
    assert statuses(rule, START, BOARD, later) == ["final", "closed"]


def test_a_process_is_judged_by_what_was_documented_that_day() -> None:
    """Proof documented later that the duty was met by then closes the departure."""
    missed = ~boards.exist()
    rule = departing(raised=missed.seen(start.day), statuses=(("closed", (~missed).hindsight(start.day)),))
    in_time = told("e2", "board_held", "2025-01-09", documented="2025-02-01", recorded="2025-02-01")
    assert statuses(rule, START) == ["final"]
    assert statuses(rule, START, in_time) == ["closed"]
    assert statuses(rule, START, told("e2", "board_held", "2025-01-09")) == []


def test_a_fact_known_only_afterwards_is_retrospective() -> None:
    effusion = fact.code("pleural_effusion").equals("malignant")
    rule = departing(
        raised=effusion.seen(start.day) | effusion.hindsight(start.day),
        statuses=(("retrospective", ~effusion.seen(start.day).sure()),),
    )
    known = told("f1", "finding_recorded", "2025-01-09", pleural_effusion="malignant")
    late = told("f1", "finding_recorded", "2025-01-09", documented="2025-03-01", pleural_effusion="malignant")
    afterwards = told("f1", "finding_recorded", "2025-01-11", pleural_effusion="malignant")
    assert statuses(rule, START, known) == ["final"]
    assert statuses(rule, START, late) == ["retrospective"]
    assert statuses(rule, START, afterwards) == []


def test_the_events_are_named_in_order_and_once() -> None:
    again = told("e3", "board_held", "2025-02-01", question="mdt", decision="recommended")
    rule = departing(events=(boards, start, boards.latest(), events("death").first()))
    assert found(rule, START, BOARD, again)[0].events == ("e2", "e3", "e1")


def test_an_imaging_is_named_with_its_corrections() -> None:
    imaging = told("i1", "imaging_done", "2025-01-05", complete=None)
    put_right = correction("c1", "i1", "complete", True, "2025-01-06")
    rule = departing(events=(events("imaging_done").latest(), start))
    assert found(rule, START, imaging, put_right)[0].events == ("i1", "c1", "e1")
    moved = correction("c2", "e1", "date", d("2025-01-11"), "2025-01-12")
    assert found(rule, START, moved)[0].events == ("e1",)


def test_a_rule_needs_a_condition_or_a_timer() -> None:
    empty = DeviationRule("d-empty", "Empty", "minor", ("s",))
    with pytest.raises(AssertionError, match="d-empty is neither raised"):
        found(empty, START)
