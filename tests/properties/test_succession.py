"""Laws of versions in turn: one that says the same changes nothing; every departure has one judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from engine.replay import Enrolment, replay_patient
from engine.snapshot import Deviation, PatientSnapshot, Snapshot
from engine.succession import Period, replay_periods
from pathways.library import all_pathways
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.properties.asking import LAST, Asked, enrolments, questions

DAYS = st.dates(date(2023, 1, 1), LAST + timedelta(30))


@cache
def renewed(settings: Settings) -> tuple[Enrolment, ...]:
    """The same pathways under another version."""
    return tuple(Enrolment(replace(one, version="99.0.0"), settings) for one in all_pathways())


def in_turn(asked: Asked, *periods: Period) -> PatientSnapshot:
    return replay_periods(periods, asked.story, asked.as_of, asked.known_at)


def found(snapshot: PatientSnapshot) -> list[list[Deviation]]:
    """The departures of each pathway, in one order."""
    return [sorted(part.deviations, key=repr) for part in snapshot.pathways]


@given(questions(), DAYS)
def test_a_version_that_says_the_same_changes_nothing(asked: Asked, day: date) -> None:
    before, after = enrolments(asked.settings), renewed(asked.settings)
    both = in_turn(asked, Period(before, day), Period(after))
    alone = replay_patient(after, asked.story, asked.as_of, asked.known_at)
    unmarked = replace(both, pathways=tuple(_unmarked(part) for part in both.pathways))
    assert found(unmarked) == found(alone)
    for one, other in zip(both.pathways, alone.pathways, strict=True):
        assert replace(one, deviations=()) == replace(other, deviations=())


def _unmarked(part: Snapshot) -> Snapshot:
    return replace(part, deviations=tuple(replace(one, judged_under="") for one in part.deviations))


@given(questions(), DAYS, DAYS)
def test_each_departure_is_judged_by_one_of_the_versions(asked: Asked, first: date, second: date) -> None:
    """And where a change has not come yet, or came before everything, by the one there was."""
    other = DEFAULT_SETTINGS.replace(
        {"grace_days": 40, "response_min_months": 6, "definition_profile": "esmo"}
    )
    one, two = enrolments(asked.settings), enrolments(other)
    days = sorted((first, second))
    both = in_turn(asked, Period(one, days[0]), Period(two, days[1]), Period(one))
    known = [
        deviation
        for enrolled in (one, two)
        for part in replay_patient(enrolled, asked.story, asked.as_of, asked.known_at).pathways
        for deviation in part.deviations
    ]
    assert all(deviation in known for part in both.pathways for deviation in part.deviations)
    late = in_turn(asked, Period(one, date.max), Period(two))
    alone = replay_patient(one, asked.story, asked.as_of, asked.known_at)
    assert [_judged(part) for part in found(late)] == [_judged(part) for part in found(alone)]


def _judged(part: list[Deviation]) -> list[Deviation]:
    """Those that belong to some moment."""
    return [one for one in part if one.decided or one.on]
