"""Rows of a long table that name no patient, and the patients of whom they may be a part.

A merged cell names the patient in its first row only, and a cell may have been emptied by mistake. Whose such
a row is, nobody can tell; so that no patient is taken with some of the rows missing, everybody whose it may
be is held back. Where the rows of each patient stand together, that is the patient above and the one below;
where they stand apart, as in a table sorted by date, it is everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from interop.sheets import Row


def possible_owners(rows: Sequence[Row], patients: Sequence[str | None]) -> dict[str, Row]:
    """The patients to be held back, each with a row that may be theirs; `patients` says whom a row names."""
    nameless = next((row for row, patient in zip(rows, patients, strict=True) if patient is None), None)
    if nameless is None:
        return {}
    runs = [patient for patient, _ in groupby(filter(None, patients))]
    if len(set(runs)) < len(runs):
        return dict.fromkeys(runs, nameless)
    owners = _above(rows, patients)
    for patient, row in _above(rows[::-1], patients[::-1]).items():
        owners.setdefault(patient, row)
    return owners


def _above(rows: Sequence[Row], patients: Sequence[str | None]) -> dict[str, Row]:
    """For each row that names nobody, the last patient who was named before it."""
    owners: dict[str, Row] = {}
    last = None
    for row, patient in zip(rows, patients, strict=True):
        if patient is None and last is not None:
            owners.setdefault(last, row)
        last = patient or last
    return owners
