"""How one column would be read for one field: the words that are understood, and those a person decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from interop.mapping import folded
from interop.suggest.known_words import head, meanings, perhaps_nothing
from interop.suggest.table_look import ColumnLook
from interop.suggest.undecided import UNDECIDED
from interop.units import units_for
from pathways.synonyms import load_synonyms
from pathways.vocabulary import Field

_most_rows: Final = 10
"""Rows that are named where cells do not fit."""


@dataclass(frozen=True, slots=True)
class WordReading:
    """A word of a column and what it means; UNDECIDED where that is open."""

    word: str
    meaning: str | bool
    told: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A column read for a field, or a constant for every row where there is none.

    `formats` are the ways of writing days that fit all its texts; where it `is_mixed`, those that fit most.
    `values` is empty where the cells are understood as they stand. `why` tells how sure the proposal is.
    """

    field: Field
    column: str = ""
    constant: str = ""
    why: str = ""
    is_day: bool = False
    is_mixed: bool = False
    formats: tuple[str, ...] = ()
    values: tuple[WordReading, ...] = ()
    unit: str = ""
    decimal: str = ""


def open_constant(field: Field, why: str = "no column tells it") -> Reading:
    """What no column tells and an event must say."""
    return Reading(field, constant=UNDECIDED, why=f"{why}; {field.expected}")


def reading_of(column: ColumnLook, field: Field, sure: bool, like: str) -> Reading | None:
    """The column read for a field; None where what stands in it does not fit."""
    found = Reading(field, column.name, why=_certainty(sure, like))
    if field.type == "date":
        return _days(column, found, sure)
    if column.is_days:
        return None
    if field.type in ("integer", "decimal"):
        return _numbers(column, found, sure)
    if field.type in ("code", "codes", "boolean3") and not field.free_text:
        return _codes(column, found)
    return found if field.free_text or field.type in ("text", "id", "ids") else None


def _certainty(sure: bool, like: str) -> str:
    if sure:
        return "sure: the head is known"
    return f"perhaps: the head is like {like!r}" if like else "likely: the head names the event"


def _days(column: ColumnLook, found: Reading, sure: bool) -> Reading | None:
    stated = len(column.stated) + column.days
    if column.is_days:
        told = f"{found.why}, and all values are days ({stated})"
        return replace(found, why=told, is_day=True, formats=column.formats)
    if not _enough(column.share_of_days(), sure):
        return None
    strange = column.rows_of(column.written.strange)
    told = f"{found.why}; {stated - len(strange)} of {stated} values are days"
    told += f" written as {' or '.join(column.written.formats)}" if column.written.formats else ""
    return replace(
        found,
        why=told + odd_rows(strange, "no day"),
        is_day=True,
        is_mixed=True,
        formats=column.written.formats,
    )


def _enough(share: float, sure: bool) -> bool:
    """Whether so much of a column fits that it is proposed: of a head that is known, more than half of it."""
    return share > 0.5 if sure else share >= 0.8


def odd_rows(rows: Sequence[int], what: str) -> str:
    """What does not fit, with how often and where: never what stands there."""
    if not rows:
        return ""
    shown = ", ".join(map(str, rows[:_most_rows]))
    more = f" and {len(rows) - _most_rows} more" if len(rows) > _most_rows else ""
    return f"; {len(rows)} {'is' if len(rows) == 1 else 'are'} {what}: row {shown}{more}"


def _numbers(column: ColumnLook, found: Reading, sure: bool) -> Reading | None:
    strange = column.rows_of(column.no_numbers)
    number = len(column.stated)
    if not number or not _enough(1 - len(strange) / number, sure):
        return None
    field, unit = found.field, ""
    if units_for(field.unit):
        named = head(column.name).unit
        unit = named if named in units_for(field.unit) else UNDECIDED
    told = f"{found.why}, and all values are numbers"
    if strange:
        told = (
            f"{found.why}; {number - len(strange)} of {number} values are numbers{odd_rows(strange, 'none')}"
        )
    if unit == UNDECIDED:
        told += f"; the head names no unit: {' or '.join(units_for(field.unit))}"
    decimal = _decimal([one for one in column.stated if one not in column.no_numbers])
    if decimal == UNDECIDED:
        told += "; nobody can tell whether 1,234 is more than a thousand: decimal is a comma or a point"
    return replace(found, why=told, unit=unit if unit != field.unit else "", decimal=decimal)


def _decimal(numbers: Sequence[str]) -> str:
    """The sign before the decimals; UNDECIDED where it may stand before thousands as well."""
    signs = {one for text in numbers for one in text if one in ",."}
    parted = [re.split("[,.]", text) for text in numbers if "," in text or "." in text]
    if len(signs) > 1 or (parted and all(len(parts[-1]) == 3 for parts in parted)):
        return UNDECIDED
    return "," if signs == {","} else ""


def _codes(column: ColumnLook, found: Reading) -> Reading | None:
    words: list[WordReading] = []
    hidden: set[str] = set()
    for word, count in column.counts.most_common():
        spelled = column.spellings[word]
        meant = meanings(found.field, spelled)
        times = f"{count} {'time' if count == 1 else 'times'}"
        if len(meant) == 1:
            words.append(WordReading(spelled, meant[0], times))
        elif meant:
            words.append(WordReading(spelled, UNDECIDED, f"{times}; {' or '.join(map(str, meant))}"))
        elif perhaps_nothing(word):
            words.append(WordReading(spelled, UNDECIDED, f"{times}; perhaps not stated"))
        elif word in column.may_be_told:
            words.append(WordReading(spelled, UNDECIDED, times))
        else:
            hidden.add(word)
    if not words:
        return None
    understood = sum(column.counts[folded(one.word)] for one in words if one.meaning != UNDECIDED)
    told = f"{found.why}; {understood} of {column.counts.total()} values are understood"
    if hidden:
        rows = column.rows_of({one for one in set(column.texts) if folded(one) in hidden})
        told += f"{odd_rows(rows, 'no known word')}; not shown here, as they may be no codes"
    if any(one.meaning == UNDECIDED for one in words):
        told += f"; {found.field.expected}"
    return replace(found, why=told, values=() if _as_they_stand(found.field, words, hidden) else tuple(words))


def _as_they_stand(field: Field, words: Sequence[WordReading], hidden: Collection[str]) -> bool:
    """Whether an import understands every word by itself."""
    if field.type == "boolean3":
        return not hidden and all(one.word.casefold() in ("true", "false") for one in words)
    codes = field.codes or field.codes_known
    return not hidden and all(load_synonyms().meant(one.word, codes) == (one.meaning,) for one in words)
