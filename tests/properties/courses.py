"""Courses along the pathway: from suspicion through systemic therapy and board to treatment and follow-up.

Each part may be left out and each gap may be longer or shorter: regular courses come, and departures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar

from tests.properties.values import BIRTH_DATES, LESIONS, Raw, day

ONCOLOGIES: Final = ["medical_oncology", "radiation_oncology", "surgical_oncology"]
_RECEPTORS: Final = (
    ("positive", "negative"),
    ("negative", "positive"),
    ("negative", "negative"),
    (None, None),
)
_CLASSES: Final = (["endocrine_cdk46"], ["anti_her2", "chemotherapy"], ["chemotherapy"], ["parp"], None)
_EXAMINED: Final[Raw] = {
    "pleural_effusion": "none",
    "ascites": "none",
    "pericardial_effusion": "none",
    "leptomeningeal_disease": False,
}


Option = TypeVar("Option")


class Choose(Protocol):
    """One of some options: drawn by Hypothesis, or by a seeded generator."""

    def __call__(self, options: Sequence[Option], /) -> Option: ...


class Teller:
    """Tells a story event by event; `wait` passes days, `tell` records one event."""

    def __init__(self, choose: Choose) -> None:
        self.one = choose
        self.now = 0
        self.events: list[Raw] = []
        self.lesions: list[Raw] = []

    def wait(self, *days: int) -> None:
        self.now += self.one(days)

    def pick(self, *numbers: int) -> int:
        return self.one(numbers)

    def often(self) -> bool:
        return self.one([True, True, True, True, False])

    def sometimes(self) -> bool:
        return self.one([False, False, False, True])

    def tell(self, type: str, **fields: object) -> None:
        number = len(self.events) + 1
        self.events.append({"id": f"e{number:02}", "type": type, "date": day(self.now), **fields})

    @property
    def targets(self) -> list[str]:
        return [str(lesion["id"]) for lesion in self.lesions]


def _lesion(tell: Teller, id: str) -> Raw:
    organ = tell.one(["lymph_node", "bone", "liver", "lung", "cns", "soft_tissue", "contralateral_axilla"])
    return {
        "id": id, "organ": organ, "diameter_mm": tell.pick(8, 14, 29, 30, 51), "status": "active",
        "solid": True, "local_treatable": True, "safely_treatable": True, "r0_resectable": True,
        "location_detail": "vertebra" if organ == "bone" else "other", "significant": tell.sometimes(),
    }  # fmt: skip


def _imaging(tell: Teller, purpose: str, **changes: object) -> None:
    tell.tell(
        "imaging_done", purpose=purpose, modality=tell.one(["pet_ct", "pet_ct", "ct"]), complete=True,
        lesions=[{**lesion, **changes} for lesion in tell.lesions], findings=_EXAMINED,
    )  # fmt: skip


def _workup(tell: Teller) -> None:
    if tell.often():
        tell.tell("metastasis_suspected")
    tell.wait(0, 3, 7)
    count = tell.pick(1, 2, 2, 3, 5, 6)
    tell.lesions = [_lesion(tell, id) for id in LESIONS[:count]]
    if tell.often():
        _imaging(tell, "staging")
    if tell.often():
        tell.tell("imaging_history_reviewed")
    tell.wait(0, 5, 10)
    if tell.often():
        er, her2 = tell.one(_RECEPTORS)
        site = str(tell.lesions[0]["organ"])
        proof = {"method": "histology", "metastasis_confirmed": True}
        tell.tell("tissue_result", site=site, lesion="L1", er=er, pr="negative", her2=her2, **proof)
    elif tell.sometimes():
        tell.tell("biopsy_waived", reason="not_feasible")


def _board(tell: Teller, question: str, decision: str, **fields: object) -> None:
    if tell.often():
        tell.tell("board_held", question=question, decision=decision, disciplines=ONCOLOGIES, **fields)


def _systemic(tell: Teller, type: str, line: int) -> None:
    classes = tell.one(_CLASSES)
    regimen = tell.one(["trastuzumab_pertuzumab", "capecitabine"])
    if tell.often():
        tell.tell(type, line=line, regimen=regimen, regimen_class=classes)


def _bones(tell: Teller) -> None:
    drug = tell.one(["zoledronate", "zoledronate", "denosumab"])
    for _ in range(tell.pick(0, 0, 1, 4)):
        tell.tell(
            "bma_given", drug=drug, planned_interval=tell.one(["monthly", "4w", "12w"]), disease_stable=True
        )
        tell.wait(20, 28, 30, 31, 84)


def _responses(tell: Teller) -> None:
    for _ in range(tell.pick(1, 2, 2, 3)):
        tell.wait(45, 60, 91, 92, 150)
        if tell.often():
            tell.tell("response_assessed", overall=tell.one(["PR", "PR", "CR", "SD", "NE", "PD"]))


def _progression(tell: Teller) -> None:
    tell.wait(1, 30, 90)
    pattern = tell.one(["oligoprogression", "oligoprogression", "other"])
    sites = [{}, {"extracranial": "SD", "intracranial": "PD"}, {"extracranial": "PD", "intracranial": "SD"}]
    tell.tell("response_assessed", overall="PD", pattern=pattern, **tell.one(sites))
    tell.wait(0, 7)
    decision = tell.one(
        ["local_treatment_regimen_unchanged", "local_treatment_with_new_line", "new_systemic_line"]
    )
    _board(tell, "oligoprogression", decision, method="stereotactic_rt", targets=tell.targets[:1])
    if tell.sometimes():
        tell.wait(0, 14)
        _systemic(tell, "systemic_changed", 2)


def _decision(tell: Teller) -> None:
    tell.wait(0, 7, 14)
    decision = tell.one(["recommended", "recommended", "recommended", "not_recommended", "deferred"])
    method = tell.one(["stereotactic_rt", "stereotactic_rt", "resection", "cryo", "sirt"])
    _board(tell, "mdt", decision, method=method, targets=tell.targets)
    if tell.sometimes():
        tell.tell("mdt_planned", targets=tell.targets, modality=method)
    tell.wait(0, 2)
    if tell.often():
        tell.tell("counselling_documented", topics=["os_benefit_unknown"])
    if tell.sometimes():
        tell.tell("systemic_stopped", reason=tell.one(["toxicity", "persistent_after_systemic"]))


def _treatment(tell: Teller) -> None:
    tell.wait(0, 7, 20)
    method = tell.one(["stereotactic_rt", "stereotactic_rt", "stereotactic_rt", "resection", "cryo", "sirt"])
    tell.tell("mdt_started", targets=tell.targets, modality=method)
    tell.wait(0, 7)
    if tell.often():
        tell.tell("mdt_completed", targets=tell.targets)
    else:
        for id in tell.targets:
            tell.tell("mdt_target_completed", target=id)


def _follow_up(tell: Teller) -> None:
    for _ in range(tell.pick(0, 1, 2)):
        tell.wait(60, 90, 92, 120, 182)
        _imaging(tell, "post_mdt", status="treated_inactive")


_PARTS: Final[tuple[Callable[[Teller], None], ...]] = (
    _workup,
    lambda tell: _board(tell, "initial", "systemic_first"),
    lambda tell: _systemic(tell, "systemic_started", 1),
    _bones,
    _responses,
    _decision,
    _treatment,
    _follow_up,
)


def facts(choose: Choose) -> Raw:
    """What is known of most patients."""
    hr, her2 = choose(_RECEPTORS)
    status = choose(["resected", "intact", None])
    operated = choose(["2020-02-29", "2021-08-31", "2023-11-30"]) if status == "resected" else None
    return {
        "sex": "female", "birth_date": choose(BIRTH_DATES), "menopausal_status": "post", "hr_status": hr,
        "her2_status": her2, "locoregional_controlled": True, "cN": choose(["cN0", "cN1"]),
        "primary": {"diagnosis_date": "2020-01-15", "status": status, "symptomatic": False,
                    "surgery_date": operated},
    }  # fmt: skip


def events(choose: Choose, beside: Sequence[Callable[[Teller], None]]) -> list[Raw]:
    """A course that ends at any part; a progression and an episode `beside` it come somewhere in some."""
    tell = Teller(choose)
    tell.wait(0, 1, 31)
    reached = choose([2, 4, 5, 6, 7, 7, 8, 8, 8])
    progressed = choose([None, None, None, 5, 7, 8])
    disturbed = choose([None, None, 1, 3, 5, 8])
    for number, part in enumerate(_PARTS[:reached], 1):
        part(tell)
        tell.wait(0, 5, 9)
        if number == progressed:
            _progression(tell)
        if number == disturbed:
            choose(beside)(tell)
    return tell.events
