"""What one cell of a long table means for the field of its column, and how a value is written into a cell.

An empty cell is not stated, `null` is unknown, and so is `unknown` where it is not one of the field's codes.
Other words for codes are read as the code (`interop.words`).
Several values stand with `;` between them, lists and mappings also as JSON. A text between double quotes is
meant literally. One apostrophe before = + - @ or another apostrophe is dropped: it is written so that no
spreadsheet takes a text for a formula, and dropping it brings the same text back.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time

from interop.case_writer import decimal_text, plain_value
from interop.limits import excesses, longest_cell, longest_name, longest_text, text_excess, whole_number
from interop.located import forbidden_character
from interop.words import Word, code_for, free_spelling
from pathways.vocabulary import Field, ValueFault

Cell = str | bool | int | float | date | datetime | None
"""What stands in a cell: always text in a CSV file, also numbers, days and truth values in a workbook."""

not_stated = object()
"""What an empty cell means."""

_integer = re.compile(r"-?(0|[1-9][0-9]{0,17})").fullmatch
_decimal = re.compile(r"-?(0|[1-9][0-9]{0,308})(\.[0-9]{1,1100})?").fullmatch
_decimal_comma = re.compile(r"-?[0-9]+,[0-9]+").fullmatch
_guarded = re.compile(r"'['=+\-@]").match
_dangerous = re.compile(r"[=+\-@]").match
_structures = ("mapping", "list")


def read_cell(field: Field, cell: Cell, words: list[Word] | None = None) -> object:
    """The raw value for a field, which parses it; `not_stated` for an empty cell. Raises ValueFault.

    With `words`, other words for codes are read as the code and noted there; without, they stay as they are.
    """
    if cell is None:
        return not_stated
    if not isinstance(cell, str):
        return _typed(field, cell)
    if forbidden := forbidden_character(cell):
        raise ValueFault(forbidden)
    text = cell.strip()
    if not text:
        return not_stated
    if told := text_excess(field.name, text, _longest(field)):
        raise ValueFault(told)
    return _from_text(field, text[1:] if _guarded(text) else text, words)


def _longest(field: Field) -> int:
    """Characters of a cell: several values in one cell take more than one."""
    if field.type in _structures or field.type in ("any", "ids", "codes") or field.is_list:
        return longest_cell
    return longest_text if field.type in ("text", "decimal") else longest_name  # 1e-300 has 302 digits


def _typed(field: Field, cell: Cell) -> object:
    """A cell that a workbook holds as a number, a day or a truth value."""
    if isinstance(cell, datetime):
        whole = cell.time() == time.min
        return (cell.date() if whole else cell) if field.type == "date" else cell.isoformat()
    if isinstance(cell, date):
        return cell if field.type == "date" else cell.isoformat()
    if field.type == "date":
        _day(field, cell)
    if isinstance(cell, float) and cell.is_integer() and field.type != "decimal":
        cell = int(cell)
    if field.type in ("text", "code", "codes", "id", "ids") and not isinstance(cell, bool):
        return str(cell)
    return cell


def _from_text(field: Field, text: str, words: list[Word] | None) -> object:
    literal = _literal(text)
    if literal is not None:
        return literal
    if text == "null" or (text == "unknown" and text not in field.codes and field.type != "any"):
        return None
    if field.type in _structures:
        return _json(field, text)
    if field.type in ("codes", "ids") or field.is_list:
        return _json(field, text) if text.startswith("[") else _several(field, text, words)
    if field.type == "any":
        return _anything(text)
    return _single(field, text, words)


def _day(field: Field, cell: Cell) -> object:
    """A day or a moment, as it stands; what a spreadsheet made of one is refused with what would help."""
    try:
        field.parse(cell)
    except ValueFault as fault:
        raise ValueFault(f"{fault}; in a spreadsheet, format the cell as a date") from None
    return cell


def _single(field: Field, text: str, words: list[Word] | None) -> object:
    if field.type == "date":
        return _day(field, text)
    if field.type == "boolean3" and text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if field.type == "integer" and _integer(text):
        return int(text)
    if field.type == "decimal" and _decimal(text):
        return float(text)
    if field.type in ("integer", "decimal"):
        hint = "; decimals take a point" if _decimal_comma(text) else ""
        raise ValueFault(f"{field.name!r} must be {field.expected}, not {text!r}{hint}")
    return text if words is None else code_for(field, text, words)


def _several(field: Field, text: str, words: list[Word] | None) -> list[str]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return parts if words is None else [code_for(field, part, words) for part in parts]


def _literal(text: str) -> str | None:
    if not (len(text) > 1 and text[0] == text[-1] == '"'):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _json(field: Field, text: str) -> object:
    shape = "an object {...}" if field.type == "mapping" else "a list [...]"
    try:
        value = _loaded(text)
    except (ValueError, RecursionError) as error:
        raise ValueFault(f"{field.name!r} must be {shape} in JSON: {error}") from None
    for excess in excesses(value, field.name):
        raise ValueFault(excess.message)
    return value


def _anything(text: str) -> object:
    """Old and new value of a correction: JSON where it is JSON, else text."""
    try:
        return _loaded(text)
    except (ValueError, RecursionError):
        return text


def _loaded(text: str) -> object:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=whole_number)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise ValueError("a key stands twice")
    return mapping


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def write_cell(field: Field, value: object) -> str:
    """The text of a cell that `read_cell` and the field read back as `value`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text_cell(field, value)
    if (
        isinstance(value, tuple)
        and value
        and all(isinstance(v, str) and _simple(v) for v in value)
        and field.type != "any"
    ):
        return _text_cell(field, ";".join(map(str, value)))
    return json.dumps(plain_value(value), ensure_ascii=False, allow_nan=False)


def _text_cell(field: Field, text: str) -> str:
    doubtful = text in ("", "null", "unknown") and text not in field.codes
    doubtful = doubtful or text != text.strip() or text[0] in '"[{' or not text.isprintable()
    doubtful = doubtful or free_spelling(field, text)
    if doubtful or (field.type == "any" and not isinstance(_anything(text), str)):
        return json.dumps(text, ensure_ascii=False)
    return guarded(text)


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _dangerous(text) or _guarded(text) else text


def _simple(text: str) -> bool:
    """Whether a text may stand between semicolons."""
    return (
        bool(text)
        and ";" not in text
        and text == text.strip()
        and text[0] not in '"[{'
        and text.isprintable()
    )
