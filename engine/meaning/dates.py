"""Civil days: arithmetic, series and the matching of visits to a series (outline 1.2, R29)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.calendar import add_months, completed_years, span
from engine.event import Event
from engine.kleene import ABSENT
from engine.meaning.registry import registry
from pathways.graph import Node

if TYPE_CHECKING:
    from engine.evaluate import Meaning, Program, View

MEANINGS, means = registry()


@means("today")
def today(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return lambda view: view.today


def _both(args: Sequence[Meaning], combine: Callable[[Any, Any], Any]) -> Meaning:
    """Unknown if one is unknown, not there if one is not there, else combined."""
    first, second = args

    def meaning(view: View) -> Any:
        a, b = first(view), second(view)
        if a is ABSENT or b is ABSENT:
            return ABSENT
        if a is None or b is None:
            return None
        return combine(a, b)

    return meaning


def _in_calendar(args: Sequence[Meaning], move: Callable[[Any, Any], date]) -> Meaning:
    """A day that no calendar has is not there."""

    def moved(day: date, number: int) -> Any:
        try:
            return move(day, number)
        except OverflowError:
            return ABSENT

    return _both(args, moved)


@means("add_months")
def plus_months(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _in_calendar(args, add_months)


@means("add_days")
def plus_days(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _in_calendar(args, lambda day, days: day + timedelta(days))


@means("age")
def age(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _both(args, completed_years)


@means("span")
def span_between(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _both(args, span)


@means("plus")
def plus(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _both(args, lambda a, b: a + b)


@means("times")
def times(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _both(args, lambda a, b: a * b)


def _choice(args: Sequence[Meaning], choose: Callable[[list[date]], date]) -> Meaning:
    parts = tuple(args)

    def meaning(view: View) -> Any:
        values = [part(view) for part in parts]
        if None in values:
            return None
        days = [value for value in values if value is not ABSENT]
        return choose(days) if days else ABSENT

    return meaning


@means("later")
def later(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _choice(args, max)


@means("earlier")
def earlier(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    return _choice(args, min)


@means("grid")
def grid(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    anchor, start, step, stop = args

    def meaning(view: View) -> tuple[date, ...]:
        day = anchor(view)
        if day is ABSENT or day is None:
            return ()
        months = start(view), stop(view), step(view)
        if None in months or ABSENT in months or months[2] < 1:
            return ()
        return tuple(add_months(day, n) for n in range(months[0], months[1] + 1, months[2]))

    return meaning


@means("join")
def join(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    parts = tuple(args)
    return lambda view: tuple(day for part in parts for day in part(view))


@means("last_date")
def last_date(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    (many,) = args

    def meaning(view: View) -> Any:
        days = many(view)
        return days[-1] if days else ABSENT

    return meaning


@means("reach")
def reach(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, this, anchor = args

    def meaning(view: View) -> Any:
        days, day, start = many(view), this(view), anchor(view)
        if day is ABSENT or start is ABSENT:
            return ABSENT
        if day is None or start is None:
            return None
        return day + timedelta(interval_before(days, day, start) // 2) if day in days else ABSENT

    return meaning


@means("assigned")
def assigned(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    many, visits, anchor = args

    def meaning(view: View) -> dict[date, Event]:
        days, start = many(view), anchor(view)
        return assign(days, visits(view), start) if days and isinstance(start, date) else {}

    return meaning


@means("matched")
def matched(node: Node, args: Sequence[Meaning], program: Program) -> Meaning:
    assignment, this = args
    return lambda view: assignment(view).get(this(view), ABSENT)


def assign(days: Sequence[date], visits: Sequence[Event], anchor: date) -> dict[date, Event]:
    """Each visit belongs to its nearest day (at equal distance the earlier) within half of the interval
    before that day.

    The first visit of a day counts, later ones are extra (R29).
    """
    found: dict[date, Event] = {}
    for visit in visits:
        nearest = min(days, key=lambda d: (abs((visit.day - d).days), d))
        if 2 * abs((visit.day - nearest).days) <= interval_before(days, nearest, anchor):
            found.setdefault(nearest, visit)
    return found


def interval_before(days: Sequence[date], day: date, anchor: date) -> int:
    """Days between a date of the series and the one before it, or the anchor."""
    index = days.index(day)
    return (day - (days[index - 1] if index else anchor)).days
