"""The day on which an answer changes by itself, found by watching what its day is used for.

The engine is pure: its answer depends on the day only through what it does with the day it is handed. Handed
a `Today`, every use is noted. A comparison with an earlier day comes out the same for ever; with a later one
it may turn when that day comes, or on the day after. A year holds until it ends, a month likewise, and a day
so many days away is watched in turn. Any other use may give another value every day: then the answer is good
for today only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any


class Today(date):
    """A day that notes what it is used for, and is equal to the plain day in all else."""

    _plain: date
    _place: int
    _away: int
    _turns: list[int]

    @classmethod
    def on(cls, day: date) -> Today:
        """A watching copy of a day."""
        return cls._watching(day, 0, [_never])

    @classmethod
    def _watching(cls, day: date, away: int, turns: list[int]) -> Today:
        today = cls(day.year, day.month, day.day)
        today._plain, today._place = day, day.toordinal()
        today._away, today._turns = away, turns
        return today

    @property
    def next_change(self) -> date | None:
        """The first later day on which an answer made with this day may be another; None when it stays."""
        return None if self._turns[0] >= _never else date.fromordinal(self._turns[0])

    def __reduce__(self) -> tuple[type[date], tuple[int, int, int]]:
        """In another process it is the plain day: nobody watches it there."""
        return date, (self._plain.year, self._plain.month, self._plain.day)

    def _turning(self, place: int) -> None:
        """Note that what was asked of this day turns when it comes to `place`, or on the day after."""
        if place >= self._place:
            turn = max(place, self._place + 1) - self._away
            self._turns[0] = min(self._turns[0], turn)

    def _later(self, days: timedelta) -> Today:
        return self._watching(self._plain + days, self._away + days.days, self._turns)


_never = date.max.toordinal()


def _compared(name: str) -> Callable[[Today, object], bool]:
    plain = getattr(date, name)

    def method(self: Today, other: object) -> bool:
        if isinstance(other, date) and other is not self:
            self._turning(date.toordinal(other))
        result: bool = plain(self, other)
        return result

    return method


def _moved(sign: int, name: str) -> Callable[[Today, Any], Any]:
    used = _used(name)

    def method(self: Today, other: Any) -> Any:
        return self._later(sign * other) if isinstance(other, timedelta) else used(self, other)

    return method


def _used(name: str) -> Callable[..., Any]:
    def method(self: Today, *arguments: Any, **named: Any) -> Any:
        self._turning(self._place)
        return getattr(self._plain, name)(*arguments, **named)

    return method


def _year(self: Today) -> int:
    self._turning(date(self._plain.year, 12, 31).toordinal() + 1)
    return self._plain.year


def _month(self: Today) -> int:
    first = self._plain.replace(day=1)
    self._turning((first + timedelta(32)).replace(day=1).toordinal())
    return self._plain.month


def _day(self: Today) -> int:
    self._turning(self._place)
    return self._plain.day


for _name in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
    setattr(Today, _name, _compared(_name))
for _name in ("__rsub__", "__format__", "replace", "strftime", "toordinal", "timetuple"):
    setattr(Today, _name, _used(_name))
for _name in ("weekday", "isoweekday", "isocalendar", "ctime"):
    setattr(Today, _name, _used(_name))
for _name, _sign in (("__add__", 1), ("__radd__", 1), ("__sub__", -1)):
    setattr(Today, _name, _moved(_sign, _name))
for _name, _part in (("year", _year), ("month", _month), ("day", _day)):
    setattr(Today, _name, property(_part))
