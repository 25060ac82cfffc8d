"""The day on which an answer changes by itself, found by watching what its day is compared with.

The engine is pure: its answer depends on the day only through what it does with the day it is handed. Handed
a `Today`, every comparison is noted. Against an earlier day it comes out the same for ever; against a later
one it may turn when that day comes, or on the day after. Whatever else is done with it (reckoning, reading
its year) may give another value every day, so then the answer is good for today only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any


class Today(date):
    """A day that notes what it is compared with, and is equal to the plain day in all else."""

    _plain: date
    _place: int
    _next: int

    @classmethod
    def on(cls, day: date) -> Today:
        """A watching copy of a day."""
        today = cls(day.year, day.month, day.day)
        today._plain = day
        today._place = day.toordinal()
        today._next = _never
        return today

    @property
    def next_change(self) -> date | None:
        """The first later day on which an answer made with this day may be another; None when it stays."""
        return None if self._next >= _never else date.fromordinal(self._next)


_never = date.max.toordinal()


def _compared(name: str) -> Callable[[Today, object], bool]:
    """A comparison: with a later day it may turn on that day, with this very day on the next."""
    plain = getattr(date, name)

    def method(self: Today, other: object) -> bool:
        if isinstance(other, date):
            place = date.toordinal(other)
            if self._place <= place < self._next:
                self._next = max(place, self._place + 1)
        result: bool = plain(self, other)
        return result

    return method


def _used(name: str) -> Callable[..., Any]:
    """Anything else: good for today only."""

    def method(self: Today, *arguments: Any, **named: Any) -> Any:
        self._next = self._place + 1
        return getattr(self._plain, name)(*arguments, **named)

    return method


def _part(name: str) -> property:
    used = _used("__getattribute__")
    return property(lambda self: used(self, name))


for _name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    setattr(Today, _name, _compared(_name))
for _name in ("__add__", "__radd__", "__sub__", "__rsub__", "__format__", "replace", "strftime"):
    setattr(Today, _name, _used(_name))
for _name in ("toordinal", "timetuple", "weekday", "isoweekday", "isocalendar", "ctime"):
    setattr(Today, _name, _used(_name))
for _name in ("year", "month", "day"):
    setattr(Today, _name, _part(_name))
