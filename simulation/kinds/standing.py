"""Patients by the book, by where they stand on the main pathway."""

from __future__ import annotations

from typing import Final

from simulation import decision as d
from simulation import therapy as y
from simulation import treatment as t
from simulation import workup as w
from simulation.routes import BY_THE_BOOK, Route, after, instead, up_to

_while = (5, 600)
_month_end = instead(y.respond_again, y.respond_on_boundary, of=instead(y.respond, y.respond_at_month_end))
_to_oligoprogression = (*BY_THE_BOOK, t.show_once, y.progress_at_few_sites)
_to_second_course = (*up_to(w.start_systemic), y.progress, y.change_line)

STANDING: Final[dict[str, tuple[int, Route]]] = {
    "suspected": (3, Route(up_to(w.suspect), (1, 9))),
    "staged_in_part": (2, Route((w.suspect, w.scan_partly), (1, 9))),
    "staging_not_described": (1, Route((w.suspect, w.scan_uncounted), (1, 9))),
    "biopsy_awaited": (4, Route(up_to(w.review_history), (1, 9))),
    "first_board_awaited": (4, Route(up_to(w.sample), (1, 7))),
    "systemic_planned": (4, Route(up_to(w.board_initial), (1, 9))),
    "systemic_running": (9, Route(up_to(w.start_systemic), (5, 80))),
    "stable": (2, Route((*up_to(w.start_systemic), y.stay_stable), (5, 60))),
    "not_evaluable": (1, Route((*up_to(w.start_systemic), y.not_evaluable), (5, 20))),
    "regimen_changed_for_toxicity": (1, Route((*up_to(w.start_systemic), y.change_for_toxicity), (5, 60))),
    "stopped_for_toxicity": (1, Route((*up_to(y.respond), y.stop_for_toxicity), (2, 9))),
    "responding": (9, Route(up_to(y.respond), (5, 80))),
    "stable_after_response": (1, Route((*up_to(y.respond), y.stay_stable, y.stay_stable), (5, 40))),
    "mdt_board_awaited": (5, Route(up_to(y.respond_again), (1, 12))),
    "mdt_board_deferred": (1, Route((*up_to(y.respond_again), d.board_defers), (1, 12))),
    "counselling_awaited": (4, Route(up_to(d.board_mdt), (1, 6))),
    "ready": (5, Route(up_to(d.counsel), (1, 14))),
    "planned": (2, Route((*up_to(d.counsel), t.plan_treatment), (1, 6))),
    "underway": (4, Route(up_to(t.treat), (1, 8))),
    "treated": (14, Route(BY_THE_BOOK, _while, t.follow_up)),
    "treated_by_ablation": (
        2,
        Route(BY_THE_BOOK, _while, t.follow_up, method="rfa", number=(1, 2), organs=("liver",)),
    ),
    "resected": (
        2,
        Route(BY_THE_BOOK, _while, t.follow_up, method="resection", number=(1, 1), organs=("lymph_node",)),
    ),
    "treated_at_month_ends": (2, Route(_month_end, (40, 400), t.follow_up)),
    "cytology": (1, Route(instead(w.sample, w.sample_cells), _while, t.follow_up, organs=("lymph_node",))),
    "biopsy_waived": (2, Route(instead(w.sample, w.waive_biopsy), _while, t.follow_up, organs=("bone",))),
    "therapy_over_disease_left": (
        1,
        Route(
            (*up_to(y.respond_again), y.stop_with_disease_left, *after(y.respond_again)), (5, 60), t.follow_up
        ),
    ),
    "petct_declined": (1, Route(BY_THE_BOOK, (95, 200), t.follow_up_declined)),
    "too_many": (3, Route((w.suspect, w.scan_many, w.review_history, w.sample, w.start_systemic), (10, 200))),
    "effusion_from_the_beginning": (
        2,
        Route(up_to(w.start_systemic), (10, 200), findings={"pleural_effusion": "malignant"}),
    ),
    "declined_by_board": (3, Route((*up_to(y.respond_again), d.board_against), (5, 200))),
    "progressed": (3, Route((*up_to(y.respond), y.progress), (1, 14))),
    "second_line": (3, Route((*up_to(y.respond), y.progress, y.change_line), (5, 80))),
    "second_course_treated": (
        2,
        Route((*_to_second_course, *after(w.start_systemic)), (20, 300), t.follow_up),
    ),
    "oligoprogression": (2, Route(_to_oligoprogression, (1, 10))),
    "oligoprogression_boarded": (1, Route((*_to_oligoprogression, d.board_oligoprogression), (1, 6))),
    "oligoprogression_treated": (
        2,
        Route(
            (*_to_oligoprogression, d.board_oligoprogression, d.counsel, t.treat, t.finish),
            (20, 300),
            t.follow_up,
        ),
    ),
}
