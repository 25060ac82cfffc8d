"""Patients whose care departed from the main pathway, each in one way."""

from __future__ import annotations

from typing import Final

from simulation import decision as d
from simulation import therapy as y
from simulation import treatment as t
from simulation import workup as w
from simulation.routes import BY_THE_BOOK, Route, after, instead, up_to, without

_while = (5, 500)
_outdated = (*up_to(y.respond), d.board_mdt, y.respond_again, *after(d.board_mdt))
_treated_first = (*up_to(w.board_initial), *after(y.respond_again), w.start_systemic)
_progressed = (*up_to(y.respond_again), y.progress, *after(y.respond_again))
_left_out = instead(t.treat, t.treat_too_few, of=instead(t.finish, t.finish_too_few))
_lifted = instead(y.respond_again, d.board_lifts_window, of=without(d.board_mdt))

DEPARTING: Final[dict[str, tuple[int, Route]]] = {
    "no_first_board": (
        2,
        Route(
            without(w.board_initial, up_to(y.respond)),
            (5, 60),
            plants={w.start_systemic: "d-board-missing-initial"},
        ),
    ),
    "no_mdt_board": (
        1,
        Route(
            without(d.board_mdt),
            _while,
            t.follow_up,
            {t.treat: "d-board-missing-mdt"},
            organs=("bone", "lymph_node"),
        ),
    ),
    "board_without_surgery": (
        1,
        Route(instead(d.board_mdt, d.board_without_surgery, of=up_to(d.counsel)), (1, 9)),
    ),
    "board_without_surgery_then_another": (
        1,
        Route((*up_to(y.respond_again), d.board_without_surgery, d.board_mdt, d.counsel), (1, 9)),
    ),
    "board_without_surgery_then_treated": (
        1,
        Route(instead(d.board_mdt, d.board_without_surgery), _while, t.follow_up),
    ),
    "board_unrecorded": (1, Route(instead(d.board_mdt, d.board_unrecorded, of=up_to(d.counsel)), (1, 9))),
    "board_too_early": (1, Route(_outdated, _while, t.follow_up, {t.treat: "d-board-outdated"})),
    "not_counselled": (1, Route(without(d.counsel), _while, t.follow_up, {t.treat: "d-counselling-missing"})),
    "counselled_in_part": (
        1,
        Route(
            instead(d.counsel, d.counsel_on_alternatives),
            _while,
            t.follow_up,
            {t.treat: "d-counselling-missing"},
        ),
    ),
    "treated_before_systemic": (1, Route(_treated_first, (5, 50), plants={t.treat: "d-mdt-before-systemic"})),
    "treated_before_window": (
        1,
        Route(without(y.respond_again), _while, t.follow_up, {t.treat: "d-mdt-before-window"}),
    ),
    "treated_before_window_overruled": (
        1,
        Route(_lifted, _while, t.follow_up, {t.treat: "d-mdt-before-window"}),
    ),
    "treated_after_progression": (
        1,
        Route(_progressed, _while, t.follow_up, {t.treat: "d-mdt-after-progression"}),
    ),
    "treated_with_too_many": (
        1,
        Route(instead(w.scan, w.scan_many), _while, t.follow_up, {t.treat: "d-lesion-limit"}),
    ),
    "treated_with_effusion": (
        1,
        Route(
            BY_THE_BOOK,
            _while,
            t.follow_up,
            {t.treat: "d-excluded-feature"},
            findings={"pleural_effusion": "malignant"},
        ),
    ),
    "treated_staged_in_part": (
        1,
        Route(instead(w.scan, w.scan_partly), _while, t.follow_up, {t.treat: "d-staging-incomplete"}),
    ),
    "treated_without_pet": (
        2,
        Route(up_to(t.treat), (1, 8), plants={t.treat: "d-pet-not-used"}, modality="ct"),
    ),
    "no_tissue": (
        1,
        Route(without(w.sample), _while, t.follow_up, {t.treat: "d-tissue-missing"}, organs=("bone",)),
    ),
    "no_imaging_history": (
        1,
        Route(without(w.review_history), _while, t.follow_up, {t.treat: "d-imaging-history-missing"}),
    ),
    "one_left_out": (1, Route(_left_out, (10, 60), number=(2, 4))),
    "paused_after_treatment": (1, Route((*BY_THE_BOOK, y.pause_after_treatment), (5, 40))),
    "paused_and_resumed": (1, Route((*BY_THE_BOOK, y.pause_after_treatment, y.resume), (2, 15))),
    "unsuitable_class": (
        1,
        Route(instead(w.start_systemic, w.start_unsuitable, of=up_to(y.respond)), (5, 60)),
    ),
    "first_petct_late": (1, Route(BY_THE_BOOK, (140, 500), t.follow_up_first_late)),
    "first_petct_missing": (6, Route(BY_THE_BOOK, (95, 125), t.follow_up_first_missing)),
    "first_petct_not_attended": (2, Route(BY_THE_BOOK, (95, 120), t.follow_up_booked)),
    "next_petct_late": (1, Route(BY_THE_BOOK, (330, 600), t.follow_up_next_late)),
    "next_petct_missing": (6, Route(BY_THE_BOOK, (275, 310), t.follow_up_next_missing)),
}
