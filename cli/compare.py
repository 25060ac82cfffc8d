"""`carepath compare`: definitions side by side, and what would differ under another profile or setting."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.arguments import assignments, day, moment
from cli.compare_json import as_json
from cli.output import print_json
from cli.parameters import AsOf, JsonLines, KnownAt, Words
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.comparison import compare
from interop.side_by_side import SideBySide
from pathways.settings import DEFAULT_SETTINGS, SettingError


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
