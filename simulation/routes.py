"""Routes: which stages a patient goes through, in which order, and which departures that plants at which stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from simulation import stages as s
from simulation import treatment as t
from simulation.course import Course
from simulation.stages import STAGES, Stage

Stages = tuple[Stage, ...]
ALL: Stages = (*STAGES, t.treat, t.finish)


@dataclass(frozen=True, slots=True)
class Route:
    """`since`: how many days ago the last stage before any follow-up was reached; `left`: how many days ago the patient left."""

    stages: Stages
    since: tuple[int, int] = (2, 12)
    plants: Mapping[Stage, str] = field(default_factory=dict)
    lesions: tuple[int, int] = (1, 4)
    organs: tuple[str, ...] = ()
    method: str = "stereotactic_rt"
    modality: str = "pet_ct"
    findings: Mapping[str, object] = field(default_factory=dict)
    subtype: str | None = None
    bone: str | None = None
    stop_drug: bool = False
    records: tuple[str, ...] = ()
    left: int | None = None
    leaves: str | None = None

    def but(self, **changes: object) -> Route:
        return replace(self, **changes)  # type: ignore[arg-type]

    def elapsed(self, course: Course) -> timedelta:
        """How long the stages before any follow-up take, tried on a course that is thrown away."""
        start = course.day
        for stage in self.stages:
            if not stage.__name__.startswith("follow_up"):
                stage(course)
        return course.day - start

    def walk(self, course: Course) -> None:
        for stage in self.stages:
            stage(course)
            if stage in self.plants:
                course.chart.plant(self.plants[stage], course.day, (stage.__doc__ or stage.__name__).strip())


def up_to(last: Stage) -> Stages:
    """By the book, up to this stage."""
    return ALL[: ALL.index(last) + 1]


def without(stages: Stages, *left_out: Stage) -> Stages:
    return tuple(stage for stage in stages if stage not in left_out)


def instead(stages: Stages, old: Stage, *new: Stage) -> Stages:
    place = stages.index(old)
    return (*stages[:place], *new, *stages[place + 1 :])


TREATED: Stages = (*ALL, t.follow_up)
_after = (20, 700)

STANDING: dict[str, tuple[int, Route]] = {
    "suspected": (5, Route(up_to(s.suspect), (1, 9))),
    "staging": (3, Route((s.suspect, s.scan_partly), (1, 9))),
    "staging_uncounted": (3, Route((s.suspect, s.scan_uncounted), (1, 9))),
    "tissue_awaited": (6, Route(up_to(s.review_history), (1, 9))),
    "first_board_awaited": (6, Route(up_to(s.sample), (1, 7))),
    "systemic_planned": (6, Route(up_to(s.board_initial), (1, 9))),
    "systemic_running": (22, Route(up_to(s.start_systemic), (5, 80))),
    "stable": (4, Route((*up_to(s.start_systemic), s.stay_stable), (5, 60))),
    "not_evaluable": (2, Route((*up_to(s.start_systemic), s.not_evaluable), (5, 20))),
    "responding": (18, Route(up_to(s.respond), (5, 80))),
    "only_stable": (3, Route((*up_to(s.respond), s.stay_stable, s.stay_stable), (5, 40))),
    "mdt_board_awaited": (8, Route(up_to(s.respond_again), (1, 12))),
    "counselling_awaited": (6, Route(up_to(s.board_mdt), (1, 6))),
    "ready": (8, Route(up_to(s.counsel), (1, 14))),
    "under_way": (6, Route(up_to(t.treat), (1, 8))),
    "treated": (34, Route(TREATED, _after)),
    "treated_by_ablation": (3, Route(TREATED, _after, method="rfa", lesions=(1, 2), organs=("liver",))),
    "resected": (3, Route(TREATED, _after, method="resection", lesions=(1, 1), organs=("lymph_node",))),
    "cytology": (2, Route(instead(TREATED, s.sample, s.sample_cells), _after, organs=("lymph_node",))),
    "waived": (3, Route(instead(TREATED, s.sample, s.waive_biopsy), _after, organs=("bone",))),
    "too_many": (7, Route((s.suspect, s.scan_many, s.review_history, s.sample, s.start_systemic), (10, 300))),
    "malignant_effusion": (3, Route(up_to(s.start_systemic), (10, 200), findings={"pleural_effusion": "malignant"})),
    "declined": (6, Route((*up_to(s.respond_again), s.board_against), (5, 200))),
    "progressed": (6, Route((*up_to(s.respond), s.progress), (1, 14))),
    "second_line": (6, Route((*up_to(s.respond), s.progress, s.change_line), (5, 80))),
    "second_response": (4, Route((*up_to(s.start_systemic), s.progress, s.change_line, *ALL[6:], t.follow_up), (20, 300))),
    "oligoprogression": (4, Route((*ALL, t.scan_once, s.progress_at_few_sites), (1, 10))),
    "oligoprogression_boarded": (
        2, Route((*ALL, t.scan_once, s.progress_at_few_sites, s.board_oligoprogression), (1, 6)),
    ),
    "oligoprogression_treated": (
        3, Route((*ALL, t.scan_once, s.progress_at_few_sites, s.board_oligoprogression, s.counsel, t.treat, t.finish,
                  t.follow_up), (20, 300)),
    ),
    "unrecorded_board": (2, Route(instead(up_to(s.counsel), s.board_mdt, s.board_mdt_unrecorded), (1, 9), {s.board_mdt_unrecorded: "q-missing-fact"})),
}  # fmt: skip
"""Patients by the book, by where they stand; the number is the share in the cohort."""

_to_treat = (*ALL, t.follow_up)
_early = without(_to_treat, s.respond_again)

DEPARTING: dict[str, tuple[int, Route]] = {
    "no_first_board": (4, Route(without(up_to(s.respond), s.board_initial), (5, 60), {s.start_systemic: "d-board-missing-initial"})),
    "no_mdt_board": (2, Route(without(_to_treat, s.board_mdt), _after, {t.treat: "d-board-missing-mdt"})),
    "board_incomplete": (3, Route(instead(up_to(s.counsel), s.board_mdt, s.board_mdt_incomplete), (1, 9), {s.board_mdt_incomplete: "d-board-composition"})),
    "board_incomplete_then_treated": (2, Route(instead(_to_treat, s.board_mdt, s.board_mdt_incomplete), _after, {s.board_mdt_incomplete: "d-board-composition"})),
    "board_outdated": (2, Route((*up_to(s.respond), s.board_mdt, s.respond_again, s.counsel, t.treat, t.finish, t.follow_up), _after, {t.treat: "d-board-outdated"})),
    "not_counselled": (3, Route(without(_to_treat, s.counsel), _after, {t.treat: "d-counselling-missing"})),
    "treated_first": (2, Route((*up_to(s.board_initial), s.board_mdt, s.counsel, t.treat, t.finish, s.start_systemic), (5, 50), {t.treat: "d-mdt-before-systemic"})),
    "treated_early": (3, Route(_early, _after, {t.treat: "d-mdt-before-window"})),
    "treated_after_progression": (2, Route((*up_to(s.respond_again), s.progress, s.board_mdt, s.counsel, t.treat, t.finish, t.follow_up), _after, {t.treat: "d-mdt-after-progression"})),
    "treated_too_many": (2, Route(instead(_to_treat, s.scan, s.scan_many), _after, {t.treat: "d-lesion-limit"})),
    "treated_with_effusion": (2, Route(_to_treat, _after, {t.treat: "d-excluded-feature"}, findings={"pleural_effusion": "malignant"})),
    "staged_partly": (2, Route(instead(_to_treat, s.scan, s.scan_partly), _after, {t.treat: "d-staging-incomplete"})),
    "no_pet": (4, Route(up_to(t.treat), (1, 8), {t.treat: "d-pet-not-used"}, modality="ct")),
    "no_tissue": (2, Route(without(_to_treat, s.sample), _after, {t.treat: "d-tissue-missing"}, organs=("bone",))),
    "no_history": (2, Route(without(_to_treat, s.review_history), _after, {t.treat: "d-imaging-history-missing"})),
    "left_one_out": (2, Route(instead(instead(_to_treat, t.treat, t.treat_too_few), t.finish, t.finish_too_few), (10, 60), {t.finish_too_few: "d-incomplete-coverage"}, lesions=(2, 4))),
    "stopped": (2, Route((*ALL, t.stop_systemic), (5, 40), {t.stop_systemic: "d-systemic-stopped-at-mdt"})),
    "stopped_and_resumed": (1, Route((*ALL, t.stop_systemic, t.resume_systemic), (5, 20), {t.stop_systemic: "d-systemic-stopped-at-mdt"}, subtype="hr_positive")),
    "unsuitable_class": (3, Route(instead(up_to(s.respond), s.start_systemic, s.start_unsuitable), (5, 60), {s.start_unsuitable: "d-systemic-class"})),
    "cryoablation": (2, Route(_to_treat, _after, {t.treat: "d-method-advised-against"}, method="cryo", lesions=(1, 2), organs=("liver",))),
    "radioembolisation": (1, Route(_to_treat, _after, {t.treat: "d-sirt-outside-liver"}, method="sirt", lesions=(1, 2), organs=("lymph_node",))),
    "first_petct_late": (4, Route((*ALL, t.follow_up_first_late), (140, 500))),
    "first_petct_missing": (5, Route((*ALL, t.follow_up_first_never), (95, 150))),
    "next_petct_late": (3, Route((*ALL, t.follow_up_next_late), (330, 600))),
    "next_petct_missing": (5, Route((*ALL, t.follow_up_next_never), (280, 330))),
}  # fmt: skip
"""Patients whose care departed from the main pathway."""
