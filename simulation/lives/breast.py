"""Treatment of a primary that is still there, or of the breast after its surgery, in metastatic disease."""

from __future__ import annotations

from simulation.lives.care import Care


def treat_primary(care: Care) -> None:
    """Surgery of a primary without symptoms, by a board or without; or because it bleeds."""
    if care.chart.facts["primary.status"] != "intact" or not care.staged or not (care.hr and not care.her2):
        return
    if care.chance.happens(0.2):
        care.wait(5, 30)
        care.add("finding_recorded", primary_local_complication="bleeding")
        care.wait(1, 10)
        _operate(care, intent="symptomatic", indication="bleeding")
        return
    boarded = not care.draws("departing")
    if boarded:
        care.after("days_to_board")
        _board(care)
    care.wait(7, 25)
    visceral = any(lesion["organ"] in ("lung", "liver") for lesion in care.shown_active)
    if visceral:
        care.plant("d-primary-asymptomatic")
    elif not boarded:
        care.plant("d-primary-exception-unboarded")
    _operate(care, intent="other")


def _board(care: Care) -> None:
    recorded = {"institution_expertise_recorded": True, "patient_preference_recorded": True}
    care.hold_board("primary", "exception_supported", exception_features=["hrpos_her2neg"], **recorded)


def _operate(care: Care, **fields: object) -> None:
    """With or without axillary surgery and reconstruction."""
    modality = care.chance.pick(("mastectomy", "breast_conserving"))
    axilla = care.chance.pick(("none", "axillary_dissection", "sentinel_node_biopsy"))
    rebuilt = modality == "mastectomy" and care.draws("departing")
    wound = rebuilt and care.chance.happens(0.3)
    done = {"modality": modality, "axilla": axilla, "reconstruction": rebuilt, "large_wound_closure": wound}
    care.add("primary_treated", **{**done, **fields})
    if axilla == "sentinel_node_biopsy" and care.chart.facts.get("cN") == "cN0":
        care.plant("d-method-advised-against")
    if rebuilt and not wound:
        care.plant("d-reconstruction")


def irradiate_breast(care: Care) -> None:
    """Radiotherapy of the breast is for a board."""
    if care.chart.facts["primary.status"] != "resected":
        return
    boarded = not care.draws("departing")
    if boarded:
        care.after("days_to_board")
        care.hold_board("primary", "recommended", method="rt")
    care.wait(7, 25)
    care.add("primary_treated", modality="radiotherapy", intent="postoperative", reconstruction=False)
    if not boarded:
        care.plant("d-primary-rt-unboarded")
