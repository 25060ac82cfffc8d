"""The table that `carepath demo` imports is what the simulation writes, and looks like a ward's list."""

from pathlib import Path

from cli.data import DEMO_COHORT, PATIENTS
from cli.data.__main__ import write
from interop.long_table import read_long_table
from simulation.cohort import DECK
from tests.simulation.standing import answered


def test_the_table_is_fresh(tmp_path: Path) -> None:
    """Where it is not: `python -m cli.data` writes it anew."""
    write(tmp_path / "anew.csv")
    assert (tmp_path / "anew.csv").read_bytes() == DEMO_COHORT.read_bytes()


def test_the_table_reads_back_as_the_cohort() -> None:
    reading = read_long_table(DEMO_COHORT)
    assert reading.refused == ()
    expected = {patient.id: patient.story for patient, _ in answered()}
    assert {patient.patient: patient.story for patient in reading.patients} == expected


def test_its_size() -> None:
    assert len(DECK) == PATIENTS
    assert DEMO_COHORT.stat().st_size < 2_000_000


def test_most_patients_are_regular_and_some_are_not() -> None:
    found = [snapshot for _, snapshot in answered()]
    overdue = [
        s for s in found if any(t.status in ("overdue", "escalated") for p in s.pathways for t in p.timers)
    ]
    critical = [s for s in found if any(d.severity == "critical" for p in s.pathways for d in p.deviations)]
    unknown = [s for s in found if any(step.missing for p in s.pathways for step in p.steps)]
    assert 0.1 < len(overdue) / len(found) < 0.2
    assert 5 <= len(critical) <= 20
    assert len(unknown) >= 3
