"""From the suspicion of metastasis to the first line of systemic therapy."""

from __future__ import annotations

from typing import Final

from simulation.lives.ablation import treat_locally
from simulation.lives.care import Care
from simulation.lives.fluids import fill_abdomen_early
from simulation.workup import SOURCES

FITTING: Final[dict[tuple[bool, bool], tuple[list[str], ...]]] = {
    (True, False): (["endocrine_cdk46"], ["endocrine"]),
    (True, True): (["anti_her2", "endocrine"],),
    (False, True): (["anti_her2", "chemotherapy"], ["anti_her2"]),
    (False, False): (["chemo_immunotherapy"], ["chemotherapy"]),
}
"""Classes that fit hormone receptors and HER2."""

UNFIT: Final[dict[tuple[bool, bool], tuple[list[str], ...]]] = {
    (True, False): (["chemotherapy"],),
    (True, True): (["endocrine_cdk46"], ["chemotherapy"]),
    (False, True): (["chemotherapy"],),
    (False, False): (["endocrine"],),
}


def work_up(care: Care) -> None:
    """Every step may be left out; what departs by that is told at the treatment it should precede."""
    care.wait(0, 0)
    care.add("metastasis_suspected", source=care.chance.pick(SOURCES))
    _stage(care)
    fill_abdomen_early(care)
    _review(care)
    _prove(care)
    if not care.draws("no_first_board"):
        care.after("days_to_board")
        care.hold_board("initial", "systemic_first", **_reasoned(care))
    if care.boarded and care.draws("treated_first"):
        treat_locally(care)
    start_systemic(care)


def _stage(care: Care) -> None:
    care.after("days_to_staging")
    if care.draws("polymetastatic"):
        organ = str(care.lesions[0]["organ"])
        for _ in range(care.chance.whole(6, 9) - len(care.lesions)):
            care.find(organ)
    if care.draws("excluded_fluid"):
        care.findings[care.chance.pick(("pleural_effusion", "ascites"))] = "malignant"
    care.staged = not care.draws("staged_in_part")
    done = care.image("staging", complete=care.staged)
    if care.findings["ascites"] == "malignant":
        care.wait_for("d-effusion-no-systemic", "review", care.rules.grace_days)
        care.happened.add("ascites")
    if care.modality != "pet_ct" and care.stays and care.once("value_unknown"):
        care.pet_unknown = True
        done.fields["modality"] = None
        care.plant("q-missing-fact")


def _review(care: Care) -> None:
    if not care.draws("no_history"):
        care.wait(1, 3)
        care.add("imaging_history_reviewed")
        care.reviewed = True


def _prove(care: Care) -> None:
    """A biopsy, a waiver, or neither."""
    care.after("days_to_biopsy")
    if care.draws("biopsied"):
        sample(care)
    elif care.draws("waived"):
        reason = care.chance.pick(("not_feasible", "not_appropriate"))
        care.add("biopsy_waived", reason=reason, decided_by="interventional radiology")
        care.proved = True


def sample(care: Care, *, may_gain: bool = True) -> None:
    """A biopsy of any metastasis; receptors may be lost or gained in it."""
    lesion = care.chance.pick(care.active or care.lesions)
    method: dict[str, object] = {"method": "histology"}
    if care.chance.happens(0.1):
        reason = "core biopsy not possible at this place"
        method = {"method": "cytology", "cytology_reason": reason}
    gained = _gained(care) if may_gain else None
    er, pr, her2 = _receptors(care, gained)
    found = {"metastasis_confirmed": True, "er": er, "pr": pr, "her2": her2}
    care.add("tissue_result", site=lesion["organ"], lesion=lesion["id"], **method, **found)
    care.proved = True
    care.lung_proved |= lesion["organ"] == "lung" and method["method"] == "histology"
    if care.receptors != (er, pr, her2):
        care.move_basis()
    care.receptors = (er, pr, her2)
    if gained:
        care.hr, care.her2 = care.hr or gained == "hr", care.her2 or gained == "her2"
        care.gain(gained)


def _gained(care: Care) -> str | None:
    """HER2 or a hormone receptor that the primary did not have; not while marrow rests on the old status."""
    before = care.person.receptors
    if "marrow" not in care.happened and before["her2"] == "negative" and care.draws("her2_gain"):
        return "her2"
    if before["er"] == "negative" and care.draws("hr_gain"):
        return "hr"
    return None


def _receptors(care: Care, gained: str | None) -> tuple[str, str, str]:
    before = care.person.receptors
    er = pr = before["er"] == "positive" and not care.draws("er_loss")
    pr = pr and not care.draws("pr_loss")
    her2 = before["her2"] == "positive" and not care.draws("her2_loss")
    kept = (er or gained == "hr", pr, her2 or gained == "her2")
    first, second, third = ("positive" if value else "negative" for value in kept)
    return first, second, third


def start_systemic(care: Care) -> None:
    care.after("days_to_systemic")
    unfit = care.draws("unsuitable_class")
    options = (UNFIT if unfit else FITTING)[care.hr, care.her2]
    classes = list(care.chance.pick(options))
    if unfit and "reasoned" not in care.happened:
        care.plant("d-systemic-class")
    regimen: dict[str, object] = {}
    if classes == ["anti_her2"]:
        regimen["regimen"] = "trastuzumab_pertuzumab"
    care.begin_line("systemic_started", classes, **regimen)


def _reasoned(care: Care) -> dict[str, object]:
    """Some boards give a reason for a class that does not match."""
    if not care.chance.happens(0.03):
        return {}
    care.happened.add("reasoned")
    return {"class_reason": "comorbidity rules out what matches the subtype"}
