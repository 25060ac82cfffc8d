"""The lists across patients: order, filters, pages."""

from __future__ import annotations

from datetime import date

import pytest

from store.database import Database
from store.findings import deviations, due_items
from store.recording import Recording
from store.refresh import refresh
from store.tracking import Facets, Place, Tracked, Wanted, count, facets, states, tracking_list
from tests.store.cast import FACTS, NOON, STORY, at, event, say, story
from tests.store.toy import derivation

DAY = date(2025, 3, 3)
TREATED = event("mdt_started", "2025-03-01", "e08", targets=["L1"], modality="resection")
BOARD = event("board_held", "2025-03-02", "e09", question="mdt", decision="recommended")


@pytest.fixture
def ward(database: Database) -> Database:
    """Long overdue, overdue, due soon, treated without a board, done, and one of whom nothing is known."""
    start = ("systemic_started", "2025-01-20", "2025-02-02", "2025-02-20")
    for reference, day in zip(("LONG-1", "LATE_2", "SOON%3"), start[1:], strict=True):
        say(database, story(reference, STORY[0], event(start[0], day, "e02", line=1)), at(day))
    say(database, story("Open-4", STORY[0], TREATED))
    say(
        database,
        story("done-5", STORY[0], TREATED, BOARD, event("bma_given", "2025-03-02", "e10", drug="denosumab")),
    )
    say(database, Recording("Nobody-6", facts=FACTS))
    refresh(database, now=NOON, derive=derivation)
    return database


def found(rows: list[Tracked]) -> list[str]:
    return [row.reference for row in rows]


def test_the_longest_overdue_comes_first(ward: Database) -> None:
    rows = tracking_list(ward)
    assert found(rows)[:3] == ["LONG-1", "LATE_2", "SOON%3"]
    assert [row.rank for row in rows] == [0, 0, 1, 2, 2, 2]
    assert (rows[0].overdue, rows[0].next_due, rows[0].days_in_state(DAY)) == (1, date(2025, 2, 17), 42)
    assert rows[-1].days_in_state(DAY) is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(state="systemic_started"), ["LONG-1", "LATE_2", "SOON%3"]),
        (Wanted(overdue=True), ["LONG-1", "LATE_2"]),
        (Wanted(overdue=False), ["SOON%3", "Open-4", "done-5", "Nobody-6"]),
        (Wanted(deviation="any"), ["Open-4"]),
        (Wanted(deviation="d-no-board"), ["Open-4", "done-5"]),
        (Wanted(pathway="bones"), ["done-5"]),
        (Wanted(pathway="bones", state="bma_given"), ["done-5"]),
        (Wanted(pathway="bones", state="mdt_started"), []),
        (Wanted(text="on"), ["LONG-1", "SOON%3", "done-5"]),
        (Wanted(text="%"), ["SOON%3"]),
        (Wanted(text="_"), ["LATE_2"]),
        (Wanted(state="systemic_started", overdue=True, text="late"), ["LATE_2"]),
        (Wanted(state="nowhere"), []),
    ],
)
def test_filters(ward: Database, wanted: Wanted, expected: list[str]) -> None:
    assert found(tracking_list(ward, wanted)) == expected
    assert count(ward, wanted) == len(expected)


def test_pages_follow_one_another(ward: Database) -> None:
    whole, pages, after = tracking_list(ward), [], None
    while page := tracking_list(ward, limit=2, after=after):
        pages += page
        after = page[-1].place
    assert pages == whole
    assert tracking_list(ward, after=Place(9, date.max, 0)) == []
    assert tracking_list(ward, limit=None) == whole


def test_facets_count_all_pages(ward: Database) -> None:
    everyone = tracking_list(ward, limit=None)
    assert facets(ward) == Facets(
        total=len(everyone),
        overdue=sum(one.rank == 0 for one in everyone),
        due=sum(one.rank < 2 for one in everyone),
        deviations=sum(one.deviations > 0 for one in everyone),
        blocked=sum(one.blocked for one in everyone),
        undetermined=sum(one.undetermined for one in everyone),
    )
    assert (facets(ward, Wanted(overdue=True)).total, facets(ward, Wanted(overdue=True)).due) == (2, 2)
    assert facets(ward, Wanted(text="LONG")).total == 1
    assert facets(ward, Wanted(state="nowhere")) == Facets(0, 0, 0, 0, 0, 0)


def test_states_are_counted(ward: Database) -> None:
    counted = {"systemic_started": 3, "mdt_started": 1, "bma_given": 1, "not_started": 1}
    assert states(ward) == counted


