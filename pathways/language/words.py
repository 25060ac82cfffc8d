"""The words that start an expression: what is recorded, facts, settings, constants, today; and choice."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from pathways.language.codes import Code, Codes, Text
from pathways.language.event import Events, OneEvent
from pathways.language.expression import Bool, Date, Expression, Number

X = TypeVar("X", bound=Expression)


def events(*types: str) -> Events:
    return Events.make("events", types=types)


def nothing() -> OneEvent:
    """No event at all: what did not happen."""
    return events().first()


def ledger(*types: str) -> Events:
    """Everything recorded of these types (all types when none is named), whatever day it concerns."""
    return Events.make("ledger", types=types)


def duplicates() -> Events:
    """Entries set aside because they repeat an earlier recorded one (outline R6)."""
    return Events.make("duplicates")


def after_death() -> Events:
    """Entries dated after death; they change nothing (outline R17)."""
    return Events.make("after_death")


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

    @staticmethod
    def text(name: str) -> Text:
        return Text.make("fact", name=name)


class setting:
    """Project settings by vocabulary name."""

    @staticmethod
    def code(name: str) -> Code:
        return Code.make("setting", name=name)

    @staticmethod
    def number(name: str) -> Number:
        return Number.make("setting", name=name)


def today() -> Date:
    return Date.make("today")


def day(value: date) -> Date:
    return Date.make("constant", value=value)


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
