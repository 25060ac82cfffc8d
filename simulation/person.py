"""Who a made-up patient is: age, primary, receptors and metastases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from simulation.chance import Chance

SUBTYPES = {"hr_positive": 0.66, "her2_positive": 0.2, "triple_negative": 0.14}
CLASSES = {
    "hr_positive": ("endocrine_cdk46",),
    "her2_positive": ("anti_her2", "chemotherapy"),
    "triple_negative": ("chemo_immunotherapy",),
}
SECOND_CLASSES = {
    "hr_positive": ("endocrine",),
    "her2_positive": ("anti_her2",),
    "triple_negative": ("chemotherapy",),
}
ORGANS = {"bone": 0.4, "lymph_node": 0.3, "lung": 0.15, "liver": 0.15}
CLEAR = {
    "pleural_effusion": "none",
    "ascites": "none",
    "pericardial_effusion": "none",
    "leptomeningeal_disease": False,
}

Lesion = dict[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """Facts known from the beginning, the subtype of the disease and its metastases at staging."""

    subtype: str
    facts: dict[str, object]
    lesions: tuple[Lesion, ...]

    @property
    def organs(self) -> tuple[str, ...]:
        return tuple(str(lesion["organ"]) for lesion in self.lesions)

    @property
    def receptors(self) -> dict[str, object]:
        hr, her2 = _receptors(self.subtype)
        return {"er": hr, "pr": hr, "her2": her2}


def draw_person(
    chance: Chance, before: date, *, subtype: str | None, organs: Sequence[str], operated: date | None = None
) -> Person:
    """A patient whose primary was treated before a day; `organs` names one organ for each metastasis."""
    kind = subtype or chance.weighted(SUBTYPES)
    lesions = tuple(draw_lesion(chance, f"L{number}", organ) for number, organ in enumerate(organs, 1))
    return Person(kind, _facts(chance, before, kind, operated), lesions)


def draw_organs(chance: Chance, least: int, most: int) -> tuple[str, ...]:
    """Metastases mostly in one organ, sometimes in two."""
    number = chance.whole(least, most)
    first = chance.weighted(ORGANS)
    second = chance.weighted(ORGANS) if chance.happens(0.3) else first
    return tuple(first if place % 2 == 0 else second for place in range(number))


def draw_lesion(chance: Chance, id: str, organ: str) -> Lesion:
    diameter = chance.whole(7, 29) if chance.happens(0.96) else None
    lesion: Lesion = {"id": id, "organ": organ, "diameter_mm": diameter, "status": "active"}
    lesion |= {"solid": True, "local_treatable": True, "safely_treatable": True}
    if organ == "bone":
        place = chance.pick(("rib", "pelvis", "sternum", "ilium", "vertebra", "long_bone"))
        lesion |= {"location_detail": place, "significant": False}
    if organ == "lung":
        lesion |= {"distribution": chance.pick(("solitary", "few_unilateral")), "r0_resectable": True}
    return lesion


def _receptors(subtype: str) -> tuple[str, str]:
    return (
        "positive" if subtype == "hr_positive" else "negative",
        "positive" if subtype == "her2_positive" else "negative",
    )


def _facts(chance: Chance, before: date, subtype: str, operated: date | None) -> dict[str, object]:
    surgery = operated or before - timedelta(chance.whole(400, 4000))
    birth = surgery - timedelta(chance.whole(32 * 365, 78 * 365))
    old = (before - birth).days > 52 * 365
    hr, her2 = _receptors(subtype)
    primary: dict[str, object] = {
        "diagnosis_date": (surgery - timedelta(chance.whole(14, 60))).isoformat(),
        "status": "resected",
        "surgery_date": surgery.isoformat(),
        "surgery_type": chance.weighted({"breast_conserving": 7, "mastectomy": 3}),
        "symptomatic": False,
    }
    if operated is None and chance.happens(0.08):
        primary = {"diagnosis_date": before.isoformat(), "status": "intact", "symptomatic": False}
    facts: dict[str, object] = {
        "sex": "female" if chance.happens(0.985) else "male",
        "birth_date": birth.isoformat(),
        "primary": primary,
        "hr_status": hr,
        "her2_status": her2,
    }
    if facts["sex"] == "female":
        facts["menopausal_status"] = "post" if old else "pre"
    facts["locoregional_controlled"] = True if chance.happens(0.8) else None
    if chance.happens(0.7):
        facts["performance_status"] = chance.weighted({0: 6, 1: 3, 2: 1})
    if chance.happens(0.3):
        facts["brca_status"] = chance.weighted({"wild_type": 9, "unknown": 1})
    return facts
