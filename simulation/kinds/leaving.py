"""Patients who died, left, came back or could not be reached."""

from __future__ import annotations

from typing import Final

from simulation import therapy as y
from simulation import treatment as t
from simulation import workup as w
from simulation.routes import BY_THE_BOOK, Route, up_to

LEAVING: Final[dict[str, tuple[int, Route]]] = {
    "died": (3, Route(BY_THE_BOOK, (100, 600), t.follow_up, left=40, leaves="death")),
    "died_overdue": (1, Route(BY_THE_BOOK, (200, 240), t.follow_up_first_missing, left=60, leaves="death")),
    "entry_after_death": (1, Route(BY_THE_BOOK, (100, 500), t.follow_up, left=30, leaves="death_then_entry")),
    "withdrew": (2, Route(up_to(y.respond), (60, 200), left=25, leaves="withdrawal")),
    "came_back": (
        1,
        Route(up_to(y.respond_again), (20, 30), organs=("lymph_node",), left=12, leaves="return"),
    ),
    "came_back_overdue": (
        1,
        Route(
            BY_THE_BOOK,
            (122, 126),
            t.follow_up_first_missing,
            organs=("lymph_node",),
            left=45,
            leaves="return_overdue",
        ),
    ),
    "transferred": (1, Route(BY_THE_BOOK, (100, 300), t.follow_up, left=50, leaves="transfer")),
    "lost": (1, Route(up_to(w.start_systemic), (60, 90), organs=("lymph_node", "lung"), leaves="lost")),
    "paused": (1, Route(up_to(y.respond), (20, 60), organs=("lymph_node",), leaves="pause")),
    "paused_then_resumed": (
        1,
        Route(up_to(y.respond), (30, 60), organs=("lung",), leaves="pause_and_resume"),
    ),
}
