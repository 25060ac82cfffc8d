"""Episodes beside the main course: effusions, cord and plexus, marrow, CNS, receptors, axilla, primary.

Each reaches the states of one companion pathway, and leaves out what a departure leaves out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.properties.courses import ONCOLOGIES, Teller

_CAUSES: Final = ["malignant", "malignant", "present_cause_unknown", "benign"]
_PLEURAL: Final = [
    "puncture", "drainage", "continuous_drainage", "indwelling_catheter", "vats", "vats_talc", "talc_powder",
    "povidone_iodine", "intrathoracic_chemotherapy", "instillation",
]  # fmt: skip


def _local(tell: Teller, site: str, modality: str, intent: str = "symptomatic", **fields: object) -> None:
    tell.wait(0, 1, 14)
    tell.tell("local_treatment", site=site, modality=modality, intent=intent, **fields)


def pleura(tell: Teller) -> None:
    if tell.sometimes():
        tell.tell("finding_recorded", expected_survival="short")
    for _ in range(tell.pick(1, 2)):
        tell.tell("finding_recorded", pleural_effusion=tell.one(_CAUSES), pleural_symptomatic=True)
        if tell.often():
            analgesia = tell.one([True, False, None])
            _local(tell, "pleura", tell.one(_PLEURAL), indication="effusion", analgesia_recorded=analgesia)
            tell.wait(10)
            tell.tell("finding_recorded", pleural_effusion="none")
        tell.wait(30)


def ascites(tell: Teller) -> None:
    symptoms = {"ascites_symptomatic": True} if tell.often() else {}
    tell.tell("finding_recorded", ascites=tell.one(_CAUSES), **symptoms)
    if tell.sometimes():
        tell.wait(5)
        tell.tell("finding_recorded", ascites_persistent=True)
    methods = ["puncture", "drainage", "continuous_drainage", "local_chemotherapy"]
    if tell.sometimes():
        _board(tell, "exception", overruled_guards=["g-site-method"], overrule_reason="no alternative")
    for _ in range(tell.pick(0, 1, 2)):
        _local(tell, "peritoneum", tell.one(methods), indication="effusion")


def pericard(tell: Teller) -> None:
    symptoms = {"pericardial_symptomatic": True} if tell.often() else {}
    tell.tell("finding_recorded", pericardial_effusion=tell.one(_CAUSES), **symptoms)
    if tell.sometimes():
        _local(tell, "pericardium", tell.one(["drainage", "fenestration", "vats", "instillation"]))


def marrow(tell: Teller) -> None:
    tell.tell("finding_recorded", bone_marrow_infiltration=True, pancytopenia=True)
    if tell.sometimes():
        tell.wait(5)
        tell.tell("systemic_changed", line=2, regimen="weekly_paclitaxel", regimen_class=_classes(tell))


def _classes(tell: Teller) -> list[str]:
    return [tell.one(["chemotherapy", "anti_her2", "endocrine"])]


def cord_and_plexus(tell: Teller) -> None:
    finding = tell.one(["spinal_cord_compression", "paresis", "plexus_infiltration"])
    tell.tell("finding_recorded", **{finding: True})
    if tell.often():
        where = ("plexus", "plexus") if finding == "plexus_infiltration" else ("spine", "spinal_compression")
        _local(tell, where[0], tell.one(["rt", "surgery", "stereotactic_rt"]), indication=where[1])


def brain(tell: Teller) -> None:
    for _ in range(tell.pick(1, 2, 3, 4)):
        pattern = tell.one(["oligoprogression", "other"])
        where = {"extracranial": "SD", "intracranial": "PD"}
        tell.tell("response_assessed", overall="PD", pattern=pattern, **where)
        if tell.sometimes():
            _board(tell, "oligoprogression", method="stereotactic_rt")
        if tell.sometimes():
            _local(tell, "cns", "stereotactic_rt", "cns_oligoprogression")
        tell.wait(40)


def receptors(tell: Teller) -> None:
    turned = tell.one(["positive", "negative"])
    tell.tell(
        "tissue_result", method="histology", metastasis_confirmed=True, er=turned, pr=turned, her2=turned
    )
    if tell.sometimes():
        tell.wait(10, 30)
        tell.tell("systemic_changed", line=2, regimen_class=["anti_her2", "endocrine"])


def axilla(tell: Teller) -> None:
    lesion = {"id": "A1", "organ": "contralateral_axilla", "status": "active", "isolated": True}
    tell.tell("imaging_done", purpose="staging", modality="pet_ct", complete=True, lesions=[lesion])
    known = tell.one([False, False, True, None])
    prior = tell.one([True, True, False, None])
    tell.tell("finding_recorded", contralateral_primary=known, prior_ipsilateral_axilla_local_therapy=prior)
    if tell.sometimes():
        _board(tell, "other")
    if tell.often():
        _local(tell, "contralateral_axilla", "surgery", "regional_curative")


def primary(tell: Teller) -> None:
    if tell.sometimes():
        tell.tell("finding_recorded", primary_local_complication=tell.one(["bleeding", "infection", "wound"]))
    if tell.often():
        decision = tell.one(["exception_supported", "exception_not_supported"])
        _board(tell, "primary", decision, exception_features=["age_below_55"])
    tell.wait(3)
    modality = tell.one(["breast_conserving", "mastectomy", "radiotherapy"])
    tell.tell(
        "primary_treated", modality=modality, intent=tell.one(["symptomatic", "postoperative", "other"]),
        axilla=tell.one(["none", "sentinel_node_biopsy", "axillary_dissection"]),
        reconstruction=tell.sometimes(), large_wound_closure=tell.sometimes(),
    )  # fmt: skip


def liver(tell: Teller) -> None:
    _board(tell, "liver_modality", method=tell.one(["tace", "sirt", "stereotactic_rt"]))


def bones(tell: Teller) -> None:
    tell.tell("ortho_evaluated")
    tell.tell("bma_ordered", drug=tell.one(["zoledronate", "denosumab"]), planned_interval="12w")
    if tell.sometimes():
        tell.tell("bma_stopped", reason="renal function")


def visits(tell: Teller) -> None:
    for _ in range(3):
        tell.wait(80, 92, 100)
        tell.tell("follow_up_visit")


def leaving(tell: Teller) -> None:
    tell.tell(tell.one(["withdrawal", "transferred", "lost_to_follow_up", "pathway_paused"]), reason="moved")
    if tell.sometimes():
        tell.wait(60)
        tell.tell("withdrawal_revoked")


def refusal(tell: Teller) -> None:
    item = tell.one(["t-postmdt-petct-1", "t-bma-start", "t-surveillance", "t-zol-monthly"])
    tell.tell("task_progress", item=item, status=tell.one(["declined", "deferred"]), reason="not wanted")


def _board(tell: Teller, question: str, decision: str = "other", **fields: object) -> None:
    tell.tell("board_held", question=question, decision=decision, disciplines=ONCOLOGIES, **fields)


EPISODES: Final[tuple[Callable[[Teller], None], ...]] = (
    pleura, ascites, pericard, marrow, cord_and_plexus, brain, receptors, axilla, primary, liver, bones,
    visits, leaving, refusal,
)  # fmt: skip
