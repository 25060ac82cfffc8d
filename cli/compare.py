"""`carepath compare`: definitions side by side, and what would differ under another profile or setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from cli.arguments import assignments, day, moment
from cli.output import print_json
from cli.parameters import AsOf, JsonLines, KnownAt, Words
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.answer import plain
from engine.comparison import Comparison, ProfileChange, compare
from engine.event import Event
from engine.profiles import ProfileVerdict
from interop.difference_json import changes_as_json
from interop.open_points import chosen_by
from interop.side_by_side import SideBySide
from interop.statement_words import statements
from pathways.guidelines.catalogue import load_catalogue
from pathways.settings import DEFAULT_SETTINGS, SettingError

Json = dict[str, Any]


def compare_(
    patient: Annotated[
        str,
        typer.Argument(metavar="[PATIENT]", help="One patient; without it, everybody.", show_default=False),
    ] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Everybody, as without PATIENT.")] = False,
    set_: Annotated[
        Words,
        typer.Option("--set", metavar="NAME=VALUE", help="What to compare with; may stand several times."),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    json: JsonLines = False,
) -> Status:
    """Definitions side by side with their criteria, and what another profile or setting would change.

    For everybody: who would stand elsewhere. Nothing is written.
    """
    others = _settings(set_)
    if patient and everybody:
        raise BadInput("name a patient or --all, not both")
    on = day("--as-of", as_of) if as_of is not None else None
    by = moment("--known-at", known_at) if known_at is not None else None
    if not patient:
        from cli.compare_all import compare_everybody

        return compare_everybody(others, on, by, json=json)
    with workplace() as here:
        view = here.patient(patient, on, by)
    sides = SideBySide.of(view)
    found = compare(view.snapshot, view.enrolled, view.dossier.story, others) if others else None
    if json:
        print_json(as_json(sides, found, others))
    else:
        from cli.compare_page import show_side_by_side

        show_side_by_side(sides, found, others)
    return Status.OK


def _settings(words: Words) -> dict[str, str]:
    """The settings to compare with, as they were typed."""
    others = assignments("--set", words)
    try:
        DEFAULT_SETTINGS.replace(others)
    except SettingError as error:
        raise BadInput(f"--set: {error}") from None
    return others


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
