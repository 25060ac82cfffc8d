"""Writes the demonstration cohort anew: `python -m cli.data`. The same source gives the same bytes."""

from pathlib import Path

from cli.data import DEMO_COHORT, PATIENTS, REFERENCE_DAY, SEED
from interop.case import Case
from interop.long_table import write_long_table
from simulation.cohort import cohort


def write(path: Path) -> None:
    write_long_table((Case(p.id, None, p.story) for p in cohort(PATIENTS, SEED, REFERENCE_DAY)), path)


if __name__ == "__main__":
    write(DEMO_COHORT)
