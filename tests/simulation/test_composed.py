"""Composed patients: what was planted is what the engine finds, on its day, under any settings and shares."""

from collections import Counter
from datetime import date

import pytest

from engine.event import day_of
from pathways.library import all_pathways
from pathways.settings import Settings
from simulation.chance import Chance
from simulation.lives.cohort import simulate
from simulation.lives.numbers import DECLARED, Numbers
from tests.simulation.composed import DAY, answered, difference, drawn, found

# The departure is that at the completion; the engine tells the start of that course of treatment as its day.
OTHER_DAY = "d-incomplete-coverage"


def test_planted_is_found_and_nothing_else() -> None:
    differing = {patient.id: difference(patient, there) for patient, there in answered()}
    assert {id: codes for id, codes in differing.items() if codes} == {}


def test_every_departure_stands_from_the_day_it_was_planted() -> None:
    for patient, there in answered():
        planted = Counter(
            (one.code, one.on)
            for one in patient.planted
            if one.code.startswith("d-") and one.code != OTHER_DAY
        )
        told = Counter((d.code, d.on) for d in there if d.code.startswith("d-") and d.code != OTHER_DAY)
        assert (patient.id, told) == (patient.id, planted)


def test_every_departure_and_every_trace_of_the_library_is_planted() -> None:
    declared = {rule.code for pathway in all_pathways() for rule in pathway.deviations} | {"q-missing-fact"}
    assert {planted.code for patient, _ in answered() for planted in patient.planted} == declared


def test_every_status_occurs() -> None:
    statuses = {d.status for _, there in answered() for d in there}
    assert statuses == {"open", "closed", "final", "overruled", "retrospective"}


def test_departures_come_together() -> None:
    """In one patient, of several pathways, and several at the same start."""
    kinds = [{planted.code for planted in patient.planted} for patient, _ in answered()]
    assert sum(len(codes) > 3 for codes in kinds) > 40
    at_one_start = Counter((p.id, one.on) for p, _ in answered() for one in p.planted)
    assert max(at_one_start.values()) >= 4


def test_hardly_two_patients_are_alike() -> None:
    courses = Counter(tuple(entry.type for entry in patient.story.entries) for patient, _ in answered())
    assert len(courses) > 0.9 * len(answered())


def test_the_first_day_of_a_course_and_a_leap_day() -> None:
    day = date(2024, 2, 29)
    differing = {patient.id: difference(patient, found(patient, day)) for patient in drawn(120, 2, day)}
    assert {id: codes for id, codes in differing.items() if codes} == {}


SETTINGS = [
    {"response_min_months": 6, "zoledronate_min_monthly_doses": 6, "surveillance_phase1_years": 2},
    {"grace_days": 10, "bma_start_grace_days": 14, "ortho_grace_days": 60, "cns_grace_days": 14},
    {"post_mdt_anchor": "first_target", "cord_grace_days": 7, "receptor_grace_days": 7},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: next(iter(settings)))
def test_planted_is_found_under_other_settings(settings: dict[str, object]) -> None:
    differing = {
        patient.id: difference(patient, found(patient, DAY, settings))
        for patient in drawn(80, 5, DAY, **settings)
    }
    assert {id: codes for id, codes in differing.items() if codes} == {}


def extreme(seed: int) -> Numbers:
    """Half of the numbers changed: shares to never, always or often, delays to a day or to months."""
    chance, changed = Chance.seeded("extreme", seed), dict[str, object]()
    for one in DECLARED.values():
        if chance.happens(0.5) and one.name not in ("hr_positive", "hr_her2_positive", "her2_positive"):
            least = chance.pick((1, 1, 2, 5, 30))
            days, share = (least, least + chance.pick((0, 3, 60))), chance.pick((0.0, 1.0, 0.5, 0.8))
            changed[one.name] = days if one.days else share
    return Numbers.given({**changed, "days_of_life": (20, 2500), "watched": 0.1})


def unlike_under(seed: int, patients: int) -> dict[str, object]:
    drawn = simulate(patients, seed, DAY, extreme(seed), Settings.from_overrides({}))
    differing = {patient.id: difference(patient, found(patient, DAY)) for patient in drawn}
    return {id: codes for id, codes in differing.items() if codes}


@pytest.mark.parametrize("seed", range(4))
def test_planted_is_found_under_any_shares_and_delays(seed: int) -> None:
    assert unlike_under(seed, 12) == {}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 200))
def test_planted_is_found_under_many_shares_and_delays(seed: int) -> None:
    assert unlike_under(seed, 50) == {}


def test_the_same_arguments_give_the_same_patients() -> None:
    assert list(drawn(25, 4, DAY)) == list(drawn(25, 4, DAY))


def test_a_larger_cohort_begins_like_a_smaller_one() -> None:
    assert list(drawn(12, 4, DAY)) == list(drawn(30, 4, DAY))[:12]


def test_nothing_lies_beyond_the_day() -> None:
    for patient, _ in answered():
        assert all(max(entry.day, day_of(entry.recorded)) <= DAY for entry in patient.story.entries)
        assert all(planted.on <= DAY for planted in patient.planted)


@pytest.mark.soak
def test_planted_is_found_in_twenty_thousand(capsys: pytest.CaptureFixture[str]) -> None:
    """Per rule, with a table of them."""
    planted: Counter[str] = Counter()
    there: Counter[str] = Counter()
    differing = {}
    for patient in drawn(20_000, 2026, DAY):
        deviations = found(patient, DAY)
        planted.update(one.code for one in patient.planted)
        there.update(d.code for d in deviations)
        if unlike := difference(patient, deviations):
            differing[patient.id] = unlike
    with capsys.disabled():
        print(f"\n{'code':40}{'planted':>8}{'found':>8}")
        for code in sorted(planted | there):
            print(f"{code:40}{planted[code]:>8}{there[code]:>8}")
    assert differing == {}
