"""Patients whose record is flawed: entered late, twice, for somebody else, without a value, corrected."""

from __future__ import annotations

from typing import Final

from simulation import decision as d
from simulation import local as c
from simulation import primary as p
from simulation import treatment as t
from simulation import workup as w
from simulation.kinds.elsewhere import axilla, intact
from simulation.routes import BY_THE_BOOK, Route, up_to

_ready = up_to(d.counsel)

RECORDED: Final[dict[str, tuple[int, Route]]] = {
    "entered_late": (3, Route(BY_THE_BOOK, (20, 400), t.follow_up, records=("late",))),
    "entered_twice": (1, Route(_ready, (5, 12), records=("duplicate",))),
    "entered_twice_and_retracted": (1, Route(_ready, (5, 12), records=("duplicate_retracted",))),
    "entry_of_another_patient": (1, Route(up_to(w.start_systemic), (40, 70), records=("wrong_patient",))),
    "diameter_corrected": (2, Route(BY_THE_BOOK, (20, 200), t.follow_up, records=("mended",))),
    "corrected_after_board": (1, Route(_ready, (5, 12), number=(2, 4), records=("lesion_resolved",))),
    "corrected_before_start": (
        1,
        Route(up_to(t.treat), (4, 8), number=(2, 4), records=("resolved_before_start",)),
    ),
    "progression_entered_late": (1, Route(BY_THE_BOOK, (15, 40), records=("progression_late",))),
    "counselling_entered_late": (1, Route(BY_THE_BOOK, (15, 40), records=("counselling_late",))),
    "lung_histology_entered_late": (
        1,
        Route(BY_THE_BOOK, (15, 40), organs=("lung",), records=("lung_histology_late",)),
    ),
    "liver_board_entered_late": (
        1,
        Route(BY_THE_BOOK, (15, 40), organs=("liver",), records=("liver_board_late",)),
    ),
    "primary_board_entered_late": (
        1,
        intact(p.board_primary, p.remove_boarded, records=("primary_board_late",)),
    ),
    "axilla_board_entered_late": (1, axilla(c.board_axilla, c.treat_axilla, records=("axilla_board_late",))),
    "modality_unknown": (2, Route(up_to(w.scan), (1, 9), records=("modality_unknown",))),
    "modality_told": (1, Route(_ready, (5, 9), records=("modality_told",))),
    "effusion_unknown": (2, Route(_ready, (1, 9), records=("effusion_unknown",))),
    "treated_effusion_unknown": (1, Route(up_to(t.treat), (1, 8), records=("effusion_unknown",))),
}
