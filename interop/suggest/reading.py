"""How one column would be read for one field: the words that are understood, and those a person decides."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from interop.mapping import folded
from interop.suggest.known_words import head, meanings, perhaps_nothing
from interop.suggest.table_look import ColumnLook
from interop.units import units_for
from pathways.synonyms import load_synonyms
from pathways.vocabulary import Field

CHOOSE: Final = "CHOOSE"
"""Stands where a person has to decide; a mapping in which it stands is refused."""


@dataclass(frozen=True, slots=True)
class WordReading:
    """A word of a column and what it means; CHOOSE where that is open."""

    word: str
    meaning: str | bool
    told: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A column read for a field, or a constant for every row where there is none.

    `formats` are the ways of writing days that fit all its texts; of a column that `is_mixed` none does.
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


def open_constant(field: Field) -> Reading:
    """What no column tells and an event must say."""
    return Reading(field, constant=CHOOSE, why=f"no column tells it; {field.expected}")


def reading_of(column: ColumnLook, field: Field, sure: bool, like: str) -> Reading | None:
    """The column read for a field; None where what stands in it does not fit."""
    found = Reading(field, column.name, why=_certainty(sure, like))
    if field.type == "date":
        return _days(column, found)
    if column.is_days:
        return None
    if field.type in ("integer", "decimal"):
        return _numbers(column, found)
    if field.type in ("code", "codes", "boolean3") and not field.free_text:
        return _codes(column, found)
    return found if field.free_text or field.type in ("text", "id", "ids") else None


def _certainty(sure: bool, like: str) -> str:
    if sure:
        return "sure: the head is known"
    return f"perhaps: the head is like {like!r}" if like else "likely: the head names the event"


def _days(column: ColumnLook, found: Reading) -> Reading | None:
    strange = column.almost_days
    if strange is None:
        return None
    if strange:
        rows = ", ".join(map(str, strange[:10]))
        told = f"{found.why}, but no one way of writing days fits all of it; look at row {rows}"
        return replace(found, why=told, is_day=True, is_mixed=True)
    stated = len(column.stated) + column.days
    told = f"{found.why}, and all values are days ({stated})"
    return replace(found, why=told, is_day=True, formats=column.formats)


def _numbers(column: ColumnLook, found: Reading) -> Reading | None:
    if not column.is_numbers:
        return None
    field, unit = found.field, ""
    if units_for(field.unit):
        named = head(column.name).unit
        unit = named if named in units_for(field.unit) else CHOOSE
    told = f"{found.why}, and all values are numbers"
    if unit == CHOOSE:
        told += f"; the head names no unit: {' or '.join(units_for(field.unit))}"
    decimal = _decimal(column)
    if decimal == CHOOSE:
        told += "; nobody can tell whether 1,234 is more than a thousand: decimal is a comma or a point"
    return replace(found, why=told, unit=unit if unit != field.unit else "", decimal=decimal)


def _decimal(column: ColumnLook) -> str:
    """The sign before the decimals; CHOOSE where it may stand before thousands as well."""
    signs = {one for text in column.stated for one in text if one in ",."}
    parted = [re.split("[,.]", text) for text in column.stated if "," in text or "." in text]
    if len(signs) > 1 or (parted and all(len(parts[-1]) == 3 for parts in parted)):
        return CHOOSE
    return "," if signs == {","} else ""


def _codes(column: ColumnLook, found: Reading) -> Reading | None:
    words: list[WordReading] = []
    understood = hidden = 0
    for word, count in column.counts.most_common():
        meant = meanings(found.field, column.spellings[word])
        times = f"{count} {'time' if count == 1 else 'times'}"
        if len(meant) == 1:
            understood += count
            words.append(WordReading(column.spellings[word], meant[0], times))
        elif meant:
            words.append(
                WordReading(column.spellings[word], CHOOSE, f"{times}; {' or '.join(map(str, meant))}")
            )
        elif perhaps_nothing(word):
            words.append(WordReading(column.spellings[word], CHOOSE, f"{times}; perhaps not stated"))
        elif word in column.may_be_told:
            words.append(WordReading(column.spellings[word], CHOOSE, times))
        else:
            hidden += count
    if not understood and not words:
        return None
    total = (
        understood + hidden + sum(column.counts[folded(one.word)] for one in words if one.meaning == CHOOSE)
    )
    told = f"{found.why}; {understood} of {total} values are understood"
    if hidden:
        told += f", {hidden} not shown here, as they may be no codes; an import tells them"
    if any(one.meaning == CHOOSE for one in words):
        told += f"; {found.field.expected}"
    return replace(found, why=told, values=() if _as_they_stand(found.field, words, hidden) else tuple(words))


def _as_they_stand(field: Field, words: list[WordReading], hidden: int) -> bool:
    """Whether an import understands every word by itself."""
    if field.type == "boolean3":
        return not hidden and all(one.word.casefold() in ("true", "false") for one in words)
    codes = field.codes or field.codes_known
    return not hidden and all(load_synonyms().meant(one.word, codes) == (one.meaning,) for one in words)
