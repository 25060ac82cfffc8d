"""Kinds of patients beside the routes of the main pathway: surveillance, bone health, endings, flaws of the record."""

from __future__ import annotations

from typing import Final

from simulation import stages as s
from simulation import treatment as t
from simulation.routes import ALL, TREATED, Route, up_to
from simulation.telling import Watch

WATCHED: Final[dict[str, tuple[int, Watch]]] = {
    "watched": (26, Watch((1, 59))),
    "watched_late": (4, Watch((14, 55), late=2)),
    "watched_missing_one": (9, Watch((7, 58), missed=1)),
    "watched_missing_two": (3, Watch((12, 58), missed=2)),
    "watched_to_the_end": (2, Watch((61, 75))),
    "watched_to_the_end_missing": (2, Watch((61, 75), missed=2)),
    "watched_entered_late": (3, Watch((12, 50), records=("late",))),
    "watched_entered_twice": (2, Watch((12, 50), records=("duplicate",))),
}

_long = Route(up_to(s.respond), (5, 60), bone=None)
_treated = Route(TREATED, (60, 500))

BONES: Final[dict[str, tuple[int, Route]]] = {
    "drug_late": (2, _long.but(bone="bma_late")),
    "drug_missing": (2, _long.but(bone="bma_never")),
    "zoledronate_late": (2, _treated.but(bone="zol_late")),
    "zoledronate_left_off": (4, Route(up_to(s.respond), (1, 20), bone="zol_left_off")),
    "zoledronate_spaced_early": (2, _treated.but(bone="zol_spaced_early")),
    "zoledronate_spaced_unstable": (1, _treated.but(bone="zol_spaced_unstable")),
    "denosumab_late": (2, _treated.but(bone="deno_late")),
    "denosumab_left_off": (4, Route(up_to(s.respond), (1, 20), bone="deno_left_off")),
    "denosumab_wide": (1, _treated.but(bone="deno_wide")),
    "denosumab_wide_mended": (1, _treated.but(bone="deno_wide_mended")),
    "orthopaedics_late": (2, _treated.but(bone="ortho_late")),
    "orthopaedics_missing": (2, Route(up_to(s.start_systemic), (20, 60), bone="ortho_never")),
    "zoledronate": (3, _treated.but(bone="zol")),
    "denosumab": (3, _treated.but(bone="deno")),
    "drug_stopped": (2, _treated.but(bone="zol", stop_drug=True)),
}

ENDINGS: Final[dict[str, tuple[int, Route]]] = {
    "died": (4, Route(TREATED, (100, 700), left=40, leaves="death")),
    "died_overdue": (1, Route((*ALL, t.follow_up_first_never), (200, 240), left=60, leaves="death")),
    "entry_after_death": (1, Route(TREATED, (100, 500), left=30, leaves="death_then_entry")),
    "withdrew": (3, Route(up_to(s.respond), (60, 200), left=25, leaves="withdrawal")),
    "came_back": (
        2,
        Route(up_to(s.respond_again), (20, 30), left=12, leaves="return", organs=("lymph_node",)),
    ),
    "transferred": (2, Route(TREATED, (100, 300), left=50, leaves="transferred")),
    "lost": (2, Route(up_to(s.start_systemic), (60, 90), leaves="lost", organs=("lymph_node", "lung"))),
    "paused": (2, Route(up_to(s.respond), (20, 60), leaves="pause", organs=("lymph_node",))),
    "paused_and_resumed": (1, Route(up_to(s.respond), (30, 60), leaves="pause_and_resume", organs=("lung",))),
}

RECORDS: Final[dict[str, tuple[int, Route]]] = {
    "entered_late": (4, _treated.but(records=("late",))),
    "entered_twice": (3, Route(up_to(s.counsel), (2, 12), records=("duplicate",))),
    "entered_twice_mended": (2, Route(up_to(s.counsel), (2, 12), records=("duplicate_retracted",))),
    "wrong_patient": (2, Route(up_to(s.start_systemic), (40, 70), records=("wrong_patient",))),
    "mended": (3, _treated.but(records=("mended",))),
    "corrected_after_board": (
        3,
        Route(up_to(s.counsel), (3, 9), lesions=(2, 4), records=("lesion_resolved",)),
    ),
    "progression_entered_late": (2, Route(ALL, (15, 40), records=("progression_late",))),
    "counselling_entered_late": (2, Route(ALL, (15, 40), records=("counselling_late",))),
    "modality_unknown": (3, Route(up_to(s.scan), (1, 9), records=("modality_unknown",))),
    "effusion_unknown": (3, Route(up_to(s.counsel), (1, 9), records=("effusion_unknown",))),
}
