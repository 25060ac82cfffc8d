"""Figures of a cohort from the kept rows: how many depart, of how many that could be judged, and by month.

Every rate has its denominator, and beside it how many could not be judged: a missing fact is neither good nor
bad, and is never in the denominator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, and_, case, extract, func, or_, select

from pathways.day_zero import LAST as COUNTED
from store.register import Counts, Wanted, about_patients, in_scope, of_patients
from store.tables import deviation, tracking

MONTHS: Final = 12
KINDS: Final = 7
"""Kinds of deviations told one by one; the others are taken together."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; `unjudged` could not be assessed (None: that is no question here). `key` finds its
    definition.
    """

    key: str
    n: int
    of: int
    unjudged: int | None = None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None of nobody."""
        return self.n / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who is spoken of: `patients` = judged + not judged + those with nothing to judge yet."""

    patients: int
    judged: int
    unjudged: int
    not_yet: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """How many deviations break one rule, and the share of all that this rule and those before it make up."""

    code: str
    title: str
    n: int
    upto: float


@dataclass(frozen=True, slots=True)
class Month:
    """Of the patients on the pathway in a month, how many had a deviation raised in it; and how many could
    not be judged, as known today: in their present state, entered by then, a fact is missing.
    """

    first: date
    n: int
    of: int
    unjudged: int = 0

    @property
    def share(self) -> float | None:
        return self.n / self.of if self.of else None

    @property
    def share_unjudged(self) -> float | None:
        return self.unjudged / self.of if self.of else None


def cohort(connection: Connection, wanted: Wanted, reviews: Counts) -> Cohort:
    """The cohort of whom is asked, with its rates. Deviations are those raised in the period that is
    asked for; data remarks are no departures, and only in the last rate: of what `reviews` counts.
    """
    scope = replace(wanted, codes=None, severities=(), statuses=(), states=(), pathway=None)
    departed = (
        select(
            deviation.c.patient_id.label("number"),
            func.max(case((deviation.c.severity == "critical", 1), else_=0)).label("critical"),
            func.max(case((deviation.c.severity.in_(("critical", "major")), 1), else_=0)).label("grave"),
            func.max(case((deviation.c.status == "open", 1), else_=0)).label("open"),
        )
        .where(deviation.c.severity != "data", *in_scope(scope, deviation))
        .group_by(deviation.c.patient_id)
        .subquery()
    )
    any_ = departed.c.number.is_not(None)
    yet = tracking.c.began_on.is_not(None)
    sums: dict[str, Any] = {
        "patients": func.count(),
        "any": func.count(departed.c.number),
        "critical": func.sum(departed.c.critical),
        "grave": func.sum(departed.c.grave),
        "open": func.sum(departed.c.open),
        "unjudged": func.sum(case((any_, 0), (tracking.c.undetermined & yet, 1), else_=0)),
        "not_yet": func.sum(case((any_, 0), (yet, 0), else_=1)),
    }
    query = select(*(one.label(name) for name, one in sums.items())).select_from(
        tracking.outerjoin(departed, departed.c.number == tracking.c.patient_id)
    )
    row = connection.execute(query.where(*about_patients(scope))).one()._mapping
    found = {name: int(row[name] or 0) for name in sums}
    unjudged, not_yet = found["unjudged"], found["not_yet"]
    judged = found["patients"] - unjudged - not_yet
    rates = [Rate(key, found[key], judged, unjudged) for key in ("any", "critical", "grave", "open")]
    reviewed = Rate("reviewed", reviews.total - reviews.waiting, reviews.total)
    return Cohort(found["patients"], judged, unjudged, not_yet, (*rates, reviewed))


def kinds(connection: Connection, wanted: Wanted) -> list[Kind]:
    """Which rules are broken most, the most frequent first (Pareto)."""
    number = func.count().label("number")
    query = (
        select(deviation.c.code, func.max(deviation.c.title).label("title"), number)
        .where(*in_scope(wanted, deviation), *of_patients(wanted))
        .group_by(deviation.c.code)
        .order_by(number.desc(), deviation.c.code)
    )
    return pareto([(code, title, n) for code, title, n in connection.execute(query)])


def pareto(counted: Iterable[tuple[str, str, int]]) -> list[Kind]:
    """The same with the running share; counted the most frequent first."""
    rows = list(counted)
    total, upto, found = sum(n for *_, n in rows), 0, []
    for code, title, n in rows:
        upto += n
        found.append(Kind(code, title, n, upto / total))
    return found


def summed(found: list[Kind], most: int = KINDS) -> tuple[list[Kind], int]:
    """The first kinds, and how many deviations are of the others."""
    rest = found[most:] if len(found) > most + 1 else []
    return found[: len(found) - len(rest)], sum(one.n for one in rest)


def months(
    connection: Connection, wanted: Wanted, today: date, closed: Collection[str], most: int = MONTHS
) -> list[Month]:
    """The last months up to today's, the oldest first. `closed`: states in which nobody is on the pathway.

    Nobody counts whose days are counted from a day zero.
    """
    firsts = _firsts(today, most)
    scope = replace(wanted, states=(), since=firsts[0], until=today)
    graver = deviation.c.severity != "data"
    year, month = (extract(part, deviation.c.raised_on) for part in ("year", "month"))
    left = case((tracking.c.state.in_(list(closed)), tracking.c.entered_on))
    began = tracking.c.began_on
    there = (*about_patients(scope), began > COUNTED)
    while_there = and_(deviation.c.raised_on >= began, or_(left.is_(None), deviation.c.raised_on <= left))
    raised = (
        select(year, month, func.count(deviation.c.patient_id.distinct()))
        .select_from(deviation.join(tracking, tracking.c.patient_id == deviation.c.patient_id))
        .where(*in_scope(scope, deviation), *there, while_there, graver)
        .group_by(year, month)
    )
    had = {(int(y), int(m)): int(n) for y, m, n in connection.execute(raised)}
    stays = select(began, left, func.count()).where(*there).group_by(began, left)
    courses = connection.execute(stays).all()
    departed = select(deviation.c.patient_id).where(*in_scope(scope, deviation), graver)
    since = func.coalesce(tracking.c.entered_on, began)
    missing = (tracking.c.undetermined, left.is_(None), tracking.c.patient_id.not_in(departed))
    open_ = connection.execute(select(since, func.count()).where(*there, *missing).group_by(since)).all()
    return [_month(first, had.get((first.year, first.month), 0), courses, open_) for first in firsts]


def _month(first: date, had: int, courses: Iterable[Any], open_: Iterable[Any]) -> Month:
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    there = sum(n for began, left, n in courses if began <= last and (left is None or left >= first))
    return Month(first, had, there, sum(n for since, n in open_ if since <= last))


def _firsts(today: date, most: int) -> list[date]:
    """The first days of the last months."""
    found = [today.replace(day=1)]
    while len(found) < most:
        found.append((found[-1] - timedelta(1)).replace(day=1))
    return found[::-1]
