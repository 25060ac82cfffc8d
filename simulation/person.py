"""Who a made-up patient is: age, primary, receptors and metastases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from simulation.chance import Chance

Lesion = dict[str, object]

SUBTYPES: Final = {"hr_positive": 0.66, "her2_positive": 0.2, "triple_negative": 0.14}
ORGANS: Final = {"bone": 0.4, "lymph_node": 0.3, "lung": 0.15, "liver": 0.15}
BONES: Final = ("rib", "pelvis", "sternum", "ilium", "vertebra", "long_bone")


@dataclass(frozen=True, slots=True)
class Person:
    """The subtype of the disease and its metastases at staging."""

    subtype: str
    lesions: tuple[Lesion, ...] = ()

    @property
    def receptors(self) -> dict[str, object]:
        hr = "positive" if self.subtype.startswith("hr_") else "negative"
        her2 = "positive" if self.subtype.endswith("her2_positive") else "negative"
        return {"er": hr, "pr": hr, "her2": her2}


def draw_person(chance: Chance, subtype: str | None, organs: tuple[str, ...]) -> Person:
    """One metastasis in each of the organs named."""
    lesions = tuple(draw_lesion(chance, f"L{number}", organ) for number, organ in enumerate(organs, 1))
    return Person(subtype or chance.weighted(SUBTYPES), lesions)


def draw_organs(chance: Chance, number: int) -> tuple[str, ...]:
    """Metastases mostly in one organ, sometimes in two."""
    first = chance.weighted(ORGANS)
    second = chance.weighted(ORGANS) if chance.happens(0.3) else first
    return tuple(first if place % 2 == 0 else second for place in range(number))


def draw_lesion(chance: Chance, id: str, organ: str) -> Lesion:
    """An active one that can be treated; its diameter is not always written down."""
    diameter = chance.whole(7, 29) if chance.happens(0.96) else None
    lesion: Lesion = {"id": id, "organ": organ, "diameter_mm": diameter, "status": "active"}
    lesion |= {"solid": True, "local_treatable": True, "safely_treatable": True}
    if organ == "bone":
        lesion |= {"location_detail": chance.pick(BONES), "significant": False}
    if organ == "lung":
        lesion |= {"distribution": chance.pick(("solitary", "few_unilateral")), "r0_resectable": True}
    return lesion


def draw_facts(chance: Chance, person: Person, surgery: date) -> dict[str, object]:
    """What is known from the beginning about a patient operated on that day."""
    birth = surgery - timedelta(chance.whole(32 * 365, 78 * 365))
    facts: dict[str, object] = {
        "sex": "female" if chance.happens(0.985) else "male",
        "birth_date": birth.isoformat(),
        "primary.diagnosis_date": (surgery - timedelta(chance.whole(14, 60))).isoformat(),
        "primary.status": "resected",
        "primary.surgery_date": surgery.isoformat(),
        "primary.surgery_type": chance.weighted({"breast_conserving": 7, "mastectomy": 3}),
        "primary.symptomatic": False,
        "hr_status": person.receptors["er"],
        "her2_status": person.receptors["her2"],
        "locoregional_controlled": True if chance.happens(0.8) else None,
    }
    if facts["sex"] == "female":
        facts["menopausal_status"] = "post" if (surgery - birth).days > 51 * 365 else "pre"
    if chance.happens(0.7):
        facts["performance_status"] = chance.weighted({0: 6, 1: 3, 2: 1})
    if chance.happens(0.3):
        facts["brca_status"] = chance.weighted({"wild_type": 9, "unknown": 1})
    return facts


def with_intact_primary(facts: Mapping[str, object], diagnosed: date) -> dict[str, object]:
    """The same patient with metastases found together with a primary that is still there."""
    kept = {name: value for name, value in facts.items() if not name.startswith("primary.")}
    kept |= {"primary.diagnosis_date": diagnosed.isoformat(), "primary.status": "intact"}
    return kept | {"primary.symptomatic": False, "de_novo_metastatic": True, "locoregional_controlled": None}
