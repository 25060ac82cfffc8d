"""One patient's way along the main pathway: the present day, the metastases as last seen, what is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from simulation.chance import Chance
from simulation.chart import Chart, Draft
from simulation.person import CLEAR, Lesion, Person

FULL_BOARD = ("medical_oncology", "radiation_oncology", "surgical_oncology")
GUESTS = ("radiology", "pathology", "nuclear_medicine", "palliative_care")


@dataclass(slots=True, eq=False)
class Course:
    """Stages of a route write into the chart through this; `day` is the day of the latest of them."""

    chart: Chart
    chance: Chance
    person: Person
    day: date
    method: str
    modality: str = "pet_ct"
    findings: dict[str, object] = field(default_factory=lambda: dict(CLEAR))
    lesions: list[Lesion] = field(default_factory=list)
    first_response: date | None = None
    completed: date | None = None
    line: int = 0

    def wait(self, least: int, most: int) -> None:
        self.day += timedelta(self.chance.whole(least, most))

    def add(self, type: str, /, **fields: object) -> Draft:
        return self.chart.add(type, self.day, **fields)

    @property
    def targets(self) -> list[str]:
        """Every active metastasis."""
        return [str(lesion["id"]) for lesion in self.lesions if lesion["status"] == "active"]

    def image(self, purpose: str, *, modality: str | None = None, **fields: object) -> Draft:
        """An imaging that shows what the course holds to be present; `fields` replaces parts of it."""
        shown = {"purpose": purpose, "modality": modality or self.modality, "complete": True}
        seen = {"lesions": [dict(lesion) for lesion in self.lesions], "findings": dict(self.findings)}
        return self.add("imaging_done", **{**shown, **seen, **fields})

    def hold_board(self, question: str, decision: str, /, **fields: object) -> Draft:
        guests = [name for name in GUESTS if self.chance.happens(0.4)]
        return self.add(
            "board_held",
            **{"question": question, "disciplines": [*FULL_BOARD, *guests], "decision": decision, **fields},
        )

    def plan(self) -> dict[str, object]:
        """What a board on local treatment names."""
        return {"method": self.method, "targets": self.targets}

    def mark(self, status: str, **changes: object) -> None:
        """Every metastasis now has this status."""
        self.lesions = [{**lesion, "status": status, **changes} for lesion in self.lesions]

    def shrink(self) -> None:
        self.lesions = [_scaled(lesion, 0.8) for lesion in self.lesions]


def _scaled(lesion: Mapping[str, object], factor: float) -> Lesion:
    size = lesion.get("diameter_mm")
    return {**lesion, "diameter_mm": max(3, round(size * factor)) if isinstance(size, int) else size}
