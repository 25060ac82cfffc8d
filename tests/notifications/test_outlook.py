"""What lies ahead of each patient is kept, and is either right or not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import Connection

from coordination import outlook
from coordination.entries import (
    Absence,
    Acknowledged,
    Assigned,
    Comment,
    Entry,
    Item,
    Ladder,
    Snoozed,
    Step,
    WorkingDate,
)
from coordination.outlook import Overview, overviews
from coordination.site_desk import SiteDesk
from notifications.sweep import sweep
from store import outlooks, planning
from store.database import Database
from store.desk import WITHOUT_NOTICES
from store.errors import Crossed
from store.merging import merge
from store.refresh import rebuild, refresh
from store.settle import Reckoning
from tests.notifications.ahead import right
from tests.notifications.office import BEN, SITE, assign, furnish, say_about
from tests.server import ONLY_SQLITE
from tests.store.cast import Raw, at, event, live, say
from tests.store.toy import derivation

BOARD = event("board_held", "2025-03-03", "b1", question="other", decision="other")
START = event("systemic_started", "2025-03-03", "s1", line=1, regimen_class=["endocrine_cdk46"])
TREAT = Item(pathway="toy", item="treat", due=date(2025, 3, 3))
RESPONSE = Item(pathway="toy", item="t-response", due=date(2025, 3, 31), anchor=("s1",))
NOW = at("2025-03-10", "08:00")
Change = Callable[[Database], object]


def two(database: Database) -> None:
    """A patient of whom nothing is due, and one who is to be assessed at the end of March."""
    furnish(database)
    say(database, live("V01", BOARD, facts={"sex": "female"}))
    say(database, live("V02", START, facts={"sex": "female"}))
    for reference in ("V01", "V02"):
        assign(database, reference, "anna")


def swept(database: Database, now: datetime = NOW) -> dict[int, outlooks.Kept]:
    sweep(database, now=now, derive=derivation)
    return right(database, now.date())


def recorded(*events: Raw) -> Change:
    return lambda database: say(database, live("V01", *events), NOW)


def said(reference: str, *entries: Entry) -> Change:
    return lambda database: say_about(database, reference, *entries, now=NOW)


def arranged(*entries: Entry) -> Change:
    return lambda database: furnish(database, *entries, now=NOW)


def test_the_worker_keeps_what_lies_ahead_of_everybody(database: Database) -> None:
    two(database)
    first, second = swept(database).values()
    assert (first.next_on, first.working_on) == (date(2025, 3, 21), date(2025, 3, 21))
    assert (second.next_on, second.working_on) == (date(2025, 3, 31), None)


PUT_OFF = Snoozed(about=RESPONSE, until=date(2025, 3, 14), reason="later")
MINE = Acknowledged(about=RESPONSE, until=date(2025, 4, 14), reason="asked")
CHANGES: dict[str, tuple[Change, set[int]]] = {
    "an event": (recorded(event("follow_up_visit", "2025-03-09", "f1")), {2}),
    "a report": (
        recorded(event("task_progress", "2025-03-09", "p1", item="treat", status="ordered")),
        {2},
    ),
    "a working date": (said("V01", WorkingDate(about=TREAT, on=date(2025, 3, 12))), {2}),
    "put off": (said("V02", PUT_OFF), {1}),
    "taken on": (said("V02", MINE), {1}),
    "another owner": (said("V02", Assigned(owner="ben")), {1}),
    "the site's days": (arranged(SITE.model_copy(update={"undated_days": 3})), set()),
    "a holiday": (arranged(SITE.model_copy(update={"own_holidays": (date(2025, 3, 12),)})), set()),
    "a person": (arranged(BEN.model_copy(update={"active": False})), {1, 2}),
    "a comment": (said("V02", Comment(text="called")), {1, 2}),
    "an absence": (arranged(Absence(person="anna", first=NOW.date(), last=NOW.date(), deputy="ben")), {1, 2}),
    "a ladder": (arranged(Ladder(steps=(Step(rung="due"),))), {1, 2}),
}


@ONLY_SQLITE
@pytest.mark.parametrize(("change", "stays"), CHANGES.values(), ids=CHANGES)
def test_what_may_change_it_takes_it_away_at_once(
    database: Database, change: Change, stays: set[int]
) -> None:
    two(database)
    assert set(swept(database)) == {1, 2}
    change(database)
    assert set(right(database, NOW.date())) == stays
    assert set(swept(database)) == {1, 2}


@ONLY_SQLITE
def test_who_left_takes_away_what_rests_on_people(database: Database) -> None:
    two(database)
    say_about(database, "V02", MINE, now=NOW, by="ben")
    assert set(swept(database)) == {1, 2}
    furnish(database, BEN.model_copy(update={"active": False}), now=NOW)
    assert set(right(database, NOW.date())) == {1}
    assert swept(database)[2].next_on == RESPONSE.due


@ONLY_SQLITE
def test_it_is_right_until_a_day_that_changes_it(database: Database) -> None:
    two(database)
    say_about(database, "V02", PUT_OFF, now=NOW)
    swept(database)
    assert set(right(database, date(2025, 3, 13))) == {1, 2}
    assert set(right(database, date(2025, 3, 14))) == {1}, "what was put off comes back"
    assert set(right(database, date(2025, 3, 9))) == set(), "it was made on a later day"
    assert set(right(database, date(2025, 4, 30))) == {1}, "the assessment is overdue by then"


@ONLY_SQLITE
def test_each_day_gives_what_that_day_works_out(database: Database) -> None:
    two(database)
    say_about(database, "V02", PUT_OFF, now=NOW)
    waits = event(
        "task_progress", "2025-03-10", "p1", item="treat", status="deferred", on="2025-03-27", reason="away"
    )
    say(database, live("V01", waits), NOW)
    seen = [
        {one.next_on for one in swept(database, at(f"2025-{day}", "08:00")).values()}
        for day in ("03-10", "03-14", "03-27", "04-14")
    ]
    assert seen == [
        {date(2025, 3, 27), date(2025, 3, 14)},
        {date(2025, 3, 27), date(2025, 3, 31)},
        {date(2025, 3, 28), date(2025, 3, 31)},
        {date(2025, 3, 28), date(2025, 3, 31)},
    ]


def listed(database: Database, day: date, closed: tuple[str, ...] = ()) -> None:
    refresh(database, now=at(str(day)), derive=derivation)
    by = Reckoning(day, at(str(day)), derivation)
    outlook.bring_up_to_date(database, database, by, closed)


def test_who_lists_without_a_worker_works_out_of_whom_a_working_date_may_have_passed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    two(database)
    listed(database, date(2025, 3, 10))
    assert right(database, date(2025, 3, 10)) == {}, "nobody can be late by then"
    listed(database, date(2025, 3, 24))
    found = right(database, date(2025, 3, 24))
    assert {number: one.working_on for number, one in found.items()} == {1: date(2025, 3, 21)}
    monkeypatch.setattr(outlook, "tracks", _nobody)
    listed(database, date(2025, 3, 25))


def test_two_who_work_out_the_same_do_not_stand_in_each_other_s_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    two(database)
    there = outlooks.put

    def somebody_was_in_the_way(connection: Connection, kept: outlooks.Kept) -> None:
        monkeypatch.setattr(outlooks, "put", there)
        raise Crossed

    monkeypatch.setattr(outlooks, "put", somebody_was_in_the_way)
    listed(database, date(2025, 3, 24))
    assert set(right(database, date(2025, 3, 24))) == {1}


def _nobody(*_: object) -> None:
    raise AssertionError("what is kept is not worked out again")


@ONLY_SQLITE
def test_nothing_is_worked_out_of_who_is_closed(database: Database) -> None:
    two(database)
    listed(database, date(2025, 3, 24), ("board_held",))
    assert right(database, date(2025, 3, 24)) == {}


def test_a_rebuilt_list_is_worked_out_anew_to_the_same(database: Database) -> None:
    two(database)
    say_about(database, "V02", MINE, now=NOW)
    before = swept(database)
    rebuild(database, now=NOW, derive=derivation)
    assert right(database, NOW.date()) == {}
    with database.writing() as connection:
        planning.plan_all(connection)
    assert swept(database) == before


@ONLY_SQLITE
def test_where_none_is_kept_a_line_of_the_list_is_worked_out(database: Database) -> None:
    two(database)
    say_about(database, "V02", Comment(text="called"), now=NOW)
    empty = lines(database)
    assert set(swept(database)) == {1, 2}
    assert lines(database) == empty
    assert [one.tracked_on for one in empty.values()] == [date(2025, 3, 3), NOW.date()]
    assert [one.work.owner for one in empty.values()] == ["anna", "anna"]


def lines(database: Database) -> dict[int, Overview]:
    with database.reading() as connection:
        site = SiteDesk.read(connection)
        return dict(overviews(connection, connection, [1, 2], site, NOW.date()))


def test_a_merge_takes_away_what_was_kept_of_both(database: Database) -> None:
    two(database)
    swept(database)
    merge(database, "V01", "V02", "the same person", recorder="anna", now=NOW, derive=derivation)
    assert right(database, NOW.date()) == {}
    assert set(swept(database)) == {1}


def test_what_bears_on_no_notice_bears_on_nothing_that_is_kept() -> None:
    """The sweep keeps what it worked out where nothing else that bears on notices was said meanwhile."""
    assert set(WITHOUT_NOTICES) <= set(outlooks.WITHOUT_OUTLOOK)
