"""Expressions that every pathway needs: truth, days and numbers.

They refer to one another (a comparison of days is a truth), which is why they share a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from pathways.graph import Node, Param, node
from pathways.language.origin import place


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Anything with a value; `node` is its place in the graph."""

    TYPE: ClassVar[str] = ""
    node: Node

    def __bool__(self) -> bool:
        """Raises TypeError: what an expression comes to is not known while it is written."""
        raise TypeError("an expression has no truth of its own; write & for and, | for or, ~ for not")

    def named(self, label: str) -> Self:
        """The same value under a name clinicians use; the name is what sentences show."""
        return type(self)(node("named", self.node.type, (self.node,), place, label=label))

    def known(self) -> Bool:
        """True when the value is there and not unknown; never unknown itself."""
        return Bool.make("known", self)

    def there(self) -> Bool:
        """False when nothing of the kind was recorded; true also for a value recorded as unknown."""
        return Bool.make("there", self)

    @classmethod
    def make(cls, op: str, *args: Expression, binds: tuple[int, ...] = (), **params: Param) -> Self:
        return cls(node(op, cls.TYPE, tuple(a.node for a in args), place, binds, **params))

    def seen(self, day: Date) -> Self:
        """The value as it stood at the end of `day` with what was documented by then."""
        return type(self).make("seen", self, day)

    def hindsight(self, day: Date) -> Self:
        """The value as of `day` with everything known today."""
        return type(self).make("hindsight", self, day)

    def differs(self, other: Expression) -> Bool:
        """True when both are known and not the same; unknown when either is unknown."""
        return Bool.make("differs", self, other)


class Bool(Expression):
    """true, false or unknown."""

    TYPE: ClassVar[str] = "bool"

    def __and__(self, other: Bool) -> Bool:
        return all_of(self, other)

    def __or__(self, other: Bool) -> Bool:
        return any_of(self, other)

    def __invert__(self) -> Bool:
        return Bool.make("not", self)

    def implies(self, other: Bool) -> Bool:
        return any_of(~self, other)

    def sure(self) -> Bool:
        """True when true, false when false or unknown."""
        return Bool.make("sure", self)

    def possible(self) -> Bool:
        """False when false, true when true or unknown."""
        return ~(~self).sure()


class Ordered(Expression):
    """Values with an order."""

    def __ge__(self, other: Self) -> Bool:
        return Bool.make("at_least", self, other)

    def __gt__(self, other: Self) -> Bool:
        return Bool.make("above", self, other)

    def __le__(self, other: Self) -> Bool:
        return Bool.make("at_least", other, self)

    def __lt__(self, other: Self) -> Bool:
        return Bool.make("above", other, self)

    def equals(self, other: Self) -> Bool:
        return Bool.make("equal", self, other)


class Date(Ordered):
    """A civil day."""

    TYPE: ClassVar[str] = "date"

    def plus_months(self, months: Number | int) -> Date:
        """Calendar months, clamped to the last day of the month (outline 1.2)."""
        return Date.make("add_months", self, number(months))

    def plus_days(self, days: Number | int) -> Date:
        return Date.make("add_days", self, number(days))

    def plus_weeks(self, weeks: int) -> Date:
        """Weeks of exactly seven days (outline 1.2)."""
        return self.plus_days(7 * weeks)


class Number(Ordered):
    """A count or a measure; the unit is that of the field it comes from."""

    TYPE: ClassVar[str] = "number"

    def __add__(self, other: Number | int) -> Number:
        return Number.make("plus", self, number(other))

    def __mul__(self, other: Number | int) -> Number:
        return Number.make("times", self, number(other))

    def at_most(self, limit: Number | int) -> Bool:
        return number(limit) >= self

    def least(self, limit: Number | int) -> Bool:
        return self >= number(limit)


def number(value: Number | int) -> Number:
    return value if isinstance(value, Number) else Number.make("constant", value=value)


def all_of(*parts: Bool) -> Bool:
    return parts[0] if len(parts) == 1 else Bool.make("and", *parts)


def any_of(*parts: Bool) -> Bool:
    return parts[0] if len(parts) == 1 else Bool.make("or", *parts)
