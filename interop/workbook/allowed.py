"""What a cell of the workbook takes: the list that drops down, or the rule for a day or a number."""

from __future__ import annotations

from collections.abc import Sequence

from pathways.vocabulary import Field

UNKNOWN = "unknown"
"""What is written where a value is not known."""


def choices(field: Field) -> tuple[str, ...]:
    """What drops down: the codes, or the spellings that rules read; nothing where anything may stand."""
    if field.type == "boolean3":
        return "true", "false", UNKNOWN
    listed = field.codes or field.codes_known
    own = UNKNOWN if listed and field.nullable and UNKNOWN not in listed else None
    return (*listed, *([own] if own else []))


def is_closed(field: Field) -> bool:
    """Whether a cell takes nothing but one of the choices."""
    return field.type == "boolean3" or (field.type == "code" and not field.free_text)


def rule(field: Field, cell: str) -> str | None:
    """The formula that is true for what a cell of days or numbers may hold; None for other fields."""
    if field.type == "date":
        parts = [f"ISNUMBER({cell})", f"{cell}>=DATE(1900,1,1)", f"{cell}<DATE(2200,1,1)"]
    elif field.type in ("integer", "decimal"):
        parts = [f"ISNUMBER({cell})", *_bounds(field, cell)]
    else:
        return None
    known = f"AND({','.join(parts)})"
    return f'OR({known},{cell}="{UNKNOWN}")' if field.nullable else known


def _bounds(field: Field, cell: str) -> Sequence[str]:
    parts = [f"{cell}=INT({cell})"] if field.type == "integer" else []
    strict = "" if field.exclusive else "="
    if field.minimum is not None:
        parts.append(f"{cell}>{strict}{field.minimum:g}")
    if field.maximum is not None:
        parts.append(f"{cell}<{strict}{field.maximum:g}")
    return parts
