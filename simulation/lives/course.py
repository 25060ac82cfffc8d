"""The way from systemic therapy through responses, progressions and metastasis-directed therapy, and on."""

from __future__ import annotations

from typing import Final

from simulation.lives.ablation import finish, start, treat_locally
from simulation.lives.axilla import meet_axilla
from simulation.lives.beside import meet
from simulation.lives.brain import progress_in_brain
from simulation.lives.care import Care
from simulation.lives.diagnosis import work_up
from simulation.lives.follow_up import follow_up

NEXT: Final[dict[tuple[bool, bool], tuple[list[str], ...]]] = {
    (True, False): (["endocrine"], ["chemotherapy"], ["endocrine_cdk46"]),
    (True, True): (["anti_her2"], ["anti_her2", "endocrine"]),
    (False, True): (["anti_her2"], ["anti_her2", "chemotherapy"]),
    (False, False): (["chemotherapy"], ["chemo_immunotherapy"]),
}


def live(care: Care) -> None:
    """The whole story; what lies beyond the day we stand on is not written down."""
    work_up(care)
    meet(care)
    meet_axilla(care)
    while not care.over:
        if care.present.started:
            _be_followed(care)
        else:
            _respond_and_treat(care)
    if care.owes_scans:
        _follow(care)
    care.leave()


def _be_followed(care: Care) -> None:
    """After metastasis-directed therapy: perhaps a stop of therapy, scans, at last a progression."""
    if care.running and care.draws("stopped"):
        care.wait(2, 20)
        care.stop(care.chance.pick(("treatment_break", "toxicity")))
        if care.chance.happens(0.4):
            care.wait(20, 60)
            _next_line(care, "systemic_started", "maintenance")
    meet(care)
    _follow(care)
    if not care.over:
        _progress(care, treated=True)


def _follow(care: Care) -> None:
    follow_up(care, care.chart.of_type("mdt_started")[-1].day)
    care.owes_scans = False


def _respond_and_treat(care: Care) -> None:
    """Assessments until a response, then until the window closes; progression may end each of them."""
    _wait_for_assessment(care)
    if _again(care) and care.draws("brain_again"):
        progress_in_brain(care)
        return
    if care.draws("progression"):
        _progress(care)
        return
    care.shrink()
    if care.chance.happens(0.5):
        care.image("response")
    care.respond(care.chance.weighted({"PR": 9, "CR": 1}))
    meet(care)
    if care.active and care.draws("too_early"):
        treat_locally(care)
        return
    if care.draws("progression_after_response"):
        care.after("days_to_assessment")
        _progress(care)
        return
    _close_window(care)


def _wait_for_assessment(care: Care) -> None:
    while care.draws("stable") and not care.over:
        care.after("days_to_assessment")
        care.add("response_assessed", overall="SD")
    if care.draws("not_evaluable"):
        care.after("days_to_assessment")
        care.add("response_assessed", overall="NE")
    care.after("days_to_assessment")


def _close_window(care: Care) -> None:
    """A response behind the boundary, then the question of metastasis-directed therapy."""
    now = care.present
    early = bool(care.active) and care.draws("board_too_early")
    if early:
        care.after("days_to_board")
        care.method = "stereotactic_rt"
        care.hold_board("mdt", "recommended", targets=care.targets, method=care.method)
    assert now.first_response is not None, "the window opened"
    care.day = max(care.day, care.months(now.first_response))
    care.after("days_after_boundary")
    care.respond("PR")
    if early:
        _go_ahead(care)
    elif care.active and care.draws("treated_locally"):
        treat_locally(care)
    else:
        _go_on(care)


def _go_ahead(care: Care) -> None:
    """On the board that was held too early."""
    care.after("days_to_counselling")
    care.add("counselling_documented", topics=["os_benefit_unknown"])
    care.present.counselled = True
    start(care)
    if not care.over:
        finish(care)


def _go_on(care: Care) -> None:
    """A board against it, or for later, or none; therapy goes on until a progression."""
    if care.chance.happens(0.7):
        care.after("days_to_board")
        care.hold_board("mdt", care.chance.pick(("not_recommended", "deferred", "systemic_only")))
    care.after("days_of_control")
    _progress(care)


def _progress(care: Care, *, treated: bool = False) -> None:
    """A progression, and what follows it: metastasis-directed therapy at few sites, else a new line."""
    if care.over:
        return
    if not treated:
        care.wait(1, 10)
    if care.draws("brain"):
        progress_in_brain(care)
    else:
        few = care.draws("oligoprogression")
        _grow(care, treated)
        care.image("response")
        care.progress_as("few_sites" if few else "other", pattern="oligoprogression" if few else "other")
        if few and care.active and care.chance.happens(0.6):
            treat_locally(care)
            return
    in_brain = set(care.of_line) == {"brain"}
    if not in_brain or care.draws("new_line_in_brain"):
        care.after("days_to_new_line")
        _next_line(care, "systemic_changed", "progression")


def _again(care: Care) -> bool:
    """Only the brain has progressed since pertuzumab began."""
    return set(care.of_line) == {"brain"} and care.on_pertuzumab


def _grow(care: Care, treated: bool) -> None:
    """One more metastasis, or one that was treated grows again."""
    dormant = [
        place
        for place, lesion in enumerate(care.lesions)
        if lesion["status"] == "treated_inactive" and lesion["organ"] != "contralateral_axilla"
    ]
    if treated and dormant and care.draws("at_treated_site"):
        place = care.chance.pick(dormant)
        care.lesions[place] = {**care.lesions[place], "status": "active"}
    elif not care.active or care.chance.happens(0.6):
        care.find(str(care.lesions[0]["organ"]))


def _next_line(care: Care, type: str, reason: str) -> None:
    classes = care.chance.pick(NEXT[care.hr, care.her2])
    care.begin_line(type, list(classes), reason=reason)
