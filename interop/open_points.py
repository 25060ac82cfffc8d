"""What the sources leave open: the default carepath takes, and why, from the catalogue's conflicts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from pathways.guidelines.catalogue import load_catalogue
from pathways.settings import DEFAULT_SETTINGS
from pathways.worded import worded

_backticks = re.compile(r"`([^`]+)`")

SETTINGS = {
    "C01": ("definition_profile",),
    "C04": ("definition_profile",),
    "C09": ("response_min_months",),
    "C10": ("response_anchor", "response_end"),
    "C11": ("response_values",),
    "C34": ("zoledronate_min_monthly_doses",),
    "C40": ("surveillance_phase1_years", "post_mdt_anchor"),
}
"""The settings that choose among the readings of a conflict."""


def default_taken(number: str, settings: Mapping[str, object]) -> str:
    """`Default: ... Why: ... Setting: ...` of a conflict; nothing where there is no such conflict."""
    conflict = load_catalogue().conflicts.get(number)
    if conflict is None:
        return ""
    taken = worded(
        "Default: {default} Why: {why}",
        default=worded(bare(conflict.default)),
        why=worded(bare(conflict.why)),
    )
    in_force = ", ".join(chosen(number, settings))
    return worded("{taken} Setting: {settings}", taken=taken, settings=in_force) if in_force else taken


def bare(words: str) -> str:
    """Words of the catalogue without the marks around ids."""
    return _backticks.sub(r"\1", words).strip()


def chosen_by(settings: Collection[str]) -> list[str]:
    """The conflicts among whose readings these settings choose."""
    return [number for number, names in SETTINGS.items() if not set(names).isdisjoint(settings)]


def chosen(number: str, settings: Mapping[str, object]) -> Iterator[str]:
    """`response_min_months=6 (default 3)`: the value in force, and the default where it differs."""
    for name in SETTINGS.get(number, ()):
        default = DEFAULT_SETTINGS[name]
        value = settings.get(name, default)
        yield f"{name}={value}" + ("" if value == default else f" (default {default})")


def touching(questions: Iterable[str], statements: Collection[str]) -> list[str]:
    """The questions whose conflict has one of these statements among its competing ones."""
    conflicts = load_catalogue().conflicts
    found = ((question, conflicts.get(question.partition(" ")[0])) for question in questions)
    return [
        question
        for question, conflict in found
        if conflict and not set(conflict.statements).isdisjoint(statements)
    ]
