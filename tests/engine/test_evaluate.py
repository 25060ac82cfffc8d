"""What an expression depends on, and what is remembered because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from engine.evaluate import TODAY, Evaluation, Meaning, Program, View, touched
from engine.event import Event
from engine.history import Ledger
from engine.meaning import MEANINGS
from pathways.graph import Node
from pathways.language import Expression, day, events, fact, setting, today
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import LAST, correction, d, program, story, told

responses = events("response_assessed")
boards = events("board_held")
last_response = responses.latest().day
stable = fact.flag("disease_stable")
MAY = day(d("2025-05-01"))
JUNE = day(d("2025-06-01"))
many = responses.count()
by_today = responses.until(today()).count()

RESPONSE = told("e1", "response_assessed", "2025-01-10", overall="PR")
BOARD = told("e2", "board_held", "2025-02-10", question="mdt")
STABLE = told("e3", "finding_recorded", "2025-03-10", disease_stable=True)
LATE = told("e4", "board_held", "2025-01-20", documented="2025-04-01", question="mdt")


def remembering(*expressions: Expression) -> Program:
    nodes = [one.node for one in expressions]
    return Program(nodes, DEFAULT_SETTINGS, asked_often=nodes)


def evaluation(*entries: Event, of: Program | None = None, as_of: date = LAST) -> Evaluation:
    return Evaluation(of or program(many), Ledger(story(*entries), LAST), as_of)


def place(view: View) -> tuple[int, date]:
    return view.length, view.today


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, date]]:
    """Where each count of events was worked out."""
    found: list[tuple[int, date]] = []
    compiled = MEANINGS["count"]

    def counting(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
        meaning = compiled(node, args, program)

        def told_of(view: View) -> Any:
            found.append(place(view))
            return meaning(view)

        return told_of

    monkeypatch.setitem(MEANINGS, "count", counting)
    return found


# ---- what a value depends on ----


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (today(), {TODAY}),
        (stable, {"fact disease_stable"}),
        (setting.number("response_min_months"), set()),
        (events("board_held", "death"), {"events board_held", "events death"}),
        (responses.where(overall="PR").latest().day, {"events response_assessed"}),
        (responses.since(boards.latest().day), {"events response_assessed", "events board_held"}),
        (responses.exist() & (today() >= MAY), {"events response_assessed", TODAY}),
        (last_response.named("the last"), {"events response_assessed"}),
        (stable.seen(MAY), set()),
        (stable.seen(last_response), {"events response_assessed"}),
        (stable.hindsight(today()), {TODAY}),
    ],
)
def test_what_a_value_depends_on(expression: Expression, expected: set[str]) -> None:
    assert program(expression).reads(expression.node) == expected


def test_an_entry_concerns_its_type_and_a_finding_its_facts() -> None:
    known = evaluation(RESPONSE, STABLE).ledger.now
    assert list(touched(known, 0)) == ["events response_assessed"]
    assert list(touched(known, 1)) == ["events finding_recorded", "fact disease_stable"]


# ---- what is remembered ----


@pytest.mark.parametrize(
    ("expressions", "slots"),
    [
        ([last_response >= MAY], 0),
        ([last_response >= MAY, last_response >= JUNE], 1),
        ([last_response >= MAY, last_response >= JUNE, stable & stable.known()], 2),
        ([today() >= MAY, today() >= JUNE], 0),
        ([last_response.named("the last") >= MAY, last_response.named("the last") >= JUNE], 1),
        ([boards.where(lambda one: one.day >= last_response)], 1),
        ([boards.where(lambda one: (one.day >= MAY) & (one.day >= JUNE))], 0),
    ],
)
def test_what_is_asked_more_than_once_is_remembered(expressions: list[Expression], slots: int) -> None:
    assert program(*expressions).size == slots


def test_what_is_said_to_be_asked_often_is_remembered() -> None:
    assert remembering(many, stable).size == 2


def test_a_value_is_worked_out_once_in_a_view(counted: list[tuple[int, date]]) -> None:
    compiled = remembering(many)
    now = evaluation(RESPONSE, of=compiled).now()
    assert [compiled[many.node](now) for _ in range(3)] == [1, 1, 1]
    assert len(counted) == 1


def test_what_is_asked_once_is_worked_out_where_it_stands(counted: list[tuple[int, date]]) -> None:
    compiled = program(many)
    now = evaluation(RESPONSE, of=compiled).now()
    assert [compiled[many.node](now) for _ in range(2)] == [1, 1]
    assert len(counted) == 2


def test_a_view_is_made_once_for_each_day_and_knowledge() -> None:
    one = evaluation(RESPONSE, LATE, BOARD)
    march = d("2025-03-01")
    assert one.on(march) is one.on(march)
    assert one.on(march) is not one.on(d("2025-03-02"))
    assert one.documented(march) is one.documented(march)
    assert one.documented(march) is not one.on(march)
    assert one.documented(LAST) is one.now()
    before = one.on(march)
    one.forget()
    assert one.on(march) is not before


def test_from_view_to_view_is_kept_what_nothing_new_concerns(counted: list[tuple[int, date]]) -> None:
    compiled = remembering(many, by_today)
    one = evaluation(RESPONSE, BOARD, of=compiled)
    first, second = RESPONSE.day, BOARD.day

    def asked(view: View) -> list[int]:
        return [compiled[expression.node](view) for expression in (many, by_today)]

    beginning = one.start(date(1800, 1, 1))
    assert asked(beginning) == [0, 0]
    answered = one.advanced(beginning, 1, first)
    assert asked(answered) == [1, 1]
    assert len(counted) == 4
    on_that_day = one.advanced(answered, 2, first)
    assert asked(on_that_day) == [1, 1]
    assert len(counted) == 4, "a board is no response, and the day is the same"
    later = one.advanced(on_that_day, 2, second)
    assert asked(later) == [1, 1]
    assert counted[4:] == [(2, second)], "only what reads today"
    assert one.advanced(on_that_day, 2, second) is later


def test_a_fact_is_looked_up_again_after_a_finding() -> None:
    compiled = remembering(stable)
    one = evaluation(BOARD, STABLE, of=compiled)
    before = one.advanced(one.start(date(1800, 1, 1)), 1, BOARD.day)
    assert compiled[stable.node](before) is None
    assert compiled[stable.node](one.advanced(before, 2, STABLE.day)) is True


# ---- which view is which ----


def test_no_view_is_later_than_the_day_asked_about() -> None:
    one = evaluation(RESPONSE, BOARD, STABLE, as_of=d("2025-02-10"))
    for view in (one.now(), one.on(LAST), one.documented(LAST), one.with_knowledge(one.ledger.now, LAST)):
        assert place(view) == (2, d("2025-02-10"))
    assert place(one.on(d("2025-02-09"))) == (1, d("2025-02-09"))


def test_at_the_start_there_are_no_events() -> None:
    assert place(evaluation(RESPONSE).start(date(1800, 1, 1))) == (0, date(1800, 1, 1))


def test_the_view_before_an_event_ends_with_the_one_before_it() -> None:
    again = told("e5", "response_assessed", "2025-02-10", overall="PD")
    one = evaluation(RESPONSE, BOARD, again)
    assert one.ledger.now.order == {"e1": 0, "e5": 1, "e2": 2}
    found = {event.id: place(one.before(one.ledger.now, event)) for event in (RESPONSE, BOARD, again)}
    assert found == {"e1": (0, RESPONSE.day), "e2": (2, BOARD.day), "e5": (1, BOARD.day)}


def test_the_view_before_an_event_that_is_not_known_of_that_day_is_all_of_the_day() -> None:
    one = evaluation(RESPONSE, BOARD, correction("c1", "e1", "date", d("2025-03-10"), "2025-04-01"))
    assert place(one.before(one.ledger.now, STABLE)) == (2, STABLE.day)
    assert place(one.before(one.ledger.now, RESPONSE)) == (0, RESPONSE.day)
