"""Calendar months by counting, as outline 1.2 puts it: independent of the engine's arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(1)

ENDS_OF_MONTHS: Final = tuple(
    date.fromisoformat(text)
    for text in (
        "2024-01-31", "2023-02-28", "2024-02-29", "2023-11-30", "2024-08-31",
        "2023-01-31", "2024-02-28", "2024-11-30", "2023-12-31", "2024-05-31",
    )
)  # fmt: skip
"""Days from which months are hardest to count: ends of long and short months, before and in leap years."""

SOME_ENDS: Final = ENDS_OF_MONTHS[:5]
"""Those that every test run begins from; the others come in soak runs."""


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one it has."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1
