"""What was reported of due items, of which one, and what holds notices back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import pytest

from coordination.due_items import item_of
from coordination.entries import Item
from coordination.progress import Held, Reported, chase, held
from engine.event import Event
from engine.snapshot import TimerItem

NOTHING: Mapping[str, object] = MappingProxyType({})


def day(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


def event(type: str, on: str, id: str = "e", /, **fields: object) -> Event:
    return Event(id, type, day(on), day(on), day(on), fields)


def report(on: str, status: str, /, **fields: object) -> Event:
    return event("task_progress", on, f"r{on}", item="t-scan", status=status, **fields)


def timer(due: str, status: str = "open", done: str | None = None, anchor: str = "") -> TimerItem:
    return TimerItem(
        "t-scan",
        "Scan",
        day(due),
        day(due),
        None,
        None,
        status,
        (),
        (anchor,) if anchor else (),
        "d" if done else None,
        day(done) if done else None,
    )


def told(*found: Event, about: TimerItem, among: tuple[TimerItem, ...] = ()) -> str | None:
    """The status that counts for an item, among the patient's."""
    timers: dict[Item, TimerItem] = {item_of("main", one): one for one in (about, *among)}
    latest = Reported.of(found).about(item_of("main", about), timers)
    return latest.status if latest else None


FIRST, SECOND = timer("03-01"), timer("06-01")


def test_a_later_report_takes_the_place_of_one_before() -> None:
    booked = report("02-01", "booked", on=day("02-20"), place="Room 3")
    assert told(booked, about=FIRST) == "booked"
    assert told(booked, report("02-20", "not_attended"), about=FIRST) == "not_attended"
    assert told(event("visit", "02-01"), about=FIRST) is None
    assert told(event("task_progress", "02-01", item="t-other", status="done"), about=FIRST) is None


def test_without_a_date_it_is_about_the_earliest_that_was_not_done_then() -> None:
    booked = report("02-01", "booked")
    assert told(booked, about=FIRST, among=(SECOND,)) == "booked"
    assert told(booked, about=SECOND, among=(FIRST,)) is None
    done = timer("03-01", "done", done="02-20")
    assert told(booked, about=SECOND, among=(done,)) is None, "it was about the one that is done now"
    assert told(report("02-21", "booked"), about=SECOND, among=(done,)) == "booked"


def test_a_date_of_the_series_that_is_named_is_the_one_that_is_meant() -> None:
    second = report("02-01", "ordered", due=day("06-01"))
    assert told(second, about=SECOND, among=(FIRST,)) == "ordered"
    assert told(second, about=FIRST, among=(SECOND,)) is None


def test_what_was_reported_before_an_item_began_is_not_about_it() -> None:
    dose = event("bma_given", "03-01", "dose")
    following = timer("03-29", anchor="dose")
    assert told(report("02-01", "booked"), dose, about=following) is None
    assert told(dose, report("03-02", "booked"), about=following) == "booked"


@pytest.mark.parametrize("named", [NOTHING, {"due": day("03-01")}])
def test_a_refusal_ends_its_item_and_what_was_reported_of_it(named: Mapping[str, object]) -> None:
    refused = report("02-10", "declined", reason="no further scans", **named)
    gone = timer("03-01", "cancelled")
    booked = report("02-01", "booked", **named)
    assert told(booked, refused, about=SECOND, among=(gone,)) is None
    assert told(booked, refused, about=gone, among=(SECOND,)) is None
    assert told(booked, refused, report("02-12", "ordered"), about=SECOND, among=(gone,)) == "ordered"
    assert told(report("02-10", "declined"), about=FIRST) == "declined", "without a reason nothing ends"


def test_a_refusal_is_told_of_the_item_that_it_ended() -> None:
    gone, other = timer("03-01", "cancelled"), timer("06-01", "cancelled")
    items = {item_of("main", one): one for one in (gone, other, timer("09-01"))}
    first = report("02-10", "declined", reason="no further scans", reason_code="patient-refuses")
    second = report("02-12", "contraindicated", reason="pacemaker", due=day("06-01"))
    found = Reported.of([first, report("02-11", "declined"), second])
    told = [found.refusal(one, items) for one in items]
    assert [one and one.words for one in told] == [
        "declined on 2025-02-10: the patient declines it: no further scans",
        "contraindicated on 2025-02-12: pacemaker",
        None,
    ]


def test_three_different_things_are_chased() -> None:
    def chased(status: str) -> str:
        return chase(Reported.of([report("02-01", status)]).about(item_of("main", FIRST), alone))

    alone = {item_of("main", FIRST): FIRST}
    assert chase(None) == chased("ordered") == chased("booked") == chased("not_attended") == "not_done"
    assert (chased("done"), chased("reported"), chased("acted_on")) == (
        "not_reported",
        "not_acted_on",
        "not_recorded",
    )


def test_what_is_put_off_until_a_day() -> None:
    def put_off(status: str) -> date | None:
        found = Reported.of([report("02-01", status, on=day("02-20"))])
        latest = found.about(item_of("main", FIRST), {item_of("main", FIRST): FIRST})
        assert latest is not None
        return latest.put_off

    assert put_off("booked") == put_off("deferred") == day("02-20")
    assert put_off("done") is None


PAUSED, AGAIN = (
    event("pathway_paused", "02-01", reason="away"),
    event("pathway_paused", "02-05", reason="ill"),
)
RESUMED = event("pathway_resumed", "02-11")


def test_pauses_are_counted_and_the_last_reason_holds() -> None:
    assert held([RESUMED]) == Held()
    assert (held([PAUSED, AGAIN]).paused_on, held([PAUSED, AGAIN]).paused_because) == (day("02-01"), "ill")
    assert held([event("pathway_paused", "02-01")]).paused_because == ""
    both = held([PAUSED, RESUMED, event("pathway_paused", "02-21", reason="away")])
    assert both.pauses == ((day("02-01"), day("02-11")), (day("02-21"), None))
    assert both.paused_days(day("01-01"), day("02-26")) == 15
    assert both.paused_days(day("02-06"), day("02-22")) == 6
    assert both.paused_days(day("03-01"), day("02-01")) == 0


def test_lost_until_seen_again_and_transferred_until_revoked() -> None:
    lost, moved = event("lost_to_follow_up", "02-01"), event("transferred", "02-01")
    assert held([lost, event("task_progress", "02-10")]).lost_on == day("02-01")
    assert held([lost, event("visit", "02-10")]).lost_on is None
    assert held([moved]).transferred_on == day("02-01")
    assert held([moved, event("withdrawal_revoked", "02-10")]).transferred_on is None
    assert held([event("death", "02-10")]).died_on == day("02-10")
