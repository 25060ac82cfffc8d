"""Timers day by day through their life cycle (outline 6, R18, R26, R27)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.event import Event
from engine.snapshot import TimerItem
from engine.timers import LATE, LISTED, has_passed
from pathways.declare import duty, timer
from pathways.language import Date, Events, OneEvent, events, fact, for_each, for_each_date, grid, nothing
from pathways.pathway import Pathway
from pathways.settings import Settings
from tests.engine.telling import correction, d, retraction, told
from tests.engine.toys import snapshot, toy

starts = events("systemic_started")
each, start = for_each(starts)
left = events("withdrawal", "death").after(events("withdrawal_revoked").latest()).first().day


def scan_of(one: OneEvent) -> Events:
    return events("imaging_done").after(one)


def scanning(**changes: Any) -> Pathway:
    """A scan 30 days after each start, to be done from ten days before."""
    parts: dict[str, Any] = {
        "each": each, "opens": start.day.plus_days(20), "due": start.day.plus_days(30), "anchor": (start,),
        "done": scan_of(start).first(), "statements": ("s",),
    }  # fmt: skip
    scan = timer("t-scan", "Scan", **(parts | changes))
    return toy(
        timers=(scan,),
        deviations=(duty("d-scan", "Scan missed", "minor", ("t-scan",), statements=("s",)),),
        left=left.node,
        returned=events("withdrawal_revoked").latest().day.node,
    )


SCANNING = scanning()
START = told("e1", "systemic_started", "2025-01-01")
DUE = d("2025-01-31")


def scan(day: str, id: str = "e2") -> Event:
    return told(id, "imaging_done", day)


def items(*entries: Event, as_of: str, pathway: Pathway = SCANNING, **more: Any) -> list[TimerItem]:
    return list(snapshot(pathway, entries, as_of=as_of, **more).timers)


def statuses(*entries: Event, as_of: str, pathway: Pathway = SCANNING, **more: Any) -> list[str]:
    return [item.status for item in items(*entries, as_of=as_of, pathway=pathway, **more)]


def departures(*entries: Event, as_of: str, pathway: Pathway = SCANNING) -> list[str]:
    return [found.status for found in snapshot(pathway, entries, as_of=as_of).deviations]


# ---- scheduled, open, overdue, escalated ----


def test_only_what_informs_passes_and_only_after_its_day() -> None:
    def passed(today: date, pathway: Pathway) -> bool:
        (item,) = items(START, as_of=today.isoformat(), pathway=pathway)
        return has_passed(item, today)

    informing = scanning(information=True)
    assert [passed(DUE + timedelta(n), informing) for n in (-1, 0, 1)] == [False, False, True]
    assert [passed(DUE + timedelta(n), SCANNING) for n in (-1, 0, 1)] == [False, False, False]


def test_a_timer_begins_with_its_anchor() -> None:
    assert items(as_of="2025-03-01") == []
    assert items(START, as_of="2024-12-31") == []
    (found,) = items(START, as_of="2025-01-01")
    assert found == TimerItem(
        item="t-scan", title="Scan", opens=d("2025-01-21"), due=DUE, overdue_from=d("2025-02-01"),
        escalates_on=d("2025-02-15"), status="scheduled", statements=("s",), anchor=("e1",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2025-01-20", "scheduled"),
        ("2025-01-21", "open"),
        ("2025-01-31", "open"),
        ("2025-02-01", "overdue"),
        ("2025-02-14", "overdue"),
        ("2025-02-15", "escalated"),
        ("2027-01-01", "escalated"),
    ],
)
def test_day_by_day(as_of: str, status: str) -> None:
    assert statuses(START, as_of=as_of) == [status]
    late = status in ("overdue", "escalated")
    assert departures(START, as_of=as_of) == (["open"] if late else [])


def test_grace_and_escalation_are_settings() -> None:
    patient = Settings.from_overrides({"grace_days": 5, "escalate_after_days": 2})
    for as_of, status in (("2025-02-05", "open"), ("2025-02-06", "overdue"), ("2025-02-08", "escalated")):
        assert statuses(START, as_of=as_of, settings=patient) == [status]


@pytest.mark.parametrize("days", [None, 5])
def test_nobody_is_late_while_the_days_of_grace_are_unknown(days: int | None) -> None:
    timer = replace(SCANNING.timers[0], grace=fact.number("performance_status").node)
    (item,) = snapshot(replace(SCANNING, timers=(timer,)), [START], performance_status=days).timers
    assert item.overdue_from == (DUE + timedelta(1 + days) if days else None)
    assert (item.status in LATE) == bool(days)


def test_a_timer_with_its_own_grace_takes_no_other() -> None:
    patient = Settings.from_overrides({"grace_days": 5})
    (found,) = items(START, as_of="2025-02-01", pathway=scanning(own_grace=True), settings=patient)
    assert (found.overdue_from, found.status) == (d("2025-02-01"), "overdue")


def test_a_timer_never_opens_after_it_is_due() -> None:
    (found,) = items(START, as_of="2025-01-01", pathway=scanning(opens=start.day.plus_days(90)))
    assert found.opens == DUE


# ---- done, done late ----


@pytest.mark.parametrize(
    ("day", "status", "departure"),
    [
        ("2025-01-02", "done", []),
        ("2025-01-31", "done", []),
        ("2025-02-01", "done_late", ["closed"]),
        ("2025-06-01", "done_late", ["closed"]),
    ],
)
def test_fulfilment_is_judged_by_the_clinical_day(day: str, status: str, departure: list[str]) -> None:
    recorded_late = told("e2", "imaging_done", day, recorded="2025-12-01")
    for entry in (scan(day), recorded_late):
        (found,) = items(START, entry, as_of="2026-01-01")
        assert (found.status, found.done_by, found.done_on) == (status, "e2", d(day))
        assert departures(START, entry, as_of="2026-01-01") == departure


def test_until_it_is_done_it_is_not() -> None:
    assert statuses(START, scan("2025-02-10"), as_of="2025-02-09") == ["overdue"]
    assert statuses(START, scan("2025-02-10"), as_of="2025-02-10") == ["done_late"]


def test_a_retracted_fulfilment_fulfils_nothing() -> None:
    entries = [START, scan("2025-01-30"), retraction("r1", "e2", "2025-02-20")]
    assert statuses(*entries, as_of="2025-02-03") == ["overdue"]
    assert statuses(*entries, as_of="2025-02-03", known_at=d("2025-02-19")) == ["done"]


def test_a_corrected_anchor_moves_the_timer() -> None:
    moved = correction("c1", "e1", "date", d("2025-02-01"), "2025-03-01")
    (found,) = items(START, moved, as_of="2025-03-01")
    assert found.due == d("2025-03-03")


def test_one_timer_for_each_anchor() -> None:
    second = told("e3", "systemic_started", "2025-03-01")
    found = items(START, second, scan("2025-03-25"), as_of="2025-06-01")
    assert [(t.anchor, t.due, t.status) for t in found] == [
        (("e1",), DUE, "done_late"),
        (("e3",), d("2025-03-31"), "done"),
    ]


# ---- when it exists ----


def test_a_timer_exists_only_where_that_is_sure() -> None:
    asked = scanning(exists=fact.flag("disease_stable"))
    assert statuses(START, as_of="2025-01-01", pathway=asked) == []
    assert statuses(START, as_of="2025-01-01", pathway=asked, disease_stable=False) == []
    assert statuses(START, as_of="2025-01-01", pathway=asked, disease_stable=True) == ["scheduled"]


@pytest.mark.parametrize("missing", [{"due": fact.date("birth_date")}, {"opens": nothing().day}])
def test_a_timer_without_its_days_is_none(missing: dict[str, Date]) -> None:
    assert items(START, as_of="2025-01-01", pathway=scanning(**missing)) == []


def test_a_timer_need_not_be_one_of_many() -> None:
    once = scanning(each=None, opens=starts.first().day, due=starts.first().day, anchor=(starts,), done=None)
    second = told("e3", "systemic_started", "2025-03-01")
    (found,) = items(START, second, as_of="2025-03-01", pathway=once)
    assert (found.anchor, found.due) == (("e1", "e3"), d("2025-01-01"))


def test_a_series_has_a_timer_for_each_date() -> None:
    surgery = fact.date("primary.surgery_date")
    each_due, due = for_each_date(grid(surgery, 3, 3, 9))
    series = scanning(each=each_due, opens=due.plus_days(-14), due=due, anchor=(), done=None)
    found = items(as_of="2025-01-01", pathway=series, **{"primary.surgery_date": d("2024-11-30")})
    assert [t.due for t in found] == [d("2025-02-28"), d("2025-05-30"), d("2025-08-30")]


def test_a_timer_that_is_not_listed_raises_its_deviation_and_is_no_item() -> None:
    hidden = scanning(listed=False)
    assert items(START, as_of="2025-02-01", pathway=hidden) == []
    assert departures(START, as_of="2025-02-01", pathway=hidden) == ["open"]


# ---- information timers (R26) ----


def test_an_information_timer_is_never_overdue_and_ends_after_its_date() -> None:
    told_once = scanning(information=True, closes=start.day.plus_days(30), done=None)
    for as_of, status in (("2025-01-20", "scheduled"), ("2025-01-31", "open"), ("2025-02-01", "done")):
        (found,) = items(START, as_of=as_of, pathway=told_once)
        assert (found.status, found.overdue_from, found.escalates_on) == (status, None, None)
        assert departures(START, as_of=as_of, pathway=told_once) == []


def test_an_information_timer_without_an_end_stays_open() -> None:
    endless = scanning(information=True, done=None)
    assert statuses(START, as_of="2029-01-01", pathway=endless) == ["open"]


# ---- closes: too late to count (R29) ----


def test_after_its_last_day_a_date_is_missed_for_good() -> None:
    closing = scanning(closes=start.day.plus_days(45))
    (found,) = items(START, as_of="2025-02-15", pathway=closing)
    assert (found.status, found.missed) == ("escalated", False)
    (found,) = items(START, as_of="2025-02-16", pathway=closing)
    assert (found.status, found.missed) == ("escalated", True)
    assert departures(START, as_of="2025-02-15", pathway=closing) == ["open"]
    assert departures(START, as_of="2025-02-16", pathway=closing) == ["final"]


# ---- ends ----


@pytest.mark.parametrize("type", ["withdrawal", "death"])
def test_leaving_cancels_and_what_was_overdue_stays_as_a_final_departure(type: str) -> None:
    early, late = told("e9", type, "2025-01-31"), told("e9", type, "2025-02-01")
    assert statuses(START, early, as_of="2026-01-01") == ["cancelled"]
    assert departures(START, early, as_of="2026-01-01") == []
    assert statuses(START, late, as_of="2026-01-01") == ["cancelled"]
    assert departures(START, late, as_of="2026-01-01") == ["final"]


def test_a_timer_has_its_own_end_too() -> None:
    ending = scanning(ends=events("response_assessed").first().day)
    pd = told("e9", "response_assessed", "2025-01-15", overall="PD")
    assert statuses(START, pd, as_of="2025-06-01", pathway=ending) == ["cancelled"]
    both = [START, pd, told("e8", "withdrawal", "2025-03-01")]
    assert departures(*both, as_of="2025-06-01", pathway=ending) == []


def test_what_was_done_before_leaving_is_done() -> None:
    gone = told("e9", "withdrawal", "2025-03-01")
    assert statuses(START, scan("2025-01-30"), gone, as_of="2025-06-01") == ["done"]


def test_the_departure_of_a_duty_tells_its_events_and_its_day() -> None:
    (open_one,) = snapshot(SCANNING, [START], as_of="2025-02-05").deviations
    assert (open_one.events, open_one.on) == (("e1",), d("2025-02-01"))
    (closed,) = snapshot(SCANNING, [START, scan("2025-02-03")], as_of="2025-02-05").deviations
    assert (closed.status, closed.events, closed.on) == ("closed", ("e1", "e2"), d("2025-02-01"))


# ---- a withdrawal that is revoked (R27) ----


def test_after_the_return_every_passed_date_is_overdue_from_that_day() -> None:
    away = [told("e8", "withdrawal", "2025-01-20"), told("e9", "withdrawal_revoked", "2025-05-01")]
    (found,) = items(START, *away, as_of="2025-05-01")
    assert (found.status, found.overdue_from) == ("overdue", d("2025-05-01"))
    assert found.escalates_on == d("2025-05-15")
    assert departures(START, *away, as_of="2025-05-01") == ["open"]


def test_also_one_that_was_overdue_before() -> None:
    away = [told("e8", "withdrawal", "2025-03-01"), told("e9", "withdrawal_revoked", "2025-05-01")]
    (found,) = items(START, *away, as_of="2025-05-14")
    assert (found.status, found.overdue_from) == ("overdue", d("2025-05-01"))


def test_a_date_still_to_come_is_not_touched_by_the_return() -> None:
    away = [told("e8", "withdrawal", "2025-01-05"), told("e9", "withdrawal_revoked", "2025-01-10")]
    (found,) = items(START, *away, as_of="2025-02-01")
    assert (found.status, found.overdue_from) == ("overdue", d("2025-02-01"))


def test_what_was_done_before_the_return_is_judged_by_its_own_date() -> None:
    away = [told("e8", "withdrawal", "2025-03-01"), told("e9", "withdrawal_revoked", "2025-05-01")]
    assert statuses(START, scan("2025-02-10"), *away, as_of="2025-05-01") == ["done_late"]
    assert statuses(START, scan("2025-01-10"), *away, as_of="2025-05-01") == ["done"]
    assert statuses(START, scan("2025-05-02"), *away, as_of="2025-05-02") == ["done_late"]


def test_what_was_done_on_the_day_of_the_return_is_judged_by_that_day() -> None:
    away = [told("e8", "withdrawal", "2025-03-01"), told("e9", "withdrawal_revoked", "2025-05-01")]
    (found,) = items(START, *away, scan("2025-05-01"), as_of="2025-05-01")
    assert (found.status, found.overdue_from) == ("done_late", d("2025-05-01"))


# ---- refusals (R18) ----


def refusal(day: str, status: str = "declined", item: str = "t-scan", **fields: Any) -> Event:
    said = {"reason": "not wanted", **fields}
    return told("e5", "task_progress", day, item=item, status=status, **said)


@pytest.mark.parametrize("status", ["declined", "contraindicated"])
def test_a_refusal_with_a_reason_gives_the_duty_up(status: str) -> None:
    assert statuses(START, refusal("2025-01-10", status), as_of="2025-06-01") == ["cancelled"]
    assert departures(START, refusal("2025-01-10", status), as_of="2025-06-01") == []
    assert statuses(START, refusal("2025-01-10", status), as_of="2025-01-09") == ["scheduled"]
    coded = refusal("2025-01-10", status, reason=None, reason_code="contraindication")
    assert statuses(START, coded, as_of="2025-06-01") == ["cancelled"]


def test_a_refusal_of_an_overdue_duty_leaves_a_final_departure() -> None:
    assert departures(START, refusal("2025-02-01"), as_of="2025-06-01") == ["final"]


@pytest.mark.parametrize(
    "said",
    [
        refusal("2025-01-10", reason=None),
        refusal("2025-01-10", reason=""),
        refusal("2025-01-10", item="t-other"),
        refusal("2025-01-10", due=d("2025-01-30")),
        *(refusal("2025-01-10", status) for status in ("ordered", "booked", "done", "reported", "deferred")),
    ],
)
def test_anything_else_said_about_a_task_changes_no_timer(said: Event) -> None:
    assert statuses(START, said, as_of="2025-02-01") == ["overdue"]


def test_a_refusal_names_the_earliest_date_not_done_or_the_one_it_says() -> None:
    second = told("e3", "systemic_started", "2025-02-01")
    assert statuses(START, second, refusal("2025-02-02"), as_of="2025-02-10") == ["cancelled", "scheduled"]
    named = refusal("2025-02-02", due=d("2025-03-03"))
    assert statuses(START, second, named, as_of="2025-02-10") == ["overdue", "cancelled"]
    done = scan("2025-01-30")
    assert statuses(START, done, second, refusal("2025-02-02"), as_of="2025-02-10") == ["done", "cancelled"]


def test_what_was_refused_and_then_done_stays_given_up() -> None:
    entries = [START, refusal("2025-01-10"), scan("2025-03-01")]
    assert statuses(*entries, as_of="2025-06-01") == ["cancelled"]
    assert statuses(START, scan("2025-01-05"), refusal("2025-01-10"), as_of="2025-06-01") == ["done"]


def test_what_was_done_on_the_day_of_the_refusal_is_done() -> None:
    assert statuses(START, scan("2025-01-10"), refusal("2025-01-10"), as_of="2025-06-01") == ["done"]


def test_a_refusal_on_the_day_of_leaving_counts() -> None:
    gone = told("e9", "withdrawal", "2025-02-01")
    entries = [START, refusal("2025-02-01"), gone, scan("2025-03-01")]
    assert statuses(*entries, as_of="2025-06-01") == ["cancelled"]
    earlier = told("e9", "withdrawal", "2025-01-31")
    assert departures(*entries, as_of="2025-06-01") == ["final"]
    assert departures(*entries[:2], earlier, scan("2025-03-01"), as_of="2025-06-01") == []


def test_a_refusal_after_leaving_changes_nothing() -> None:
    gone = told("e9", "withdrawal", "2025-01-05")
    assert departures(START, gone, refusal("2025-03-01"), as_of="2025-06-01") == []


def test_two_refusals_give_up_two_dates() -> None:
    second = told("e3", "systemic_started", "2025-01-02")
    again = told("e6", "task_progress", "2025-01-11", item="t-scan", status="declined", reason="no")
    found = statuses(START, second, refusal("2025-01-10"), again, as_of="2025-06-01")
    assert found == ["cancelled", "cancelled"]


def test_what_is_listed_and_what_is_late() -> None:
    assert LATE < LISTED
    assert {"done", "done_late", "cancelled"}.isdisjoint(LISTED)


def test_every_day_of_a_year_has_exactly_one_status_and_never_goes_back() -> None:
    order = ["scheduled", "open", "overdue", "escalated"]
    days = [date(2025, 1, 1) + timedelta(n) for n in range(120)]
    ranks = [order.index(statuses(START, as_of=day.isoformat())[0]) for day in days]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2, 3}
