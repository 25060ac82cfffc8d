"""Patients after surgery of the primary, without metastasis."""

from __future__ import annotations

from typing import Final

from simulation.telling import Watch

WATCHED: Final[dict[str, tuple[int, Watch]]] = {
    "watched": (10, Watch((30, 1790))),
    "watched_since_month_end": (2, Watch((200, 1700), month_end=True)),
    "visits_late": (2, Watch((420, 1700), late=2)),
    "visit_missed": (13, Watch((215, 1760), missed=1)),
    "two_visits_missed": (2, Watch((360, 1760), missed=2)),
    "five_years_watched": (2, Watch((1840, 2300))),
    "five_years_watched_with_gaps": (1, Watch((1840, 2300), missed=2)),
    "visits_entered_late": (1, Watch((360, 1500), records=("late",))),
    "visit_entered_twice": (1, Watch((360, 1500), records=("duplicate",))),
}
