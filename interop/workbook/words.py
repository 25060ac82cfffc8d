"""What the workbook says in words: when to record what, what a column means, what an empty cell says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from interop.workbook.allowed import UNKNOWN
from interop.workbook.layout import LESION, Column, TemplateSheet
from pathways.texts.wording import event_noun, fact_statement, field_name, listed, predicate
from pathways.vocabulary import Field, load_vocabulary

_TYPES: Final = {
    "text": "text",
    "date": "a day",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean3": "true, false or unknown",
    "code": "one code",
    "codes": "one code, or several with ; between",
    "id": "an id",
    "ids": "one id, or several with ; between",
    "mapping": 'JSON: {"L2": "reason"}',
    "any": "the value, written as in its own column",
}

_TEXTS: Final = Path(__file__).with_name("texts.yaml")


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """What is said in words: `read_me`, `when` to record what, `meanings`, `left_empty`, `codes`."""
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return read


def heading(sheet: TemplateSheet, column: Column) -> str:
    """The note over a column: what it is, what may stand there, what an empty cell says."""
    lines = [
        meaning(sheet, column),
        f"Takes {kind(column.field)}.",
        f"Left empty: {if_empty(sheet, column)}.",
    ]
    if column.types != sheet.family.types:
        lines.insert(1, f"Only for {listed(column.types, 'and')}.")
    return "\n".join(lines)


def meaning(sheet: TemplateSheet, column: Column) -> str:
    """What a column tells, in a sentence."""
    if told := _said("meanings", sheet, column):
        return told
    if column.name == "id":
        return f"A name of your choice for this entry, like {sheet.family.letter}1, used once for a patient."
    field, name = column.field, _own_name(column)
    words = _flag(sheet, column) if field.type == "boolean3" else field_name(name)
    group = f" of the {_GROUPS[column.group]}" if column.group in _GROUPS and field.type != "boolean3" else ""
    note = f" ({field.note})" if field.note else ""
    only = f"; only for {field.applies_to}" if field.applies_to else ""
    return f"{words[0].upper()}{words[1:]}{group}{note}{only}."


_GROUPS: Final = {LESION: "lesion", "dynamics": "disease, as a clinician judges it"}


def _said(part: str, sheet: TemplateSheet, column: Column) -> str | None:
    words = texts()[part]
    return words.get(f"{sheet.name}/{column.name}") or words.get(column.name)


def _own_name(column: Column) -> str:
    return column.name.removeprefix(f"{column.group}.")


def _flag(sheet: TemplateSheet, column: Column) -> str:
    """What `true` says: `the lesion is solid`, `the disease is stable`, `the imaging is complete`."""
    name = _own_name(column)
    if (
        name in load_vocabulary().facts
        and column.group != LESION
        and sheet.family.types != ("primary_treated",)
    ):
        return fact_statement(name, holds=True)
    noun = LESION if column.group == LESION else event_noun(column.types, many=False)
    return f"the {noun} {predicate(name, holds=True)}"


def kind(field: Field) -> str:
    """What may stand in a cell: `a number in mm, more than 0`."""
    if field.free_text or field.codes_known:
        return "one of the codes, or any other text"
    unit = f" in {field.unit}" if field.unit else ""
    return f"{_TYPES[field.type]}{unit}{''.join(_bounds(field))}"


def _bounds(field: Field) -> Iterator[str]:
    if field.minimum is not None:
        yield f", {'more than' if field.exclusive else 'at least'} {field.minimum:g}"
    if field.maximum is not None:
        yield f", at most {field.maximum:g}"


def if_empty(sheet: TemplateSheet, column: Column) -> str:
    """What an empty cell says: `it is not known`."""
    field = column.field
    if column.needed:
        return _must(column)
    if told := _said("left_empty", sheet, column):
        return told
    if field.default is not None:
        return f"counts as {field.default}"
    if field.default_from is not None:
        return "counts as the day it happened"
    if field.world and sheet.family.types == ("finding_recorded",):
        return "what was known before goes on holding"
    return "it is not known" if field.open_field or field.world == "open" else "nothing is said"


def _must(column: Column) -> str:
    where = "" if column.needed == column.types else f" for {listed(column.needed, 'and')}"
    where = " in each row that tells a lesion" if column.group == LESION else where
    unknown = "null" if column.field.type == "any" else UNKNOWN
    may = column.field.nullable and column.field.type not in ("id", "ids", "text")
    return f"not allowed{where}{f'; write {unknown} where it is not known' if may else ''}"
