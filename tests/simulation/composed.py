"""A composed cohort and what the engine finds in it, compared code by code and day by day."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from engine.replay import Enrolment, replay_patient
from engine.snapshot import Deviation
from pathways.library import all_pathways
from pathways.settings import Settings
from simulation.lives.cohort import Simulated, simulate
from simulation.lives.numbers import Numbers

DAY = date(2026, 11, 2)
SEED, PATIENTS = 7, 400

Row = tuple[str, str, date]


def drawn(number: int, seed: int, day: date, **changed: object) -> Iterator[Simulated]:
    """Patients by the declared shares, under settings of the pathways that may be changed."""
    return simulate(number, seed, day, Numbers.given({}), Settings.from_overrides(changed))


def found(patient: Simulated, day: date, settings: Mapping[str, object] | None = None) -> list[Deviation]:
    """What the engine answers about a patient."""
    chosen = Settings.from_overrides(settings or {})
    enrolments = [Enrolment(pathway, chosen) for pathway in all_pathways()]
    answer = replay_patient(enrolments, patient.story, day, day)
    return [deviation for part in answer.pathways for deviation in part.deviations]


@cache
def answered() -> tuple[tuple[Simulated, tuple[Deviation, ...]], ...]:
    """A cohort in which every departure and every trace is planted, asked once for all tests."""
    return tuple((patient, tuple(found(patient, DAY))) for patient in drawn(PATIENTS, SEED, DAY))


def difference(patient: Simulated, there: list[Deviation] | tuple[Deviation, ...]) -> dict[str, Counter[str]]:
    """Codes found and not planted, and the other way round; each as often as it stands there."""
    got, put = Counter(d.code for d in there), Counter(planted.code for planted in patient.planted)
    return {"found only": got - put, "planted only": put - got} if got != put else {}
