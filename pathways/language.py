"""The words authors write: typed expressions that build the frozen graph of `pathways.graph`.

Every expression is three-valued: a value, *unknown* (not recorded, or recorded as null), or *not there* (it did not
happen). A comparison with something unknown is unknown; with something that is not there it is false. Logic is Kleene's.

Expressions take and give expressions; nothing is evaluated here and a wrong combination is not an exception: the
checker (`pathways.check`) reports every problem of a pathway at once, with the author's file and line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Self, TypeVar

from pathways.graph import Node, Param, Place, node

X = TypeVar("X", bound="Expression")
_depth = [1]  # level 0 is the element of a timer or deviation (for_each)
_INSIDE = (__file__,)


def place() -> Place | None:
    """Where the author's line is: the first caller outside this module."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename in _INSIDE:
        frame = frame.f_back  # type: ignore[assignment]
    return (frame.f_code.co_filename, frame.f_lineno) if frame else None


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Anything with a value; `node` is its place in the graph."""

    node: Node

    def named(self, label: str) -> Self:
        """The same value under a name clinicians use; the name is what sentences show."""
        return type(self)(node("named", self.node.type, (self.node,), place(), label=label))

    def known(self) -> Bool:
        """True when the value is there and not unknown; never unknown itself."""
        return Bool.make("known", self)

    def there(self) -> Bool:
        """False when nothing of the kind was recorded; true also for a value recorded as unknown."""
        return Bool.make("there", self)

    @classmethod
    def make(cls, op: str, *args: Expression, binds: tuple[int, ...] = (), **params: Param) -> Self:
        return cls(node(op, _TYPES[cls], tuple(a.node for a in args), place(), binds, **params))

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

    def __add__(self, other: Number | int) -> Number:
        return Number.make("plus", self, number(other))

    def __mul__(self, other: Number | int) -> Number:
        return Number.make("times", self, number(other))

    def at_most(self, limit: Number | int) -> Bool:
        return number(limit) >= self

    def least(self, limit: Number | int) -> Bool:
        return self >= number(limit)


class Code(Expression):
    """One word of a closed list of the vocabulary, or an id."""

    def equals(self, other: Code | str) -> Bool:
        return Bool.make("equal", self, code(other))

    def one_of(self, *codes: str) -> Bool:
        return Bool.make("one_of", self, codes=codes)


class Codes(Expression):
    """Several words or ids."""

    def contains(self, item: Code | str) -> Bool:
        return Bool.make("contains", self, code(item))

    def overlaps(self, *codes: str) -> Bool:
        """One of `codes` is among them."""
        return Bool.make("overlaps", self, codes=codes)

    def within(self, *codes: str) -> Bool:
        """None is outside `codes`."""
        return Bool.make("within", self, codes=codes)

    def any(self, test: Callable[[Code], Bool]) -> Bool:
        return _quantified("any", self, Code, test)

    def all(self, test: Callable[[Code], Bool]) -> Bool:
        return _quantified("all", self, Code, test)


class Text(Expression):
    """Free text; rules may only ask whether it is there."""


class Set(Expression):
    """A set of records for comparison."""


class Fields(Expression):
    """Something with vocabulary fields: an event or a lesion."""

    _READ = "field"
    _STATED = "stated"

    def code(self, name: str) -> Code:
        return Code.make(self._READ, self, name=name)

    def codes(self, name: str) -> Codes:
        return Codes.make(self._READ, self, name=name)

    def flag(self, name: str) -> Bool:
        return Bool.make(self._READ, self, name=name)

    def number(self, name: str) -> Number:
        return Number.make(self._READ, self, name=name)

    def date(self, name: str) -> Date:
        return Date.make(self._READ, self, name=name)

    def text(self, name: str) -> Text:
        return Text.make(self._READ, self, name=name)

    def stated(self, name: str) -> Bool:
        """The field was given a known value, or (for findings) is present at all."""
        return Bool.make(self._STATED, self, name=name)


class OneEvent(Fields):
    """One event, or none."""

    @property
    def day(self) -> Date:
        return Date.make("day", self)

    @property
    def documented(self) -> Date:
        return Date.make("documented", self)

    @property
    def id(self) -> Code:
        return Code.make("identity", self)

    @property
    def kind(self) -> Code:
        return Code.make("kind", self)

    def just(self) -> Events:
        """This event as a list of one, or of none."""
        return Events.make("just", self)

    def target(self) -> OneEvent:
        """The entry that this correction or retraction names."""
        return OneEvent.make("target", self)

    def same_content(self, other: OneEvent) -> Bool:
        return Bool.make("same_content", self, other)

    @property
    def touched(self) -> Bool:
        """A correction is worked into this event."""
        return Bool.make("touched", self)


class Events(Expression):
    """Events in order (outline R3)."""

    def where(self, test: Callable[[OneEvent], Bool] | None = None, **codes: str | tuple[str, ...]) -> Events:
        """Those that surely pass the test; `name="code"` compares fields."""

        def passes(event: OneEvent) -> Bool:
            parts = [event.code(name).one_of(*((c,) if isinstance(c, str) else c)) for name, c in codes.items()]
            return all_of(*parts, *([test(event)] if test else []))

        item, level, body = _body(OneEvent, passes)
        return Events.make("where", self, body, binds=(level,), level=level)

    def first(self) -> OneEvent:
        return OneEvent.make("first", self)

    def latest(self) -> OneEvent:
        return OneEvent.make("latest", self)

    def after(self, event: OneEvent) -> Events:
        """Those later in order; all of them when there is no such event."""
        return Events.make("after", self, event)

    def before(self, event: OneEvent) -> Events:
        """Those earlier in order; all of them when there is no such event."""
        return Events.make("before", self, event)

    def since(self, day: Date) -> Events:
        return Events.make("since", self, day)

    def until(self, day: Date) -> Events:
        return Events.make("until", self, day)

    def __or__(self, other: Events) -> Events:
        return Events.make("union", self, other)

    def count(self) -> Number:
        return Number.make("count", self)

    def exist(self) -> Bool:
        return Bool.make("exist", self)

    def any(self, test: Callable[[OneEvent], Bool]) -> Bool:
        """Kleene: true when one surely passes, unknown when none does but one may."""
        return _quantified("any", self, OneEvent, test)

    def all(self, test: Callable[[OneEvent], Bool]) -> Bool:
        return _quantified("all", self, OneEvent, test)

    def chain(self, follows: Callable[[OneEvent, OneEvent], Bool]) -> Events:
        """Walks the list and keeps each event that follows the last kept one (none kept yet: not there)."""
        level = _depth[0]
        _depth[0] += 2
        body = follows(_variable(OneEvent, level), _variable(OneEvent, level + 1))
        _depth[0] -= 2
        return Events.make("chain", self, body, binds=(level, level + 1), level=level)

    def lesions(self) -> Rows:
        """All lesions listed by these imagings; unknown when one of them has no list, or there is no imaging."""
        return Rows.make("lesions", self)

    def triples(self, *names: str) -> Set:
        """The set of (type, day, named fields) of these events."""
        return Set.make("triples", self, names=names)


class Row(Fields):
    """One lesion of an imaging."""

    _READ = "row_field"
    _STATED = "row_stated"

    @property
    def id(self) -> Code:
        return Code.make("row_field", self, name="id")


class Rows(Expression):
    """Lesions, or unknown."""

    def where(self, test: Callable[[Row], Bool]) -> Rows:
        """Those that surely pass the test."""
        _, level, body = _body(Row, test)
        return Rows.make("select", self, body, binds=(level,), level=level)

    def any(self, test: Callable[[Row], Bool]) -> Bool:
        return _quantified("any", self, Row, test)

    def all(self, test: Callable[[Row], Bool]) -> Bool:
        return _quantified("all", self, Row, test)

    def sure_count(self, test: Callable[[Row], Bool]) -> Number:
        """How many surely pass: the lower end."""
        _, level, body = _body(Row, test)
        return Number.make("sure_count", self, body, binds=(level,), level=level)

    def possible_count(self, test: Callable[[Row], Bool]) -> Number:
        """How many pass or may pass: the upper end."""
        _, level, body = _body(Row, test)
        return Number.make("possible_count", self, body, binds=(level,), level=level)

    def values(self, name: str) -> Codes:
        return Codes.make("values", self, name=name)

    def pairs(self, *names: str) -> Set:
        return Set.make("pairs", self, names=names)


class Dates(Expression):
    """A list of days in order."""

    def joined(self, other: Dates) -> Dates:
        return Dates.make("join", self, other)

    def last(self) -> Date:
        return Date.make("last_date", self)

    def previous(self, day: Date, anchor: Date) -> Date:
        """The date before `day`, or the anchor for the first one."""
        return Date.make("previous_date", self, day, anchor)

    def assigned(self, events: Events, anchor: Date) -> Matches:
        """Which event belongs to which day (outline R29)."""
        return Matches.make("assigned", self, events, anchor)


class Matches(Expression):
    """Events assigned to the days of a series."""

    def of(self, day: Date) -> OneEvent:
        return OneEvent.make("matched", self, day)


class Outcome(Expression):
    """The result of a guard."""

    def passing(self) -> Bool:
        """pass, replaced, not_applicable and overruled count as passing (outline 11.8)."""
        return Bool.make("passing", self)

    def is_(self, result: str) -> Bool:
        return Bool.make("is_outcome", self, result=result)


_TYPES: dict[type[Expression], str] = {
    Bool: "bool", Date: "date", Number: "number", Code: "code", Codes: "codes", Text: "text", Set: "set",
    OneEvent: "event", Events: "events", Row: "row", Rows: "rows", Dates: "dates", Matches: "matches", Outcome: "outcome",
}  # fmt: skip


def _variable(kind: type[X], level: int) -> X:
    return kind.make("variable", level=level)


def _body(kind: type[X], test: Callable[[X], Bool]) -> tuple[X, int, Bool]:
    level = _depth[0]
    item = _variable(kind, level)
    _depth[0] += 1
    body = test(item)
    _depth[0] -= 1
    return item, level, body


def _quantified(op: str, over: Expression, kind: type[X], test: Callable[[X], Bool]) -> Bool:
    _, level, body = _body(kind, test)
    return Bool.make(op, over, body, binds=(level,), level=level)


@dataclass(frozen=True, slots=True)
class Each:
    """One instance per element of a list: the list and the variable that stands for the element."""

    over: Expression
    level: int


def for_each(events: Events) -> tuple[Each, OneEvent]:
    """An instance per event, and the word for that event. Used by timers and deviations, never nested."""
    return Each(events, 0), _variable(OneEvent, 0)


def for_each_date(dates: Dates) -> tuple[Each, Date]:
    return Each(dates, 0), _variable(Date, 0)


def for_each_lesion(rows: Rows) -> tuple[Each, Row]:
    return Each(rows, 0), _variable(Row, 0)


def number(value: Number | int) -> Number:
    return value if isinstance(value, Number) else Number.make("constant", value=value)


def code(value: Code | str) -> Code:
    return value if isinstance(value, Code) else Code.make("constant", value=value)


def day(value: date) -> Date:
    return Date.make("constant", value=value)


def today() -> Date:
    return Date.make("today")


def events(*types: str) -> Events:
    return Events.make("events", types=types)


def ledger(*types: str) -> Events:
    """Everything recorded of these types (all types when none is named), whatever day it concerns."""
    return Events.make("ledger", types=types)


def duplicates() -> Events:
    """Entries set aside because they repeat an earlier recorded one (outline R6)."""
    return Events.make("duplicates")


def after_death() -> Events:
    """Entries dated after death; they change nothing (outline R17)."""
    return Events.make("after_death")


def all_of(*parts: Bool) -> Bool:
    return parts[0] if len(parts) == 1 else Bool.make("and", *parts)


def any_of(*parts: Bool) -> Bool:
    return parts[0] if len(parts) == 1 else Bool.make("or", *parts)


def yes() -> Bool:
    return Bool.make("constant", value=True)


def no() -> Bool:
    return Bool.make("constant", value=False)


def unknown() -> Bool:
    return Bool.make("constant", value=None)


def undetermined(conflict: str) -> Bool:
    """Neither true nor false, because the sources leave the question open (an entry of conflicts.md)."""
    return Bool.make("undetermined", conflict=conflict)


def case(*cases: tuple[Bool, X], otherwise: X) -> X:
    """The value of the first true condition; unknown as soon as a condition before it is unknown."""
    parts = [part for pair in cases for part in pair]
    return type(otherwise).make("case", *parts, otherwise)


def later(*dates: Date) -> Date:
    """The latest of those that are there."""
    return Date.make("later", *dates)


def earlier(*dates: Date) -> Date:
    return Date.make("earlier", *dates)


def age(birth: Date, on: Date) -> Number:
    return Number.make("age", birth, on)


def span(start: Date, end: Date) -> Text:
    """Completed calendar months and remaining days."""
    return Text.make("span", start, end)


def grid(anchor: Date, start: Number | int, step: Number | int, stop: Number | int) -> Dates:
    """Days `start`, `start+step` ... `stop` months after the anchor, each computed from the anchor (outline 1.2)."""
    return Dates.make("grid", anchor, number(start), number(step), number(stop))


class fact:
    """Patient facts by vocabulary name; the newest finding that states one counts from its day on."""

    @staticmethod
    def code(name: str) -> Code:
        return Code.make("fact", name=name)

    @staticmethod
    def codes(name: str) -> Codes:
        return Codes.make("fact", name=name)

    @staticmethod
    def flag(name: str) -> Bool:
        return Bool.make("fact", name=name)

    @staticmethod
    def date(name: str) -> Date:
        return Date.make("fact", name=name)

    @staticmethod
    def number(name: str) -> Number:
        return Number.make("fact", name=name)


class setting:
    """Project settings by vocabulary name."""

    @staticmethod
    def code(name: str) -> Code:
        return Code.make("setting", name=name)

    @staticmethod
    def number(name: str) -> Number:
        return Number.make("setting", name=name)
