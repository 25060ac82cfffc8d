"""What became of an expression, as far as the graph alone tells."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.differences.order import Order, order
from pathways.language import Bool, Code, Expression, case, code, day, events, fact, no, setting, yes
from tests.pathways.sample import boards, most, progressed

BOARDS = events("board_held")
FIRST = BOARDS.first().day


def chosen(first: Bool, value: Bool, otherwise: Bool) -> Bool:
    return case((first, value), otherwise=otherwise)


def coded(first: Bool, word: str) -> Code:
    return case((first, code(word)), otherwise=code("open"))


STABLE = fact.flag("disease_stable")
AT_MOST_5, AT_MOST_3 = most.at_most(5), most.at_most(3)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (yes(), boards.exist(), Order.LESS),
        (no(), boards.exist(), Order.MORE),
        (~no(), boards.exist(), Order.LESS),
        (boards.exist(), BOARDS.exist(), Order.SAME),
        (boards.exist(), boards.exist().sure(), Order.LESS),
        (boards.exist() | progressed, boards.exist(), Order.LESS),
        (boards.exist() & progressed, boards.exist(), Order.MORE),
        (boards.exist() & progressed, progressed & STABLE, Order.OTHER),
        (boards.count().least(2), boards.count().least(3), Order.LESS),
        (boards.count() > boards.count(), boards.count() >= boards.count(), Order.MORE),
        (boards.count().at_most(5), boards.count().at_most(3), Order.LESS),
        (boards.count().at_most(5), boards.count().least(3), Order.OTHER),
        (boards.count() * 2, boards.count() * 3, Order.OTHER),
        (boards.count() * -1, BOARDS.where(decision="other").count() * -1, Order.MORE),
        ((BOARDS | events("death")).count(), BOARDS.count(), Order.LESS),
        (FIRST, FIRST.plus_days(0), Order.OTHER),
        (FIRST.plus_days(3), FIRST.plus_days(5), Order.MORE),
        (FIRST.plus_months(3), FIRST.plus_months(setting.number("lead_days")), Order.OTHER),
        (day(date(2025, 1, 2)), day(date(2025, 1, 1)), Order.LESS),
        (BOARDS.since(FIRST.plus_days(1)), BOARDS.since(FIRST.plus_days(2)), Order.LESS),
        (BOARDS.since(FIRST), BOARDS, Order.MORE),
        (BOARDS.first().day, BOARDS.where(decision="other").first().day, Order.OTHER),
        (BOARDS.where(decision="other"), BOARDS.where(decision=("other", "deferred")), Order.MORE),
        (BOARDS.where(decision="other"), BOARDS.where(decision="deferred"), Order.OTHER),
        (BOARDS.where(decision="other"), BOARDS.where(question="other"), Order.OTHER),
        (BOARDS.all(lambda b: b.touched), BOARDS.since(FIRST).all(lambda b: b.touched), Order.MORE),
        (BOARDS.first().code("decision"), BOARDS.first().code("question"), Order.OTHER),
        (chosen(progressed, yes(), STABLE), chosen(progressed, yes(), no()), Order.LESS),
        (chosen(AT_MOST_5, yes(), STABLE), chosen(AT_MOST_3, yes(), STABLE), Order.LESS),
        (chosen(AT_MOST_5, no(), STABLE), chosen(AT_MOST_3, no(), STABLE), Order.MORE),
        (chosen(AT_MOST_5, progressed, no()), chosen(AT_MOST_3, progressed, no()), Order.OTHER),
        (chosen(progressed, yes(), no()), chosen(progressed & STABLE, yes(), no()), Order.OTHER),
        (chosen(STABLE, yes(), no()), case((STABLE, yes()), (progressed, no()), otherwise=no()), Order.OTHER),
        (progressed, boards.count(), Order.OTHER),
        (BOARDS.count().least(2) & STABLE, STABLE & BOARDS.count().least(3), Order.LESS),
        (BOARDS.after(BOARDS.first()).count(), BOARDS.after(BOARDS.latest()).count(), Order.OTHER),
        (coded(progressed, "met"), coded(progressed, "not_met"), Order.OTHER),
    ],
)  # fmt: skip
def test_what_became_of_an_expression(first: Expression, second: Expression, expected: Order) -> None:
    assert order(first.node, second.node) is expected
    assert order(second.node, first.node) is ~expected
