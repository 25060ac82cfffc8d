"""The dates of the bundled cohort moved by whole weeks, so that the demonstration always stands on today."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

from cli.data import REFERENCE_DAY

_day = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|T)").match


def moved_cohort(cohort: Path, file: Path, today: date) -> set[str]:
    """Write the cohort with its last day in the week up to `today`; return the patients in it."""
    by = timedelta(weeks=(today - REFERENCE_DAY).days // 7)
    with (
        cohort.open(encoding="utf-8", newline="") as given,
        file.open("w", encoding="utf-8", newline="") as made,
    ):
        rows, out = csv.reader(given), csv.writer(made, lineterminator="\n")
        header = next(rows)
        out.writerow(header)
        patients = set()
        for row in rows:
            patients.add(row[header.index("patient")])
            out.writerow([_moved(cell, by) for cell in row])
    return patients


def _moved(cell: str, by: timedelta) -> str:
    found = _day(cell)
    return f"{date.fromisoformat(found.group()) + by}{cell[found.end() :]}" if found else cell
