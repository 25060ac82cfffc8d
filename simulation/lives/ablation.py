"""Metastasis-directed therapy: board, counselling, plan, start and completion, done well or otherwise."""

from __future__ import annotations

from typing import Final

from simulation.lives.care import Care
from simulation.lives.late import write_late
from simulation.lives.liver import selection_missed
from simulation.person import Lesion

ABLATIVE: Final = ("rfa", "mwa")
LIVER_ONLY: Final = ("tace", "sirt")
ADVISED_AGAINST: Final = ("cryo", "ire", "litt", "hifu")
NAMED_FOR_LIVER: Final = ("tace", "sirt", "stereotactic_rt", "other_rt")


def treat_locally(care: Care) -> None:
    """From the board to the completion, unless the story ends before."""
    decide(care)
    if care.over:
        return
    _counsel(care)
    _move_basis(care)
    start(care)
    if not care.over:
        finish(care)


def decide(care: Care) -> None:
    """A board on metastasis-directed therapy, on the progression where that was at few sites; or none."""
    care.method = _method(care)
    if care.draws("no_mdt_board"):
        return
    care.after("days_to_board")
    if care.few_sites:
        care.hold_board("oligoprogression", "local_treatment_regimen_unchanged", **_plan(care))
    elif care.stays and care.once("value_unknown"):
        care.hold_board("mdt", "recommended", disciplines=None, **_plan(care))
        care.plant("q-missing-fact")
    else:
        care.hold_board("mdt", "recommended", **_plan(care))


def _method(care: Care) -> str:
    organs = {lesion["organ"] for lesion in care.active}
    if care.draws("method_advised_against"):
        return care.chance.pick(ADVISED_AGAINST) if "liver" in organs else "sirt"
    unsized = any(one["organ"] == "liver" and one["diameter_mm"] is None for one in care.active)
    if care.draws("resection") and not unsized:  # nobody resects of a liver what was not measured
        return "resection"
    if organs == {"liver"}:
        return care.chance.pick((*LIVER_ONLY, *ABLATIVE, "stereotactic_rt"))
    return "stereotactic_rt" if care.chance.happens(0.8) else care.chance.pick(ABLATIVE)


def _plan(care: Care) -> dict[str, object]:
    plan: dict[str, object] = {"targets": care.targets}
    if len(care.targets) > 1 and care.draws("excused"):
        left = care.targets[-1]
        care.excused.add(left)
        plan = {"targets": care.targets, "uncovered_lesions": {left: "too close to the cord"}}
    if care.present.closed is None and not care.few_sites and care.draws("overruled"):
        reason = "painful metastasis, few systemic options"
        plan |= {"overruled_guards": ["g-response-window"], "overrule_reason": reason}
    return plan if care.draws("method_not_named") else {**plan, "method": care.method}


def _counsel(care: Care) -> None:
    care.after("days_to_counselling")
    if not care.draws("not_counselled"):
        more = ["quality_of_life_unmeasured"] if care.chance.happens(0.5) else []
        care.add("counselling_documented", topics=["os_benefit_unknown", "alternatives", *more])
        care.present.counselled = True
    elif care.chance.happens(0.5):
        care.add("counselling_documented", topics=["alternatives"])


def _move_basis(care: Care) -> None:
    """Facts that the board used change before the start, and no new board looks at them."""
    now = care.present
    if now.board is None or (care.shown is None and now.named is None) or not care.draws("basis_moved"):
        return
    care.wait(2, 10)
    if care.shown is not None and (now.named is None or care.chance.happens(0.5)):
        care.find(str(care.lesions[0]["organ"]))
        care.image("response")
    else:
        other = "mwa" if care.method != "mwa" else "rfa"
        care.add("mdt_planned", targets=care.targets, modality=other)
        care.method = other
    care.move_basis()


def start(care: Care) -> None:
    """The start, and every departure that it makes."""
    care.after("days_to_treatment")
    targets = care.active
    if len(targets) > 1 and care.draws("left_out"):
        targets = targets[1:]
    care.treat_first()
    _plant_missing(care)
    _plant_sequence(care)
    _plant_method(care, targets)
    ids = [str(lesion["id"]) for lesion in targets]
    write_late(care, targets)
    care.add("mdt_started", targets=ids, modality=care.method)
    if care.method == "stereotactic_rt" and any(lesion["organ"] == "cns" for lesion in targets):
        care.answer("brain")
    care.present.started = True
    care.present.targeted |= set(ids)


def _plant_missing(care: Care) -> None:
    """What should have been there before."""
    now = care.present
    missing = {
        "d-board-missing-mdt": not now.decided,
        "d-counselling-missing": not now.counselled,
        "d-staging-incomplete": not care.staged,
        "d-imaging-history-missing": not care.reviewed,
        "d-tissue-missing": not care.proved,
        "d-pet-not-used": not care.pet and not care.pet_unknown,
        "d-lesion-limit": len(care.shown_active) > 5,
        "d-excluded-feature": care.malignant,
    }
    for code, missed in missing.items():
        if missed:
            care.plant(code)


def _plant_sequence(care: Care) -> None:
    """Systemic therapy first, then a response over the whole window, then the board."""
    now = care.present
    if not care.line:
        care.plant("d-mdt-before-systemic")
    elif now.closed is None and not now.on_progression:
        against = care.progressed and care.responded_before
        care.plant("d-mdt-after-progression" if against else "d-mdt-before-window")
    board = now.board or now.weighed
    early = now.closed is not None and board is not None and board < now.closed
    moved = now.closed is not None and now.moved
    if (early or moved) and not care.few_sites:
        care.plant("d-board-outdated")


def _plant_method(care: Care, targets: list[Lesion]) -> None:
    organs, method = {str(lesion["organ"]) for lesion in targets}, care.method
    elsewhere = {str(lesion["organ"]) for lesion in care.shown_active} - {"soft_tissue"}
    departs = {
        "d-sirt-outside-liver": method == "sirt" and organs != {"liver"},
        "d-method-advised-against": method in ADVISED_AGAINST and "liver" in organs,
        "d-liver-indication-missing": "liver" in organs
        and method in NAMED_FOR_LIVER
        and method not in care.present.methods,
        "d-liver-resection-selection": method == "resection" and "liver" in organs and selection_missed(care),
        "d-lung-histology-missing": "lung" in organs and not care.lung_proved,
        "d-soft-resection-other-disease": method == "resection"
        and "soft_tissue" in organs
        and (not care.staged or bool(elsewhere)),
    }
    for code, departing in departs.items():
        if departing:
            care.plant(code)


def finish(care: Care) -> None:
    """Completion, as a whole or target by target; what was left out stays active."""
    targets = sorted(care.present.targeted & set(care.targets))
    if care.chance.happens(0.7):
        care.after("days_of_treatment")
        care.add("mdt_completed", targets=targets)
    else:
        for target in targets:
            care.wait(1, 5)
            care.add("mdt_target_completed", target=target)
    covered = care.present.targeted | care.excused
    if any(lesion["id"] not in covered for lesion in care.shown_active):
        care.plant("d-incomplete-coverage")
    care.completed = care.day
    care.owes_scans = not care.over
    care.lesions = [
        {**lesion, "status": "treated_inactive"} if lesion["id"] in targets else lesion
        for lesion in care.lesions
    ]
    if care.hidden_fluid:
        care.findings["pleural_effusion"] = "malignant"
