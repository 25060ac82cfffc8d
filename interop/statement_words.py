"""The guideline statements behind a finding: found by their ids, and their grades as printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.statements import Statement


def statements(ids: Iterable[str], among: Mapping[str, Statement] | None = None) -> list[Statement]:
    """The statements with these ids, each once: those of the catalogue, or of an author's own list."""
    known = load_catalogue().statements if among is None else among
    return [known[id] for id in dict.fromkeys(ids) if id in known]


def printed_grade(one: Statement) -> str:
    """The grade as its source prints it; nothing where it prints none."""
    return "" if one.grade_system is None else one.grade_text
