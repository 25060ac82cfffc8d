"""The kept rows: right after every entry, right again when time has passed, and the same when rebuilt."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from store.database import Database, open_database
from store.errors import StoreError
from store.patient_view import look_up
from store.refresh import Refreshed, rebuild, refresh
from store.tables import deviation, due_item, projections, tracking
from store.verify import verify
from store.work_tables import tally_change
from tests.store.cast import NOON, STORY, Raw, at, costly, event, live, say, story
from tests.store.toy import derivation


def kept(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every projection, but for the day it was derived."""
    with database.reading() as connection:
        found = {table.name: connection.execute(select(table)).mappings().all() for table in projections}
    return {
        name: sorted(({**row, "derived_on": None} for row in rows), key=repr) for name, rows in found.items()
    }


def only_row(database: Database, table: Any) -> Any:
    with database.reading() as connection:
        return connection.execute(select(table)).one()


def how_many(database: Database, table: Any) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_row_of_the_tracking_list(database: Database) -> None:
    say(database, story("V01", *STORY[:2]), at("2025-01-21"))
    row = only_row(database, tracking)
    assert (row.state, row.entered_on, row.latest_activity) == (
        "systemic_started",
        date(2025, 1, 20),
        date(2025, 1, 20),
    )
    assert (row.rank, row.urgent_on, row.next_item, row.next_due) == (
        1,
        date(2025, 2, 17),
        "t-response",
        date(2025, 2, 17),
    )
    assert (row.overdue, row.due, row.deviations) == (0, 1, 0)
    assert (row.next_step, row.blocked, row.undetermined) == (None, False, True)
    assert (row.derived_on, row.wake_on) == (date(2025, 1, 21), date(2025, 2, 3))


def test_rows_wake_when_time_changes_them(database: Database) -> None:
    say(database, story("V01", *STORY[:2]), at("2025-01-21"))
    assert refresh(database, now=at("2025-02-02"), derive=derivation) == Refreshed(0, ())
    assert refresh(database, now=at("2025-02-03"), derive=derivation) == Refreshed(1, ())
    assert only_row(database, due_item).status == "open"
    refresh(database, now=at("2025-02-18"), derive=derivation)
    row = only_row(database, tracking)
    assert (row.rank, row.urgent_on, row.overdue) == (0, date(2025, 2, 18), 1)
    refresh(database, now=at("2025-03-18"), derive=derivation)
    assert only_row(database, due_item).status == "escalated"
    assert only_row(database, tracking).wake_on is None
    assert refresh(database, now=at("2026-03-18"), derive=derivation) == Refreshed(0, ())


def test_an_event_in_the_future_wakes_the_row_on_its_day(database: Database) -> None:
    say(database, story("V01", STORY[0], event("follow_up_visit", "2025-03-10", "e09")))
    assert only_row(database, tracking).state == "metastasis_suspected"
    refresh(database, now=at("2025-03-10"), derive=derivation)
    assert only_row(database, tracking).state == "follow_up_visit"


def test_a_patient_who_cannot_be_derived_is_marked_and_does_not_stop_the_others(database: Database) -> None:
    broken = event("follow_up_visit", "2025-03-10", "e09", note="engine failure")
    say(database, story("V01", *STORY[:2], broken), at("2025-01-21"))
    say(database, story("V02", *STORY[:2]), at("2025-01-21"))
    assert refresh(database, now=at("2025-03-10"), derive=derivation) == Refreshed(1, (1,))
    with database.reading() as connection:
        first, second = connection.execute(select(tracking).order_by(tracking.c.patient_id)).all()
    assert (first.trouble, first.wake_on, first.rank) == ("CannotDerive", date(2025, 3, 11), 1)
    assert (second.trouble, second.rank) == (None, 0)
    assert rebuild(database, now=at("2025-03-10"), derive=derivation) == Refreshed(1, (1,))


