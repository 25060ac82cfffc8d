"""One patient's way along the main pathway: the present day, the metastases as last seen, what is planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from simulation.chance import Chance
from simulation.chart import Chart, Draft
from simulation.person import Lesion, Person, draw_lesion
from simulation.weekdays import next_working_day

ONCOLOGIES: Final = ("medical_oncology", "radiation_oncology", "surgical_oncology")
GUESTS: Final = ("radiology", "pathology", "nuclear_medicine", "palliative_care")
CLEAR: Final[dict[str, object]] = {
    "pleural_effusion": "none",
    "ascites": "none",
    "pericardial_effusion": "none",
    "leptomeningeal_disease": False,
}


@dataclass(slots=True, eq=False)
class Course:
    """Stages write into the chart through this; `day` is the day of the latest of them."""

    chart: Chart
    chance: Chance
    person: Person
    day: date
    method: str
    modality: str
    lesions: list[Lesion] = field(default_factory=list)
    findings: dict[str, object] = field(default_factory=lambda: dict(CLEAR))
    first_response: date | None = None
    last_progression: date | None = None
    completed: date | None = None
    line: int = 0

    def wait(self, least: int, most: int) -> None:
        """Goes on to a later working day."""
        self.day = next_working_day(self.day + timedelta(self.chance.whole(least, most)))

    def add(self, type: str, /, **fields: object) -> Draft:
        return self.chart.add(type, self.day, fields)

    def plant(self, code: str) -> None:
        self.chart.plant(code, self.day)

    @property
    def targets(self) -> list[str]:
        """Every active metastasis."""
        return [str(lesion["id"]) for lesion in self.lesions if lesion["status"] == "active"]

    def image(self, purpose: str, **fields: object) -> Draft:
        """An imaging that shows what the course holds to be present; `fields` replaces parts of it."""
        lesions = [dict(lesion) for lesion in self.lesions]
        shown = {"purpose": purpose, "modality": self.modality, "complete": True, "lesions": lesions}
        return self.add("imaging_done", **{**shown, "findings": dict(self.findings), **fields})

    def hold_board(self, question: str, decision: str, **fields: object) -> Draft:
        guests = [name for name in GUESTS if self.chance.happens(0.4)]
        held = {"question": question, "disciplines": [*ONCOLOGIES, *guests], "decision": decision}
        return self.add("board_held", **{**held, **fields})

    def progress(self, **fields: object) -> None:
        """A progression; a new response clock starts only after it."""
        self.add("response_assessed", overall="PD", **fields)
        self.first_response, self.last_progression = None, self.day

    def find(self, organ: str) -> None:
        """One more metastasis."""
        self.lesions.append(draw_lesion(self.chance, f"L{len(self.lesions) + 1}", organ))

    def shrink(self) -> None:
        self.lesions = [_smaller(lesion) for lesion in self.lesions]

    def settle(self) -> None:
        """Every metastasis is treated."""
        self.completed = self.day
        self.lesions = [{**lesion, "status": "treated_inactive"} for lesion in self.lesions]


def _smaller(lesion: Lesion) -> Lesion:
    size = lesion["diameter_mm"]
    return {**lesion, "diameter_mm": max(3, round(size * 0.8))} if isinstance(size, int) else lesion


Stage = Callable[[Course], None]
"""Moves a course to a later day and writes down what happened then."""
