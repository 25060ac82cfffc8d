"""The sheets that explain the others: how to fill them, every kind of entry, every column, every code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from interop.workbook.allowed import choices
from interop.workbook.layout import Column, TemplateSheet
from interop.workbook.words import if_empty, kind, meaning, texts
from pathways.synonyms import load_synonyms
from pathways.texts.wording import code_name, event_noun
from pathways.vocabulary import load_vocabulary


class GuideSheet(NamedTuple):
    """A sheet of text: what stands in its first row, the rows below, and how wide its columns are."""

    name: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[int, ...]


def guide(sheets: Sequence[TemplateSheet]) -> Iterator[GuideSheet]:
    """The explaining sheets for these sheets."""
    yield GuideSheet("read me", ("How to fill this in", ""), list(texts()["read_me"].items()), (18, 110))
    yield GuideSheet(
        "entries",
        ("Sheet", "Kind of entry", "What it is", "When to record it"),
        list(_kinds(sheets)),
        (28, 27, 44, 90),
    )
    yield GuideSheet(
        "columns",
        ("Sheet", "Column", "Kind of entry", "What it says", "What it takes", "Codes", "Left empty"),
        [_column(sheet, one) for sheet in sheets for one in sheet.columns],
        (28, 40, 34, 60, 44, 60, 40),
    )
    yield GuideSheet(
        "codes",
        ("Columns", "Code", "What it means", "Also read as this code"),
        list(_codes(sheets)),
        (50, 36, 60, 70),
    )


def _kinds(sheets: Sequence[TemplateSheet]) -> Iterator[tuple[str, ...]]:
    for sheet in sheets:
        for name in sheet.family.types:
            noun = (
                "facts about a patient"
                if name not in load_vocabulary().events
                else event_noun([name], many=False)
            )
            yield sheet.name, name, noun, texts()["when"][name]


def _column(sheet: TemplateSheet, column: Column) -> tuple[str, ...]:
    only = "" if column.types == sheet.family.types else ", ".join(column.types)
    codes = ", ".join(choices(column.field))
    return (
        sheet.name,
        column.name,
        only,
        meaning(sheet, column),
        kind(column.field),
        codes,
        if_empty(sheet, column),
    )


def _codes(sheets: Sequence[TemplateSheet]) -> Iterator[tuple[str, ...]]:
    """Every code once for all the columns that take the same ones."""
    known, words = load_vocabulary(), load_synonyms()
    columns: dict[tuple[str, ...], list[Column]] = {}
    for column in (one for sheet in sheets for one in sheet.columns if one.name != "type"):
        if listed := column.field.codes or column.field.codes_known:
            columns.setdefault(listed, []).append(column)
    for listed, same in columns.items():
        names = ", ".join(
            dict.fromkeys(one.name.removeprefix("snapshot.").removeprefix("findings.") for one in same)
        )
        for code in listed:
            told = known.meaning_of(same[0].field, code) or texts()["codes"].get(code) or code_name(code)
            yield names, code, told, ", ".join(words.others(code, listed))
