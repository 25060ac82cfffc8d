"""Law: what is not known is never a clinical departure by itself (architecture, "unknown is not false")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from engine.event import Event
from engine.snapshot import Deviation, PatientSnapshot
from tests.properties.asking import Asked, known_later, questions
from tests.properties.values import vocabulary

SAYS_WHAT_IT_IS: Final = {
    "board_held": {"question", "decision", "method", "overruled_guards", "overrule_reason", "class_reason"},
    "bma_given": {"drug", "planned_interval", "disease_stable"},
    "bma_ordered": {"drug", "planned_interval", "disease_stable"},
    "counselling_documented": {"topics"},
    "imaging_done": {"purpose", "modality", "lesions", "lesion_count_total", "complete"},
    "local_treatment": {"site", "modality", "intent", "indication", "lesion"},
    "mdt_planned": {"targets", "modality"},
    "mdt_started": {"targets", "modality"},
    "mdt_target_completed": {"target"},
    "ortho_evaluated": {"lesion"},
    "primary_treated": {"modality", "intent"},
    "response_assessed": {"overall", "pattern", "extracranial", "intracranial", "extracranial_stable"},
    "systemic_started": {"regimen_class", "regimen", "intent", "line", "reason"},
    "systemic_changed": {"regimen_class", "regimen", "intent", "line", "reason"},
    "systemic_stopped": {"reason"},
    "task_progress": {"item", "status", "reason", "reason_code", "due"},
}
"""Fields without which an entry does not count as the duty done, or as the order it may have been."""


@st.composite
def value_forgotten(draw: st.DrawFn) -> tuple[Asked, Asked]:
    """A question, and the same with one value of an entry, or of a lesion or finding in it, unknown."""
    asked = known_later(draw(questions()))
    known = [(e, name, None) for e in asked.story.entries for name in _known(e)]
    inner = [(e, "lesions", n) for e in asked.story.entries for n in range(len(_rows(e)))]
    assume(known or inner)
    entry, name, number = draw(st.sampled_from([*known, *inner]))
    forgotten = _forgotten_in_row(draw, entry, number) if number is not None else None
    fields = {**entry.fields, name: forgotten}
    rest = [one for one in asked.story.entries if one.id != entry.id]
    return asked, asked.of([*rest, replace(entry, fields=fields)])


def _known(entry: Event) -> list[str]:
    declared = vocabulary.events[entry.type].fields
    telling = SAYS_WHAT_IT_IS.get(entry.type, set())
    return [
        name for name, value in entry.fields.items()
        if value is not None and name in declared and declared[name].nullable and name not in telling
        and entry.type not in ("correction", "retraction")
    ]  # fmt: skip


def _rows(entry: Event) -> tuple[Any, ...]:
    rows = entry.fields.get("lesions")
    return rows if isinstance(rows, tuple) else ()


def _forgotten_in_row(draw: st.DrawFn, entry: Event, number: int) -> tuple[Any, ...]:
    rows = _rows(entry)
    name = draw(st.sampled_from([key for key in rows[number] if key != "id"]))
    return tuple({**row, name: None} if n == number else row for n, row in enumerate(rows))


def departures(snapshot: PatientSnapshot) -> dict[tuple[str, object], Deviation]:
    found = (d for p in snapshot.pathways for d in p.deviations if d.code.startswith("d-"))
    return {(d.code, d.on): d for d in found}


@given(value_forgotten())
def test_a_value_nobody_knows_raises_no_clinical_departure(asked: tuple[Asked, Asked]) -> None:
    before, after = (departures(one.snapshot()) for one in asked)
    assert set(after) <= set(before)
