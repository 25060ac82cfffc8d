"""Patients as files bring them: case files (YAML, JSON, JSON lines) and long tables (CSV, XLSX)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.event import Story
from interop.case import Refusal
from interop.case_file import read_cases
from interop.limits import told_in_part
from interop.long_table import RowError, TableReading, read_long_table
from interop.sources import TABLES
from interop.words import Word
from store.errors import Refused, StoreError
from store.recording import Recording, Retelling


@dataclass(frozen=True, slots=True)
class Incoming:
    """A patient's story that was read without a fault; `number` is its place in the file, from 0.

    `words` are those that were read as codes.
    """

    patient: str
    story: Story
    number: int
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A patient of whom nothing is recorded, and why; None: the file, a row or a case that names none."""

    patient: str | None
    error: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A file with its patients one by one; `total` is None where they are not counted beforehand.

    `day_zero` is what all days of the file are counted from, where they are no calendar days. `name` is what
    entries are known by as its own, `retelling` says which of them it tells each time anew.
    """

    path: Path
    patients: Iterator[Incoming | TurnedAway]
    total: int | None
    table: TableReading | None = None
    day_zero: str | None = None
    name: str | None = None
    retelling: Retelling | None = None


def is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLES


def open_source(path: Path) -> Source:
    """The patients of a file, read by its ending. Raises nothing for bad input."""
    if not is_table(path):
        return Source(path, _once(_from_case_file(path)), None)
    reading = read_long_table(path)
    refused = dict.fromkeys(error.patient for error in reading.refused)
    return Source(path, _from_table(reading), len(reading.patients) + len(refused), reading)


def recording(incoming: Incoming, source: Source) -> Recording:
    """What the write door is asked to record."""
    told = source.name or f"file {source.path.name}"
    recorded = Recording.of_history(incoming.patient, incoming.story, told, source.day_zero)
    return replace(recorded, retelling=source.retelling)


def turned_away(incoming: Incoming, path: Path, error: StoreError) -> TurnedAway:
    """A patient whom the store refused, told with the file."""
    reasons = [str(fault) for fault in error.faults] if isinstance(error, Refused) else [str(error)]
    told = "\n".join(f"{path}: {incoming.patient}: {reason}" for reason in reasons)
    return TurnedAway(incoming.patient, told, incoming.number)


def _from_case_file(path: Path) -> Iterator[Incoming | TurnedAway]:
    for number, case in enumerate(read_cases(path)):
        if isinstance(case, Refusal):
            yield TurnedAway(case.case, case.error, number)
        else:
            yield Incoming(case.id, case.story, number)


def _once(patients: Iterator[Incoming | TurnedAway]) -> Iterator[Incoming | TurnedAway]:
    """Everything about one patient stands in one case; a second one is turned away."""
    seen: set[str] = set()
    for one in patients:
        if isinstance(one, Incoming) and one.patient in seen:
            told = f"{one.patient}: the patient stands twice in this file; put everything into one case"
            yield TurnedAway(one.patient, told, one.number)
        else:
            seen.add(one.patient or "")
            yield one


def _from_table(reading: TableReading) -> Iterator[Incoming | TurnedAway]:
    by_patient: dict[str | None, list[RowError]] = {}
    for error in reading.refused:
        by_patient.setdefault(error.patient, []).append(error)
    for patient, errors in by_patient.items():
        yield TurnedAway(patient, told_in_part(list(map(str, errors)), "faults of this patient"), None)
    for number, one in enumerate(reading.patients):
        yield Incoming(one.patient, one.story, number, one.words)
