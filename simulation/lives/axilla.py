"""A metastasis in the other axilla, alone with itself, that may be treated as regional disease."""

from __future__ import annotations

from simulation.lives.care import Care


def meet_axilla(care: Care) -> None:
    """Found during therapy; treating it with the intention to cure wants a board."""
    if care.over or not care.once("axilla") or care.chart.facts["primary.status"] != "resected":
        return
    care.wait(20, 60)
    care.find("contralateral_axilla")
    care.lesions[-1]["isolated"] = True
    care.image("response")
    boarded = not care.draws("departing")
    if boarded:
        care.after("days_to_board")
        care.hold_board("other", "recommended", decision_text="axilla as regional disease")
    care.wait(4, 14)
    lesion = care.lesions[-1]["id"]
    done = {"site": "contralateral_axilla", "modality": "surgery", "intent": "regional_curative"}
    care.add("local_treatment", lesion=lesion, **done)
    if not boarded:
        care.plant("d-contralateral-axilla-unboarded")
    care.lesions[-1] = {**care.lesions[-1], "status": "treated_inactive"}
    if care.shown is not None:
        care.shown = care.shown[:-1]
