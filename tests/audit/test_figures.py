"""The figures of cohorts and duties, what of them is told outside, and how charts are drawn of them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Connection, delete, update

from audit.cohort import Kind, Month, Rate, cohort, kinds, months, pareto, summed
from audit.definitions import DEFINITIONS
from audit.disclosure import SMALLEST, is_small, parts_hidden, rate_hidden
from audit.measures import Duty, duties, tallied
from engine.snapshot import TimerItem
from pathways.library import all_pathways
from store import register
from store.database import Database
from store.register import Wanted
from store.tables import deviation, tracking
from tests.audit.test_review import found, put
from tests.store.cast import event, say, story

TODAY = date(2025, 3, 15)
DUTY = next(timer for one in all_pathways() for rule in one.deviations for timer in rule.timers)


def began(connection: Connection, number: int, day: date | None, **more: object) -> None:
    of = tracking.c.patient_id == number
    connection.execute(update(tracking).where(of).values(began_on=day, **more))


def test_who_could_not_be_judged_is_never_in_the_denominator(database: Database) -> None:
    for name in ("V01", "V02", "V03", "V04"):
        say(database, story(name))
    with database.writing() as connection:
        put(connection, [found(patient_id=1, severity="critical"), found(patient_id=3, severity="data")])
        began(connection, 1, TODAY, undetermined=True)
        began(connection, 2, TODAY, undetermined=True)
        began(connection, 3, TODAY, undetermined=False)
        began(connection, 4, None, undetermined=True)
        reviews = register.counts(connection)
        of = cohort(connection, Wanted(), reviews)
        nobody = cohort(
            connection, Wanted(owners=("anna",)), register.counts(connection, Wanted(owners=("anna",)))
        )
        early = Wanted(until=date(2024, 1, 1))
        before = cohort(connection, early, register.counts(connection, early))
    assert (of.patients, of.judged, of.unjudged, of.not_yet) == (4, 2, 1, 1)
    assert of.rates == (
        Rate("any", 1, 2, 1),
        Rate("critical", 1, 2, 1),
        Rate("grave", 1, 2, 1),
        Rate("open", 1, 2, 1),
        Rate("reviewed", 0, 2),
    )
    assert (nobody.patients, nobody.rates[0].share) == (0, None)
    assert (before.rates[0].n, before.judged, before.unjudged) == (0, 1, 2)
    assert {one.key for one in of.rates} <= set(DEFINITIONS)


def test_a_month_counts_who_was_on_the_pathway_in_it(database: Database) -> None:
    for name in ("V01", "V02", "V03", "V04"):
        say(database, story(name))
    january, march = date(2025, 1, 20), date(2025, 3, 2)
    with database.writing() as connection:
        put(
            connection,
            [
                found(patient_id=1, raised_on=march),
                found(patient_id=1, code="d-b", raised_on=march),
                found(patient_id=2, raised_on=march),  # after the patient had left
                found(patient_id=3, raised_on=date(1810, 5, 1)),
            ],
        )
        began(connection, 1, january, undetermined=True)  # a departure was found all the same
        began(connection, 2, january, state="dead", entered_on=date(2025, 2, 3), undetermined=True)
        began(connection, 3, date(1810, 1, 1), undetermined=True)
        began(connection, 4, january, entered_on=date(2025, 2, 3), undetermined=True)
        found_ = months(connection, Wanted(), TODAY, ("dead",), 4)
    assert found_ == [
        Month(date(2024, 12, 1), 0, 0),
        Month(date(2025, 1, 1), 0, 3),
        Month(date(2025, 2, 1), 0, 3, 1),
        Month(date(2025, 3, 1), 1, 2, 1),
    ]
    assert found_[0].share is None


def test_rules_stand_in_the_order_of_how_often_they_are_broken(database: Database) -> None:
    say(database, story())
    with database.writing() as connection:
        put(connection, [found(code="d-b"), found(code="d-a"), found(code="d-b", events=("e02",))])
        assert kinds(connection, Wanted()) == [
            Kind("d-b", "Too late", 2, 2 / 3),
            Kind("d-a", "Too late", 1, 1.0),
        ]
        assert kinds(connection, Wanted(owners=("nobody there",))) == []
        connection.execute(delete(deviation))


@given(some.lists(some.integers(1, 50), max_size=15))
def test_what_is_summed_is_all_there_is(numbers: list[int]) -> None:
    all_ = pareto([(f"d-{n}", "x", size) for n, size in enumerate(sorted(numbers, reverse=True))])
    first, rest = summed(all_, 7)
    assert sum(one.n for one in first) + rest == sum(numbers)
    assert len(first) <= 8
    assert not all_ or all_[-1].upto == 1


@given(some.lists(some.integers(0, 30), max_size=8))
def test_no_small_number_can_be_worked_out(parts: list[int]) -> None:
    hidden = parts_hidden(parts, SMALLEST)
    assert {place for place, n in enumerate(parts) if 0 < n < SMALLEST} <= hidden
    shown = [n for place, n in enumerate(parts) if place not in hidden and n]
    if hidden and shown:  # what is kept back is several, and together no small number
        assert len(hidden) > 1
        assert sum(parts[place] for place in hidden) >= SMALLEST


def test_a_rate_is_kept_back_where_few_do_or_few_do_not() -> None:
    assert rate_hidden(4, 100, SMALLEST)
    assert rate_hidden(97, 100, SMALLEST)
    assert not rate_hidden(0, 100, SMALLEST)
    assert (is_small(0, 5), is_small(None, 5), is_small(1, 2)) == (False, False, True)


def timer(status: str, due: date = TODAY, done: date | None = None, **more: object) -> TimerItem:
    late = due + timedelta(1)
    return TimerItem(DUTY, "x", due, due, late, None, status, (), done_on=done, **more)  # type: ignore[arg-type]


def test_a_duty_counts_what_came_due_and_how_long_the_late_took(database: Database) -> None:
    made = [
        timer("done", done=TODAY),
        timer("done_late", done=TODAY + timedelta(11)),
        timer("done_late", done=TODAY + timedelta(61)),
        timer("overdue"),
        timer("cancelled", missed=True),
        timer("cancelled"),
        timer("open"),
        timer("done", due=TODAY - timedelta(400), done=TODAY),
    ]
    (duty,) = tallied(made, TODAY - timedelta(30), TODAY)
    assert (duty.in_time, duty.late, duty.undone, duty.due) == (1, [10, 60], 2, 5)
    assert (duty.to_close, duty.closed_soon) == (35, 1)
    assert Duty("x", "x").to_close is None
    assert tallied([timer("open")]) == []
    say(
        database,
        story(
            "V01", event("systemic_started", "2025-01-20", "e02", line=1, regimen_class=["endocrine_cdk46"])
        ),
    )
    with database.reading() as connection:
        assert duties(connection, Wanted()) == []  # the toy's duty is no rule of a pathway that ships
