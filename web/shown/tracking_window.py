"""How far the span is for which a response has to be maintained, as a bar with words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal

from engine.calendar import add_months
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.statements import Statement
from store.projections import CLOSED, NOT_BEGUN, UNKNOWN

STATEMENT: Final = "mdtbc-mdt-after-response"
"""The statement that names the span: its lower and upper end are in its parameters."""
WIDTH: Final = 110
"""Of the bar; it ends at the upper end of the span."""
Kind = Literal["none", "running", "ask", "unclear", "met"]
"""Nothing has begun it; it runs; it has passed, and nothing documents the response since; a fact is missing;
it was maintained.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The span of one patient on a day. `week` is the one that runs, of `first` to `last` that are asked for;
    `from_on` and `until` where it begins and the site's own limit is.
    """

    kind: Kind
    week: int = 0
    first: int = 0
    last: int = 0
    days: int = 0
    needed: int = 0
    from_on: date | None = None
    until: date | None = None
    filled: int = 0
    mark: int = 0

    @property
    def begun(self) -> bool:
        return self.from_on is not None


def window(clock: str | None, from_on: date | None, until: date | None, today: date) -> Window | None:
    """What is kept of a patient's span, on a day; None: the pathway knows none."""
    if clock is None:
        return None
    if from_on is None or until is None or today < from_on:
        return Window("none" if clock == NOT_BEGUN else "met" if clock == CLOSED else "unclear")
    lower, upper = (add_months(from_on, months) for months in months_asked())
    days, all_ = (today - from_on).days, (upper - from_on).days
    return Window(
        kind=_kind(clock, until, today),
        week=days // 7 + 1,
        first=round((lower - from_on).days / 7),
        last=round(all_ / 7),
        days=days,
        needed=(until - from_on).days,
        from_on=from_on,
        until=until,
        filled=min(WIDTH, WIDTH * days // all_),
        mark=min(WIDTH - 2, WIDTH * (until - from_on).days // all_),
    )


def _kind(clock: str, until: date, today: date) -> Kind:
    if clock == CLOSED:
        return "met"
    if clock == UNKNOWN:
        return "unclear"
    return "ask" if today >= until else "running"


def statement() -> Statement:
    """The statement that names the span."""
    return load_catalogue().statements[STATEMENT]


@cache
def months_asked() -> tuple[int, int]:
    """The lower and the upper end of the span, in months, as the statement has them."""
    said = {one.name: one.value for one in statement().parameters}
    lower, upper = said["response_min_lower"], said["response_min_upper"]
    assert isinstance(lower, int), "months are whole"
    assert isinstance(upper, int), "months are whole"
    return lower, upper