def test_what_is_due(ward: Database) -> None:
    items = due_items(ward)
    assert [(one.reference, one.status) for one in items] == [
        ("LONG-1", "escalated"),
        ("LATE_2", "overdue"),
        ("SOON%3", "scheduled"),
    ]
    assert (items[0].anchor, items[0].statements) == (("e02",), ("s-response",))
    week = date(2025, 3, 10)
    assert [one.reference for one in due_items(ward, since=DAY, until=week)] == ["LONG-1", "LATE_2"]
    assert due_items(ward, since=DAY, until=week, overdue=False) == []
    assert len(due_items(ward, since=date(2025, 3, 20), until=date(2025, 3, 20), overdue=False)) == 1
    assert [one.reference for one in due_items(ward, status="overdue")] == ["LATE_2"]
    assert [one.reference for one in due_items(ward, text="soon", item="t-response", pathway="toy")] == [
        "SOON%3"
    ]
    assert due_items(ward, pathway="bones") == []
    assert len(due_items(ward, limit=1)) == 1


def test_deviations(ward: Database) -> None:
    both = deviations(ward)
    assert [(one.reference, one.status) for one in both] == [("Open-4", "open"), ("done-5", "closed")]
    assert (both[1].events, both[1].statements, both[1].why) == (("e08", "e09"), ("s-board",), "none")
    assert [one.reference for one in deviations(ward, status="open")] == ["Open-4"]
    assert [one.reference for one in deviations(ward, text="DONE", code="d-no-board")] == ["done-5"]
    assert deviations(ward, severity="minor") == []
    assert deviations(ward, pathway="bones") == []
    assert deviations(ward, since=date(2025, 3, 2)) == []
    assert len(deviations(ward, since=date(2025, 3, 1), until=date(2025, 3, 1))) == 2


MANY = """
INSERT INTO tracking
SELECT (jsonb_populate_record(
  one.row, jsonb_build_object('patient_id', n, 'rank', mod(n, 2), 'deviations', 0))).*
FROM (SELECT tracking AS row FROM tracking LIMIT 1) AS one, generate_series(1000, 3000) AS n
"""


def plan(database: Database, query: str) -> str:
    """How the database would find the rows, were there many of them."""
    with database.writing(keeping=False) as connection:
        if connection.dialect.name == "sqlite":
            return " ".join(row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
        ways = [f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan")]
        for said in ("SET LOCAL session_replication_role = replica", MANY, "ANALYZE tracking", *ways):
            connection.exec_driver_sql(said)
        return " ".join(connection.exec_driver_sql(f"EXPLAIN {query}").scalars())


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("1 = 1", "ix_tracking_urgency"),
        ("state = 'x'", "ix_tracking_state"),
        ("state = 'x' AND rank = 0", "ix_tracking_state"),
        ("deviations > 0", "ix_tracking_deviations"),
    ],
)
def test_a_page_is_read_from_an_index_without_sorting(ward: Database, condition: str, index: str) -> None:
    query = f"SELECT * FROM tracking WHERE {condition} ORDER BY rank, urgent_on, patient_id LIMIT 50"
    assert index in plan(ward, query)
    assert "TEMP B-TREE" not in plan(ward, query)
    assert "Sort" not in plan(ward, query)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT id FROM patient WHERE sequence > sealed_sequence ORDER BY id", "ix_patient_unsealed"),
        ("SELECT * FROM lookup WHERE kind = 'reference' AND blind = 'x'", "lookup_"),
        ("SELECT patient_id FROM tracking WHERE wake_on <= '2025-01-01'", "ix_tracking_wake"),
        (
            "SELECT patient_id FROM tracking WHERE next_item IS NOT NULL"
            " ORDER BY next_item, urgent_on, patient_id LIMIT 50",
            "ix_tracking_step",
        ),
        (
            "SELECT patient_id FROM tracking WHERE rank = 2 AND next_step IS NOT NULL"
            " AND ahead_until < '0001-01-01'",
            "ix_tracking_undated",
        ),
        (
            "SELECT patient_id FROM tracking WHERE state IN ('x', 'y') AND ahead_until < '0001-01-01'",
            "ix_tracking_ahead",
        ),
        (
            "SELECT patient_id FROM outlook WHERE working_on < '2025-01-01' AND made_on <= '2025-01-01'"
            " AND until > '2025-01-01' AND site >= 3 AND (alone OR site >= 4)",
            "ix_outlook_working",
        ),
        ("SELECT patient_id FROM outlook WHERE NOT alone AND site < 4", "ix_outlook_together"),
        ("SELECT * FROM due_item WHERE due >= '2025-01-01' ORDER BY due, patient_id", "ix_due_item_day"),
    ],
)
def test_what_is_asked_all_the_time_is_found_by_an_index(ward: Database, query: str, index: str) -> None:
    assert index in plan(ward, query)
