"""The list as the desk shows it, against a naive reading of the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from store import desk_list, identities, outlooks, tallies
from store.database import Database
from store.desk_list import BUCKETS, DUE, Order, Scope, Ticked
from store.desk_list_counts import count, tallied
from store.outlooks import By, Kept
from store.recording import Recording
from store.tables import tracking
from store.work_tables import outlook, tally_change, tally_made
from tests.store.cast import NOON
from tests.store.tallying import kept_counts

TODAY = date(2025, 3, 3)
BY = By(TODAY, 0, 0)
CLOSED = ("dead",)
SCOPE = Scope(TODAY, CLOSED, corrected=(2, 3))
NEVER = date.max


def fill(database: Database) -> int:
    """Patients of every kind, three of each."""
    kinds = [
        (state, rank, days, item, step, working)
        for state in ("running", "dead")
        for rank, days in ((0, -9), (1, 0), (1, 7), (1, 8), (2, None))
        for item, step in ((None, None), ("t", None), (None, "s"))
        for working in (None, -1, 1)
        if (rank < 2) == (item is not None) and (working is None or step)
    ]
    everybody = list(enumerate(kinds * 3))
    _put(database, everybody[::2])
    tallies.count_anew(database, TODAY)
    _put(database, everybody[1::2])  # what has come since
    return len(everybody)


def _put(database: Database, them: Sequence[tuple[int, Any]]) -> None:
    with database.writing() as connection:
        for n, (state, rank, days, item, step, working) in them:
            head = identities.create(connection, Recording(f"P{n:03}", ()), None, NOON)
            urgent = TODAY + timedelta(days) if days is not None else NEVER
            row = {
                "patient_id": head.patient_id, "state": state, "entered_on": None, "rank": rank,
                "urgent_on": urgent, "next_step": step, "next_item": item,
                "next_due": urgent if item else None, "overdue": int(rank == 0), "due": 0,
                "deviations": n % 2, "blocked": n % 3 == 0, "undetermined": n % 5 == 0,
                "latest_activity": None, "derived_on": TODAY, "wake_on": None, "trouble": None,
                "owner": (None, "anna", "ben")[n % 3],
                "began_on": TODAY - timedelta((n * 7) % 120) if n % 4 else None,
                "clock": (None, "none", "open", "closed", "unknown")[n % 5],
                "clock_from": TODAY - timedelta(n % 40) if n % 5 > 1 else None,
                "clock_until": TODAY + timedelta(90 - n % 40) if n % 5 > 1 else None,
            }  # fmt: skip
            connection.execute(insert(tracking), row)
            tallies.comes(connection, head.patient_id)
            if working is not None:
                on = TODAY + timedelta(working)
                meeting = TODAY + timedelta(n % 9) if n % 2 else None
                kept = Kept(head.patient_id, TODAY, NEVER, 0, True, on, on, "{}", meeting)
                outlooks.put(connection, kept)


def test_every_patient_is_of_one_kind_and_stands_once_in_the_list(database: Database) -> None:
    number = fill(database)
    with database.reading() as connection:
        rows = desk_list.page(connection, SCOPE, BY, most=1000)
        counts = tallied(connection, SCOPE, BY).counts()
    assert len({row.number for row in rows}) == len(rows) == number == counts.total
    assert Counter(row.due for row in rows) == dict(counts.due)
    assert set(counts.due) == set(DUE)
    kinds = [DUE.index(row.due) for row in rows]
    assert kinds == sorted(kinds)
    left = [row for row in rows if row.due != "closed"]
    assert counts.flags == {
        "blocked": sum(row.blocked for row in left),
        "undetermined": sum(row.undetermined for row in left),
        "deviation": sum(row.deviations > 0 for row in left),
        "corrected": 2,
    }


def test_the_kinds_are_what_they_say(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        for row in desk_list.page(connection, SCOPE, BY, most=1000):
            closed, no_step = row.state in CLOSED, row.next_item is None and row.next_step is None
            ahead = (row.urgent_on - TODAY).days
            assert (row.due == "overdue") == (row.overdue > 0)
            assert (row.due == "none") == (no_step and not closed)
            if row.due in ("soon", "planned"):
                assert (ahead <= 7) == (row.due == "soon")
            if row.due in ("passed", "waiting"):
                assert row.next_step
                assert not closed
            if row.due == "closed":
                assert closed


@pytest.mark.parametrize("order", desk_list.ORDERS)
def test_pages_put_together_are_the_whole(database: Database, order: Order) -> None:
    number = fill(database)
    with database.reading() as connection:
        whole = desk_list.page(connection, SCOPE, BY, order=order, most=1000)
        pages = [
            row
            for first in range(0, number, 7)
            for row in desk_list.page(connection, SCOPE, BY, order=order, first=first, most=7)
        ]
    assert pages == whole


@pytest.mark.parametrize(
    "ticked",
    [
        Ticked(due=("overdue", "passed")),
        Ticked(flags=("blocked", "deviation")),
        Ticked(flags=("corrected",)),
        Ticked(buckets=(0, 3)),
        Ticked(states=("dead",)),
        Ticked(due=("soon", "planned"), flags=("deviation",), states=("running",)),
    ],
)
def test_what_is_ticked_narrows_the_list_and_its_count_alike(database: Database, ticked: Ticked) -> None:
    fill(database)
    with database.reading() as connection:
        everybody = desk_list.page(connection, SCOPE, BY, most=1000)
        found = desk_list.page(connection, SCOPE, BY, ticked, most=1000)
        number = count(connection, SCOPE, BY, ticked)

    def fits(row: desk_list.Row) -> bool:
        day = (TODAY - row.began_on).days if row.began_on and row.state not in CLOSED else None
        within = [n for n, (a, b) in enumerate(BUCKETS) if day is not None and a <= day <= (b or day)]
        flags = {"blocked": row.blocked, "undetermined": row.undetermined, "deviation": row.deviations > 0}
        flags["corrected"] = row.number in SCOPE.corrected
        return (
            (not ticked.due or row.due in ticked.due)
            and all(flags[one] for one in ticked.flags)
            and (not ticked.buckets or bool(set(within) & set(ticked.buckets)))
            and (not ticked.states or row.state in ticked.states)
        )

    assert {row.number for row in found} == {row.number for row in everybody if fits(row)}
    assert number == len(found) > 0


def test_who_is_counted_by_what_is_kept_is_who_is_there_on_each_later_day(database: Database) -> None:
    fill(database)
    kept_counts(database)
    for days in (0, 1, 2, 7, 40, 200):
        tallies.bring_up_to_date(database, TODAY + timedelta(days), many=0)
        assert kept_counts(database) == TODAY + timedelta(days)
    with database.reading() as connection:
        assert connection.execute(select(tally_change)).first() is None


def test_the_counts_are_the_same_where_nothing_is_kept(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        kept = tallied(connection, SCOPE, BY)
    with database.writing() as connection:
        connection.execute(delete(tally_made))
        assert tallied(connection, SCOPE, BY) == kept
        assert tallied(connection, replace(SCOPE, numbers=(1, 2, 3)), BY).counts().total == 3


def test_who_counts_while_another_has_counted_keeps_what_is_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    there = tallies.counted_up

    def another_is_first(*given: Any) -> Any:
        monkeypatch.setattr(tallies, "counted_up", there)
        tallies.bring_up_to_date(database, TODAY, many=0)
        return there(*given)

    monkeypatch.setattr(tallies, "counted_up", another_is_first)
    tallies.bring_up_to_date(database, TODAY, many=0)
    assert kept_counts(database) == TODAY


def test_a_list_of_few_is_in_the_order_of_a_list_of_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database)
    scope = replace(SCOPE, owners=("anna",))
    with database.reading() as connection:
        sorted_ = [
            desk_list.page(connection, scope, BY, order=order, most=1000) for order in desk_list.ORDERS
        ]
        monkeypatch.setattr(desk_list, "FEW", 3)
        desk_list._many.cache_clear()
        read = [desk_list.page(connection, scope, BY, order=order, most=1000) for order in desk_list.ORDERS]
    desk_list._many.cache_clear()
    assert read == sorted_


def test_of_whom_is_spoken_at_all(database: Database) -> None:
    number = fill(database)
    with database.reading() as connection:
        whose = tallied(connection, SCOPE, BY).open_
        mine = desk_list.page(connection, Scope(TODAY, CLOSED, owners=("anna", None)), BY, most=1000)
        limited = Scope(TODAY, CLOSED, limited_to=frozenset({"ben"}))
        bens = desk_list.page(connection, limited, BY, most=1000)
        some = desk_list.page(connection, Scope(TODAY, CLOSED, numbers=(1, 2)), BY)
        nobody = desk_list.page(connection, Scope(TODAY, CLOSED, owners=()), BY)
    assert {row.owner for row in mine} == {"anna", None}
    assert {row.owner for row in bens} == {"ben"}
    assert [row.number for row in sorted(some)] == [1, 2]
    assert nobody == []
    assert len(mine) + len(bens) == number
    assert set(whose) == {None, "anna", "ben"}


def test_what_follows_a_place_goes_on_where_it_ended(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        for ticked in (Ticked(), Ticked(due=("passed", "waiting")), Ticked(due=("closed",))):
            whole = desk_list.page(connection, SCOPE, BY, ticked, most=1000)
            numbers: list[int] = []
            place = None
            while True:
                rows, place = desk_list.following(connection, SCOPE, BY, ticked, after=place, most=7)
                numbers += [row.number for row in rows]
                if place is None:
                    break
            assert numbers == [row.number for row in whole]


def test_what_is_gone_meanwhile_makes_nobody_come_twice(database: Database) -> None:
    fill(database)
    with database.writing() as connection:
        first, place = desk_list.following(connection, SCOPE, BY, most=7)
        whole = desk_list.page(connection, SCOPE, BY, most=1000)
        gone = [row.number for row in first[:3]]
        connection.execute(delete(outlook).where(outlook.c.patient_id.in_(gone)))
        connection.execute(delete(tracking).where(tracking.c.patient_id.in_(gone)))
        rest, _ = desk_list.following(connection, SCOPE, BY, after=place, most=1000)
    assert [row.number for row in (*first, *rest)] == [row.number for row in whole]
