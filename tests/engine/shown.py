"""Small stories for what the shipped pathways show beside their verdicts; the numbers of the catalogue."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from engine.calendar import add_months
from engine.event import Event
from engine.evidence import Shown
from engine.replay import Enrolment, evidence_shown
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.settings import Settings
from tests.engine.telling import d, story, told

TODAY = "2025-06-01"
FOUND = "2024-03-01"
"""The day of the first imaging, unless a story says otherwise."""
HIDDEN, MAYBE = "hidden", "maybe"
DAY = timedelta(1)


def number(statement: str, name: str) -> int:
    """A parameter of a statement, as the catalogue has it."""
    found = [p.value for p in load_catalogue().statements[statement].parameters if p.name == name]
    assert isinstance(found[0], int)
    return found[0]


def lesion(id: str, organ: str = "bone", **fields: Any) -> dict[str, Any]:
    return {"id": id, "organ": organ, "status": "active", **fields}


def several(count: int, organ: str = "bone", **fields: Any) -> list[dict[str, Any]]:
    return [lesion(f"{organ}{n}", organ, **fields) for n in range(1, count + 1)]


def imaging(*lesions: dict[str, Any], on: str = FOUND, **fields: Any) -> Event:
    """A complete staging with these lesions."""
    listed: dict[str, Any] = {"purpose": "staging", "complete": True, "lesions": lesions}
    return told(f"imaging {on}", "imaging_done", on, **{**listed, **fields})


def suspicion(on: str = "2024-02-01") -> Event:
    return told("suspicion", "metastasis_suspected", on)


def line(on: str = "2024-04-01", *classes: str, **fields: Any) -> Event:
    return told(f"line {on}", "systemic_started", on, regimen_class=classes or ("endocrine",), **fields)


def response(overall: str | None, on: str, **fields: Any) -> Event:
    return told(f"response {on}", "response_assessed", on, overall=overall, **fields)


def plan(modality: str | None, *targets: str, on: str = "2025-05-01") -> Event:
    return told("plan", "mdt_planned", on, modality=modality, targets=targets)


@cache
def _enrolments(key: str, settings: Settings) -> tuple[Enrolment, ...]:
    return tuple(Enrolment(pathway, settings) for pathway in all_pathways() if pathway.key == key)


def shown(
    key: str, *entries: Event, as_of: str | date = TODAY, set_: dict[str, Any] | None = None, **facts: Any
) -> dict[str, Shown]:
    """What a pathway shows, by the id of the display. Dots in the names of facts are written as `__`."""
    named = {name.replace("__", "."): value for name, value in facts.items()}
    day = d(as_of) if isinstance(as_of, str) else as_of
    enrolled = _enrolments(key, Settings.from_overrides(set_ or {}))
    found = evidence_shown(enrolled, story(*entries, **named), day, day)
    return {one.display: one for one in found[key]}


def feature(key: str, id: str, *entries: Event, **how: Any) -> str:
    """met, not_met, unknown; `hidden` where it does not concern the patient."""
    one = shown(key, *entries, **how).get(id)
    return HIDDEN if one is None else one.feature


def concerns(key: str, id: str, *entries: Event, **how: Any) -> bool | None:
    """Whether it concerns the patient; None where that is not known."""
    one = shown(key, *entries, **how).get(id)
    return False if one is None else one.applies


def around(start: str, months: int) -> tuple[str, str, str]:
    """The day before, the day, and the day after so many calendar months."""
    day = add_months(d(start), months)
    return str(day - DAY), str(day), str(day + DAY)


REGISTRY_FACTS: dict[str, Any] = {
    "sex": "female",
    "birth_date": d("1970-01-01"),
    "hr_status": "positive",
    "her2_status": "negative",
    "de_novo_metastatic": False,
    "primary__status": "resected",
    "primary__surgery_date": d("2020-03-01"),
    "primary__diagnosis_date": d("2020-02-01"),
}
"""A patient as the registry analysed them, once lung or liver is involved."""
LUNG = imaging(lesion("A", "lung", r0_resectable=True))
LIVER = imaging(lesion("A", "liver", r0_resectable=True))
BONE = imaging(lesion("A", "bone"))
