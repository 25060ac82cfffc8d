"""Every date of every timer, from the ends of months and from leap days: one day before, on it, one after.

The dates are worked out from the declarations by counting months (`months.py`), and compared with what a
replay says on each of these days. Nothing is written out by hand: what a pathway declares is what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Final

import pytest

from engine.event import Event, Story
from engine.replay import replay
from engine.snapshot import Snapshot
from pathways.library import all_pathways
from pathways.pathway import Pathway, Timer
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.boundaries.dated import Dated, dated
from tests.boundaries.months import DAY, ENDS_OF_MONTHS, SOME_ENDS, months_after
from tests.boundaries.stories import LAST, Point, moved, points, replaced, shifted

OTHER_SETTINGS: Final = Settings.from_overrides(
    {
        "lead_days": 5, "grace_days": 3, "escalate_after_days": 6, "bma_start_grace_days": 40,
        "ortho_grace_days": 1, "cns_grace_days": 10, "cord_grace_days": 2, "receptor_grace_days": 31,
        "response_min_months": 6, "surveillance_phase1_years": 2,
    }
)  # fmt: skip

TIMERS: Final = tuple(
    pytest.param(pathway, number, id=f"{pathway.key}-{timer.id}-{number}")
    for pathway in all_pathways()
    for number, timer in enumerate(pathway.timers)
)


@cache
def running(pathway: Pathway) -> dict[Timer, list[tuple[Point, Dated]]]:
    """For each timer stories in which it runs, and nothing has fulfilled or ended it."""
    return _instances(pathway, fulfilled=False)


@cache
def fulfilled(pathway: Pathway) -> dict[Timer, list[tuple[Point, Dated]]]:
    return _instances(pathway, fulfilled=True)


def _instances(pathway: Pathway, fulfilled: bool) -> dict[Timer, list[tuple[Point, Dated]]]:
    found: dict[Timer, list[tuple[Point, Dated]]] = {timer: [] for timer in pathway.timers}
    for point in points():
        if _left(point.story):
            continue
        for one in dated(pathway, point.story, point.as_of, point.settings):
            if (one.done is not None) == fulfilled and not one.ended:
                found[one.timer].append((point, one))
    return found


def _left(story: Story) -> bool:
    return any(e.type in ("death", "withdrawal", "transferred") for e in story.entries)


def standing_on(
    pathway: Pathway, number: int, anchor: date, settings: Settings, done: bool = False
) -> Iterator[tuple[Story, Dated]]:
    """Stories moved so that an instance of this timer counts from `anchor`; not all bear being moved."""
    timer = pathway.timers[number]
    for point, one in (fulfilled if done else running)(pathway)[timer]:
        story = moved(point.story, (anchor - one.anchor).days)
        as_of = point.as_of + (anchor - one.anchor)
        for again in dated(pathway, story, as_of, settings):
            if again.timer is timer and again.anchor == anchor and (again.done is not None) == done:
                yield story, again


def days_around(one: Dated, settings: Settings) -> list[date]:
    """One day before, on and after each date; never before the anchor, when nothing had happened yet."""
    dates = [one.opens, one.due, one.closes, one.overdue_from]
    if one.overdue_from is not None:
        dates.append(one.overdue_from + timedelta(int(settings["escalate_after_days"])))
    around = {d + shift for d in dates if d is not None for shift in (-DAY, timedelta(), DAY)}
    return sorted(day for day in around if day >= one.anchor)


def listed(snapshot: Snapshot, one: Dated) -> str | None:
    for item in snapshot.timers:
        if (item.item, item.due, item.opens) == (one.timer.id, one.due, one.opens):
            assert item.overdue_from == one.overdue_from
            return item.status
    return None


def duty(pathway: Pathway, snapshot: Snapshot, one: Dated) -> str | None:
    """The status of the deviation that this instance raises."""
    codes = [rule.code for rule in pathway.deviations if one.timer.id in rule.timers]
    found = [d for d in snapshot.deviations if d.code in codes and d.on == one.overdue_from]
    return found[0].status if found else None


def has_duty(pathway: Pathway, one: Dated) -> bool:
    return any(one.timer.id in rule.timers for rule in pathway.deviations)


@pytest.mark.parametrize("anchor", SOME_ENDS, ids=str)
@pytest.mark.parametrize(("pathway", "number"), TIMERS)
def test_status_and_duty_change_on_the_day(pathway: Pathway, number: int, anchor: date) -> None:
    settings = OTHER_SETTINGS if anchor.month in (1, 11) else DEFAULT_SETTINGS
    changes_on_the_day(pathway, number, anchor, settings)


@pytest.mark.soak
@pytest.mark.parametrize("settings", [DEFAULT_SETTINGS, OTHER_SETTINGS], ids=["default", "other"])
@pytest.mark.parametrize("anchor", ENDS_OF_MONTHS, ids=str)
@pytest.mark.parametrize(("pathway", "number"), TIMERS)
def test_they_change_on_the_day_from_every_end_of_a_month(
    pathway: Pathway, number: int, anchor: date, settings: Settings
) -> None:
    changes_on_the_day(pathway, number, anchor, settings)


def changes_on_the_day(pathway: Pathway, number: int, anchor: date, settings: Settings) -> None:
    story, one = next(standing_on(pathway, number, anchor, settings))
    escalate_after = int(settings["escalate_after_days"])
    for day in days_around(one, settings):
        snapshot = replay(pathway, story, day, LAST, settings)
        if one.timer.listed:
            assert listed(snapshot, one) == one.status(day, escalate_after), day
        if has_duty(pathway, one) and one.overdue_from is not None:
            over = one.closes is not None and day > one.closes
            raised = "final" if over else "open"
            assert duty(pathway, snapshot, one) == (raised if day >= one.overdue_from else None), day


FULFILLED: Final = tuple(p for p in TIMERS if p.values[0].timers[p.values[1]].done is not None)  # type: ignore[union-attr]


@pytest.mark.parametrize("anchor", SOME_ENDS[::2], ids=str)
@pytest.mark.parametrize(("pathway", "number"), FULFILLED)
def test_what_is_done_on_the_last_day_is_in_time(pathway: Pathway, number: int, anchor: date) -> None:
    """And a day later it is late, and its duty closed."""
    story, one = next(standing_on(pathway, number, anchor, DEFAULT_SETTINGS, done=True))
    assert one.done is not None
    assert one.overdue_from is not None
    for day in (one.due, one.overdue_from - DAY, one.overdue_from):
        told = replaced(story, one.done, shifted(one.done, (day - one.done.day).days))
        snapshot = replay(pathway, told, day, LAST, DEFAULT_SETTINGS)
        late = day >= one.overdue_from
        if one.timer.listed:
            assert listed(snapshot, one) == ("done_late" if late else "done"), day
        if has_duty(pathway, one):
            assert duty(pathway, snapshot, one) == ("closed" if late else None), day


@pytest.mark.parametrize("anchor", SOME_ENDS[1::2], ids=str)
@pytest.mark.parametrize(("pathway", "number"), TIMERS)
def test_death_leaves_only_what_was_overdue_that_day(pathway: Pathway, number: int, anchor: date) -> None:
    story, one = next(standing_on(pathway, number, anchor, DEFAULT_SETTINGS))
    last = one.due + DAY if one.overdue_from is None else one.overdue_from
    for day in (last - DAY, last):
        snapshot = replay(pathway, with_death(story, day), day + DAY, LAST, DEFAULT_SETTINGS)
        if one.timer.listed:
            assert listed(snapshot, one) == "cancelled", day
        if has_duty(pathway, one):
            assert duty(pathway, snapshot, one) == ("final" if day == last else None), day


def with_death(story: Story, day: date) -> Story:
    return replace(story, entries=(*story.entries, Event("the-end", "death", day, day, day, {})))


@pytest.mark.parametrize("anchor", ENDS_OF_MONTHS, ids=str)
@pytest.mark.parametrize("years", [3, 2])
def test_every_visit_of_five_years_is_counted_from_the_anchor(anchor: date, years: int) -> None:
    """3, 6, ... months to the end of the first phase, then every six months to 60 (outline 8.12)."""
    settings = Settings.from_overrides({"surveillance_phase1_years": years})
    surveillance = next(pathway for pathway in all_pathways() if pathway.key == "surveillance")
    found = replay(surveillance, Story({"primary.surgery_date": anchor}, ()), anchor, LAST, settings)
    first_phase = range(3, 12 * years + 1, 3)
    expected = [months_after(anchor, m) for m in (*first_phase, *range(12 * years + 6, 61, 6))]
    assert [item.due for item in found.timers] == expected
    assert found.facts["due_dates"] == tuple(expected)
