"""One timer or deviation per element of a list."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.language.event import Events, OneEvent
from pathways.language.expression import Date, Expression
from pathways.language.lesion import Row, Rows
from pathways.language.series import Dates
from pathways.language.variables import variable


@dataclass(frozen=True, slots=True)
class Each:
    """One instance per element of a list: the list and the variable that stands for the element."""

    over: Expression
    level: int


def for_each(events: Events) -> tuple[Each, OneEvent]:
    """An instance per event, and the word for that event. Used by timers and deviations, never nested."""
    return Each(events, 0), variable(OneEvent, 0)


def for_each_date(dates: Dates) -> tuple[Each, Date]:
    return Each(dates, 0), variable(Date, 0)


def for_each_lesion(rows: Rows) -> tuple[Each, Row]:
    return Each(rows, 0), variable(Row, 0)
