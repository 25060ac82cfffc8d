"""What the sources leave open: the default carepath takes, and why, from the catalogue's conflicts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pathways.guidelines.catalogue import load_catalogue
from pathways.settings import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from rich.text import Text

_backticks = re.compile(r"`([^`]+)`")

_SETTINGS = {
    "C09": ("response_min_months",),
    "C10": ("response_anchor", "response_end"),
    "C11": ("response_values",),
    "C34": ("zoledronate_min_monthly_doses",),
    "C40": ("surveillance_phase1_years", "post_mdt_anchor"),
}
"""The settings that choose among the readings of a conflict."""


def told(question: str, settings: Mapping[str, object]) -> Text:
    """A question as the answer names it (`C10 start of ...`), and in a second line the default taken.

    A question whose number no conflict has stands alone.
    """
    from rich.text import Text

    text = Text(question)
    number = question.partition(" ")[0]
    conflict = load_catalogue().conflicts.get(number)
    if conflict is None:
        return text
    default, why = (_backticks.sub(r"\1", words).strip() for words in (conflict.default, conflict.why))
    text.append(f"\nDefault: {default} Why: {why}", "dim")
    if chosen := list(_chosen(number, settings)):
        text.append(f" Setting: {', '.join(chosen)}", "dim")
    return text


def _chosen(number: str, settings: Mapping[str, object]) -> Iterator[str]:
    """`response_min_months=6 (default 3)`: the value in force, and the default where it differs."""
    for name in _SETTINGS.get(number, ()):
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
