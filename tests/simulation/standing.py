"""Where the patients of the cohort stand, asked once for all tests."""

from datetime import date
from functools import cache

from cli.data import PATIENTS, REFERENCE_DAY, SEED
from engine.event import Story
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot
from pathways.library import all_pathways
from simulation.cohort import Patient, cohort


def snapshot(story: Story, day: date) -> PatientSnapshot:
    return replay_patient([Enrolment(pathway) for pathway in all_pathways()], story, day, day)


@cache
def answered() -> tuple[tuple[Patient, PatientSnapshot], ...]:
    """The bundled cohort, in which every kind of patient occurs."""
    patients = cohort(PATIENTS, SEED, REFERENCE_DAY)
    return tuple((patient, snapshot(patient.story, REFERENCE_DAY)) for patient in patients)
