"""The guideline statements behind a finding, briefly: ids, with the grade as printed where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from interop.statement_words import printed_grade, statements
from pathways.guidelines.statements import Statement

if TYPE_CHECKING:
    from rich.text import Text

most_statements = 3

GRADES_NOTE = "Grades are as printed; a statement named without one has no grade in its source."


def named(
    ids: Sequence[str], most: int = most_statements, among: Mapping[str, Statement] | None = None
) -> Text:
    """`ombc-board-before-decisions (Level V, Grade B), mdtbc-board-mandatory`: those with a grade first."""
    from rich.text import Text

    found = sorted(statements(ids, among), key=lambda one: not printed_grade(one))
    text = Text()
    for one in found[:most]:
        text.append(", " if text else "").append(one.id, "dim")
        if grade := printed_grade(one):
            text.append(f" ({grade})", "bold")
    more = len(found) - most
    return text.append(f" and {more} more", "dim") if more > 0 else text


def graded(ids: Iterable[str]) -> Text:
    """`ago-2024-gen-histology (LoE 3, GR B, AGO ++); imet-design, imet-limitations (grade not in source)`."""
    from rich.text import Text

    by_grade: dict[str, list[Statement]] = {}
    for one in sorted(statements(ids), key=lambda one: not printed_grade(one)):
        by_grade.setdefault(one.grade_text, []).append(one)
    text = Text()
    for grade, found in by_grade.items():
        text.append("; " if text else "", "dim").append(", ".join(one.id for one in found), "dim")
        text.append(f" ({grade})", "bold" if printed_grade(found[0]) else "dim")
    return text
