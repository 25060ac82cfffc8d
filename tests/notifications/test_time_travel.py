"""Two years with both changes of the clock, a leap day, a week without a worker, a clock set back an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from engine.event import Event
from simulation.cohort import cohort
from store.database import Database, open_database
from store.derivation import Derivation
from store.library import shipped
from store.record import record
from store.recording import Entry, Recording
from tests.keys import KEYS
from tests.notifications.office import assign
from tests.notifications.travel import (
    Happening,
    Journey,
    as_if_nothing_had_happened,
    here,
    made_up,
    mornings,
    nothing_twice,
    travel,
    with_what_still_holds,
)
from tests.store import toy

FIRST, LAST = date(2027, 1, 4), date(2028, 12, 31)
Opening = Callable[[Database], Derivation]


@dataclass(frozen=True)
class Span:
    """Days on which a worker comes by; `away` is a week of them on which it does not."""

    first: date
    last: date
    away: tuple[datetime, datetime]

    @classmethod
    def around(cls, day: date) -> Span:
        """Some days around one on which the clock or the calendar is odd, which lies in the week."""
        away = here(day - timedelta(3), time(8)), here(day + timedelta(4), time(10))
        return cls(day - timedelta(6), day + timedelta(9), away)

    @property
    def ticks(self) -> list[datetime]:
        """Those of whoever comes by twice a day."""
        return [tick for tick in mornings(self.first, self.last) if tick.time() in (time(0, 5), time(7, 31))]


SUMMER_TIME = Span.around(date(2027, 3, 28))
SEASONS = {
    "summer time begins": SUMMER_TIME,
    "summer time ends": Span.around(date(2027, 10, 31)),
    "a leap day": Span.around(date(2028, 2, 29)),
}
WEEK = 28
"""Ticks of the worker in a week."""
TWO_YEARS = Span(FIRST, LAST, SUMMER_TIME.away)


def the_toy(_: Database) -> Derivation:
    return toy.derivation


def set_back(ticks: Sequence[datetime]) -> Iterator[datetime]:
    """The clock is set back an hour now and then, after a tick of any time of day; then it goes on."""
    for number, tick in enumerate(ticks):
        yield tick
        if number % 7 == 3:
            yield tick - timedelta(hours=1)
            yield tick - timedelta(minutes=30)


def journeys(
    folder: Path,
    story: Callable[[], Iterator[Happening]],
    ticks: Sequence[datetime],
    away: tuple[datetime, datetime],
    derive: Opening,
    looks: int = 1,
) -> tuple[Journey, Journey, Journey]:
    """Without interruption, with a clock that is set back, and with a worker that was away."""
    without = [tick for tick in ticks if not away[0] <= tick < away[1]]
    found = []
    for name, chosen in {"whole": ticks, "back": list(set_back(ticks)), "away": without}.items():
        database = open_database(f"sqlite:///{folder / name}.db", KEYS)
        back = away[1] if name == "away" else None
        found.append(travel(database, story(), chosen, derive(database), looks, back))
        database.close()
    return found[0], found[1], found[2]


def compare(whole: Journey, back: Journey, away: Journey, span: Span) -> None:
    nothing_twice(whole)
    assert away.told != whole.told, "somebody was told later, or of something only that came later"
    as_if_nothing_had_happened(whole, back)
    with_what_still_holds(whole, away, *span.away)


def simulated(number: int) -> Iterator[Happening]:
    """Patients of the real pathway: what is known when the story begins as history, the rest as it comes."""
    for one in cohort(number, 7, LAST):
        later = [entry for entry in one.story.entries if _moment(entry) > here(FIRST, time(0, 1))]
        before = tuple(Entry(entry) for entry in one.story.entries if entry not in later)
        said = Recording(one.id, before, facts=one.story.facts, source="simulation", imported=True)
        yield here(FIRST, time(0, 1)), _recording(said)
        yield here(FIRST, time(0, 2)), partial(_to_anna, one.id)
        for entry in later:
            yield _moment(entry), _recording(Recording(one.id, (Entry(entry),), imported=True))


def _to_anna(reference: str, database: Database, now: datetime) -> None:
    assign(database, reference, "anna", now=now)


def _recording(said: Recording) -> Callable[[Database, datetime], object]:
    return lambda database, now: record(
        database, said, recorder="simulation", now=now, derive=shipped(database)
    )


def _moment(entry: Event) -> datetime:
    said = entry.documented
    day = said.date() if isinstance(said, datetime) else said
    return here(max(day, entry.day), time(9))


@pytest.mark.parametrize("span", SEASONS.values(), ids=SEASONS)
def test_a_few_patients_of_the_toy(span: Span, tmp_path: Path) -> None:
    first, last = span.first - timedelta(35), span.last
    found = journeys(tmp_path, lambda: made_up(3, first, last, 20), span.ticks, span.away, the_toy)
    compare(*found, span)


def test_patients_of_the_real_pathway(tmp_path: Path) -> None:
    ticks = [tick for tick in SUMMER_TIME.ticks if tick.time() == time(7, 31)]
    found = journeys(tmp_path, lambda: simulated(3), ticks, SUMMER_TIME.away, shipped)
    compare(*found, SUMMER_TIME)


@pytest.mark.soak
@pytest.mark.parametrize("number", [50, 1_000])
def test_two_years_of_the_toy(number: int, tmp_path: Path) -> None:
    ticks = list(mornings(FIRST, LAST))
    found = journeys(tmp_path, lambda: made_up(number, FIRST, LAST, 1), ticks, TWO_YEARS.away, the_toy, WEEK)
    compare(*found, TWO_YEARS)


@pytest.mark.soak
def test_two_years_of_the_real_pathway(tmp_path: Path) -> None:
    ticks = list(mornings(FIRST, LAST))
    found = journeys(tmp_path, lambda: simulated(50), ticks, TWO_YEARS.away, shipped, WEEK)
    compare(*found, TWO_YEARS)
