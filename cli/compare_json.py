"""Definitions side by side, and what another profile or setting would change, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.answer import plain
from engine.comparison import Comparison, ProfileChange
from engine.event import Event
from engine.profiles import ProfileVerdict
from interop.difference_json import changes_as_json
from interop.open_points import chosen_by
from interop.side_by_side import SideBySide
from interop.statement_words import statements
from pathways.guidelines.catalogue import load_catalogue

Json = dict[str, Any]


def as_json(sides: SideBySide, found: Comparison | None, others: Mapping[str, str]) -> Json:
    """Everything the page shows."""
    snapshot = sides.view.snapshot
    return {
        "patient": sides.view.reference,
        "as_of": plain(snapshot.as_of),
        "day_zero": sides.view.day_zero,
        "known_at": plain(snapshot.known_at),
        "state": snapshot.main.state,
        "settings": dict(snapshot.settings),
        "imaging": [_imaging(one) for one in sides.imagings],
        "lesion_count": snapshot.main.facts.get("lesion_count_total"),
        "profiles": [_profile(one, sides) for one in sides.verdicts],
        "conflicts": [conflict_json(id) for id in sorted({*sides.conflicts, *chosen_by(others)})],
        "under": {"settings": chosen(found), **difference_json(found)} if found else None,
    }


def chosen(found: Comparison) -> Json:
    """The settings that are others than the patient's own."""
    own = found.before.settings
    return {name: value for name, value in found.after.settings.items() if value != own[name]}


def difference_json(found: Comparison) -> Json:
    """What differs, side by side; nothing is an empty list or null."""
    return {
        "classification": _change(found.side) if found.side else None,
        "profiles": [_change(one) for one in found.profiles],
        **changes_as_json(found.difference),
    }


def _change(one: ProfileChange) -> Json:
    return {"profile": one.profile, "before": one.before, "after": one.after}


def _imaging(event: Event) -> Json:
    return {
        "event": event.id,
        "date": plain(event.day),
        "modality": event.fields.get("modality"),
        "corrected_by": list(event.corrected_by),
    }


def _profile(one: ProfileVerdict, sides: SideBySide) -> Json:
    return {
        "profile": one.profile,
        "title": one.title,
        "chosen": one.profile == sides.chosen,
        "result": one.result,
        "criteria": [
            {
                "text": criterion.verdict.text,
                "result": criterion.verdict.result,
                "because": list(criterion.verdict.because),
                "missing": list(criterion.verdict.missing),
                "conflict": criterion.conflict or None,
            }
            for criterion in one.criteria
        ],
        "statements": list(one.statements),
    }


def conflict_json(id: str) -> Json:
    """A conflict with its competing statements, the default taken and why."""
    conflict = load_catalogue().conflicts[id]
    return {
        "conflict": id,
        "title": conflict.title,
        "positions": [
            {
                "text": position.text,
                "statements": [
                    {
                        "id": one.id,
                        "grade": one.grade_text,
                        "source": one.source_text,
                        "statement": one.statement,
                    }
                    for one in statements(position.statements)
                ],
            }
            for position in conflict.positions
        ],
        "default": conflict.default,
        "why": conflict.why,
    }