def test_rows_that_somebody_spoilt_are_rebuilt(database: Database) -> None:
    say(
        database,
        story("V01", *STORY, event("mdt_started", "2025-03-01", "e09", targets=["L1"], modality="resection")),
    )
    say(database, story("V02", *STORY[:2]))
    right = kept(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE tracking SET state = 'elsewhere', overdue = 7"))
        connection.execute(text("DELETE FROM due_item"))
        connection.execute(text("DELETE FROM snapshot WHERE patient_id = 1"))
        connection.execute(text("UPDATE deviation SET status = 'closed'"))
    assert rebuild(database, now=NOON, derive=derivation) == Refreshed(2, ())
    assert kept(database) == right


def test_dropped_rows_do_not_stop_recording(database: Database) -> None:
    say(database, story("V01", *STORY[:2]))
    with database.writing() as connection:
        for table in projections:
            connection.execute(text(f"DELETE FROM {table.name}"))
    say(database, live("V01", event("follow_up_visit", "2025-03-02")))
    right = kept(database)
    assert rebuild(database, now=NOON, derive=derivation) == Refreshed(1, ())
    assert kept(database) == right


def test_no_more_is_written_than_changed(database: Database) -> None:
    say(
        database,
        story(
            "V01", *STORY[:2], event("mdt_started", "2025-03-01", "e08", targets=["L1"], modality="resection")
        ),
    )
    with database.writing() as connection:
        connection.execute(text("UPDATE deviation SET title = 'as it stood'"))
    say(database, live("V01", event("follow_up_visit", "2025-03-02")))
    counted = how_many(database, tally_change)
    say(database, live("V01", event("follow_up_visit", "2025-03-03")))
    assert only_row(database, deviation).title == "as it stood"
    assert how_many(database, tally_change) == counted, "the patient stands as before"


DAYS = st.dates(date(2025, 1, 1), date(2025, 4, 30)).map(date.isoformat)
EVENTS: st.SearchStrategy[Raw] = st.one_of(
    st.builds(lambda day: event("systemic_started", day, line=1), DAYS),
    st.builds(
        lambda day, overall: event("response_assessed", day, overall=overall),
        DAYS,
        st.sampled_from(["PR", "PD"]),
    ),
    st.builds(lambda day: event("mdt_started", day, targets=["L1"], modality="resection"), DAYS),
    st.builds(lambda day: event("board_held", day, question="mdt", decision="recommended"), DAYS),
    st.builds(lambda day: event("follow_up_visit", day), DAYS),
    st.builds(lambda day: event("bma_given", day, drug="denosumab"), DAYS),
    st.builds(
        lambda day, n: event("retraction", day, target=f"e{n:02d}", reason="never"), DAYS, st.integers(1, 8)
    ),
    st.builds(
        lambda day, n, new: event("correction", day, target=f"e{n:02d}", field="date", new=new),
        DAYS,
        st.integers(1, 8),
        DAYS,
    ),
)
STEPS = st.lists(st.tuples(st.integers(0, 20), st.lists(EVENTS, max_size=3)), min_size=1, max_size=8)


@costly
@given(STEPS)
def test_kept_rows_equal_rebuilt_rows_after_every_step(steps: Sequence[tuple[int, list[Raw]]]) -> None:
    """Whatever is said: the chain holds, the rows are those of a rebuild, and a view once given stays."""
    database = open_database("sqlite://")
    now = at("2025-01-01")
    say(database, story("V01", event("follow_up_visit", "2025-01-01", "e00")), now)
    views: list[tuple[date, datetime, object]] = []
    for days, events in steps:
        now += timedelta(days=days, minutes=1)
        with contextlib.suppress(StoreError):
            say(database, live("V01", *events), now)
        refresh(database, now=now, derive=derivation)
        right = kept(database)
        assert rebuild(database, now=now, derive=derivation).troubled == ()
        assert kept(database) == right
        snapshot = look_up(database, "V01", now=now, derive=derivation).snapshot
        views.append((snapshot.as_of, now, snapshot.pathways))
    for as_of, known_at, pathways in views:
        again = look_up(database, "V01", now=now, derive=derivation, as_of=as_of, known_at=known_at)
        assert again.snapshot.pathways == pathways
    assert verify(database) == []
    database.close()


@costly
@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_a_file_is_irrelevant(steps: Sequence[tuple[int, list[Raw]]], chance: Any) -> None:
    """A history gives the same rows in whatever order its entries stand in the file."""
    events = [{**one, "id": f"e{n:02d}"} for n, one in enumerate((e for _, es in steps for e in es), start=2)]
    events = [one for one in events if one["type"] not in ("retraction", "correction")]
    shuffled = list(events)
    chance.shuffle(shuffled)
    results = []
    for order in (events, shuffled):
        database = open_database("sqlite://")
        say(database, story("V01", STORY[0], *order))
        results.append(kept(database))
        database.close()
    assert results[0] == results[1]
