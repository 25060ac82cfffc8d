"""The lesions of a patient over time: a row for each lesion, a column for each imaging."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.brief import Happened
from engine.event import Event
from interop.event_words import value_words
from interop.plain_text import counted, day_words, one_line
from pathways.worded import joined, worded

MOST_COLUMNS: Final = 4
MOST_ROWS: Final = 15


@dataclass(frozen=True, slots=True)
class Column:
    """One imaging: its day, and what it was."""

    day: str
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """One lesion with its organ, and what each imaging says of it."""

    lesion: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImagingTable:
    """`left_out` says what is not in the table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    left_out: str


def imaging_table(happened: Sequence[Happened]) -> ImagingTable:
    """The first imaging and the latest ones, the latest last."""
    chosen = list(happened)
    if len(chosen) > MOST_COLUMNS:
        chosen = [chosen[0], *chosen[1 - MOST_COLUMNS :]]
    lesions = [_lesions(one.event) for one in chosen]
    names = list(dict.fromkeys(name for each in lesions for name in each or ()))
    rows = [Row(_named(name), tuple(_cell(each, name) for each in lesions)) for name in names[:MOST_ROWS]]
    gone = (
        (len(happened) - len(chosen), "{n} imaging", "{n} imagings"),
        (len(names) - len(rows), "{n} lesion", "{n} lesions"),
    )
    told = [counted(number, one, many) for number, one, many in gone if number]
    left_out = worded("{a} and {b}", a=told[0], b=told[1]) if len(told) > 1 else joined("", told)
    if chosen:
        rows.append(Row(worded("Other findings"), tuple(_findings(one.event) for one in chosen)))
    return ImagingTable(tuple(_column(one) for one in chosen), tuple(rows), left_out)


def _lesions(event: Event) -> dict[tuple[str, str], Mapping[str, object]] | None:
    """By id and organ; None where they are not listed."""
    listed = event.fields.get("lesions")
    if not isinstance(listed, tuple):
        return None
    return {(str(one.get("id")), value_words(one.get("organ"))): one for one in listed}


def _named(name: tuple[str, str]) -> str:
    return one_line(joined(" ", name), 40)


def _findings(event: Event) -> str:
    """What is there and what is not known; the rest was looked for and not found."""
    findings = event.fields.get("findings")
    if not isinstance(findings, Mapping):
        return worded("not stated")
    there = {name: value for name, value in findings.items() if value not in ("none", False)}
    told = joined("; ", (joined(" ", _finding(name, value)) for name, value in there.items()))
    return one_line(told or worded("none of {n} asked about", n=len(findings)), 160)


def _finding(name: str, value: object) -> Iterator[str]:
    yield worded(name.replace("_", " "))
    if value is not True:
        yield value_words(value)


def _cell(lesions: Mapping[tuple[str, str], Mapping[str, object]] | None, name: tuple[str, str]) -> str:
    if lesions is None:
        return worded("lesions not listed")
    if name not in lesions:
        return worded("not listed")
    lesion = lesions[name]
    size, status = lesion.get("diameter_mm"), value_words(lesion.get("status"))
    told = worded("size unknown") if size is None else worded("{value} mm", value=value_words(size))
    stands = worded("status unknown") if status == "unknown" else status
    return one_line(joined(", ", (told, stands)), 40)


def _column(one: Happened) -> Column:
    fields = one.event.fields
    told = [value_words(fields[name]) for name in ("modality", "purpose") if fields.get(name) is not None]
    return Column(day_words(one.event.day), one_line(joined(", ", [*told, *_said(one)]), 120))


def _said(one: Happened) -> Iterator[str]:
    complete = one.event.fields.get("complete")
    if complete is not True:
        yield worded("not complete") if complete is False else worded("completeness unknown")
    total = one.event.fields.get("lesion_count_total")
    if total is not None:
        yield worded("{n} lesions stated", n=total)
    if one.corrections:
        yield worded("corrected")
