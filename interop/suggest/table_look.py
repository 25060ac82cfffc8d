"""A table as it is looked at before anybody has said what it means: its columns, and what stands in them.

What is told of a cell later is a word only where it is known, or stands often and is short: never a name, a
number of a patient or a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from interop.cells import Cell
from interop.day_formats import read_day
from interop.located import BrokenFile
from interop.mapped_cells import cell_text
from interop.mapped_tables import table_endings
from interop.mapping import folded
from interop.sheets import Layout, Row, largest_table, read_table, shown_sheets
from interop.suggest.known_words import is_private, is_unknown, names_patient, perhaps_nothing, spoken
from pathways.vocabulary import ValueFault

_days = (
    *("YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD"),
    *("DD.MM.YYYY", "MM.DD.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY"),
    *("DD.MM.YY", "MM.DD.YY", "DD/MM/YY", "MM/DD/YY"),
    *("D MMM YYYY", "D. MMM YYYY", "D-MMM-YYYY", "MMM D, YYYY"),
)
_times = ("", " hh:mm", " hh:mm:ss", "Thh:mm", "Thh:mm:ss")
FORMATS: Final = tuple(f"{day}{time}" for day in _days for time in _times)
"""Ways of writing a day that are tried. All that fit are told; which one is meant, is never guessed."""

_any_century: Final = 1930
_several: Final = 3
_longest_word: Final = 30
_most_words: Final = 25
_identifying = re.compile(r"[0-9]{4,}|[@,]|\b(dr|prof|frau|herr|mrs|mr)\b", re.IGNORECASE)
_is_number = re.compile(r"-?[0-9]+([.,][0-9]+)?").fullmatch


@dataclass(frozen=True)
class ColumnLook:
    """A column: its cells as text, and how many a workbook holds as days; empty ones are neither."""

    name: str
    texts: tuple[str, ...]
    days: int
    """How many cells a workbook holds as days; they are not among the texts."""
    rows: tuple[int, ...]
    """The row of each text."""
    whose: tuple[str, ...] = ()
    """The patient of each text, where it is known whom the rows are about."""

    @cached_property
    def counts(self) -> Counter[str]:
        """Every word, folded, with how often it stands there; without words for unknown."""
        unknown = {one for one in set(self.texts) if is_unknown(one)}
        return Counter(folded(one) for one in self.texts if one not in unknown)

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The texts that state something."""
        silent = {one for one in set(self.texts) if is_unknown(one) or perhaps_nothing(one)}
        return tuple(one for one in self.texts if one not in silent)

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """All ways of writing days that fit every text."""
        fitting = FORMATS
        for text in dict.fromkeys(self.stated):
            fitting = tuple(one for one in fitting if _fits(text, one))
        return fitting if self.stated else ()

    @cached_property
    def almost_days(self) -> tuple[int, ...] | None:
        """The rows that are no days where nearly all others are; None where the column holds no days."""
        if not self.stated or self.formats:
            return () if self.is_days else None
        no_days = {one for one in set(self.stated) if not _is_day(one)}
        strange = [number for number, text in zip(self.rows, self.texts, strict=True) if text in no_days]
        return tuple(strange) if len(strange) * 5 <= len(self.stated) + self.days else None

    @property
    def is_days(self) -> bool:
        """Whether everything in it is a day."""
        return bool(self.formats or self.days) and (bool(self.formats) or not self.stated)

    @property
    def is_empty(self) -> bool:
        return not self.stated and not self.days

    @cached_property
    def is_numbers(self) -> bool:
        return bool(self.stated) and all(_is_number(one) for one in self.stated)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """The first spelling of each folded word."""
        found: dict[str, str] = {}
        for one in self.texts:
            found.setdefault(folded(one), one)
        return found

    @cached_property
    def may_be_told(self) -> frozenset[str]:
        """The words that look like codes: short, few, and each of several patients. None of a column about
        persons, and none where it is not known whom the rows are about.
        """
        if is_private(self.name) or self.is_days or len(self.counts) > _most_words:
            return frozenset()
        of_patients = Counter(
            word for word, _ in {(folded(t), one) for t, one in zip(self.texts, self.whose, strict=False)}
        )
        return frozenset(
            word
            for word in self.counts
            if of_patients[word] >= _several and _looks_like_code(self.spellings[word])
        )


def _looks_like_code(word: str) -> bool:
    return len(word) <= _longest_word and len(word.split()) <= 4 and not _identifying.search(word)


def _fits(text: str, pattern: str) -> bool:
    try:
        read_day(text, (pattern,), _any_century)
    except ValueFault:
        return False
    return True


def _is_day(text: str) -> bool:
    return (
        len(text) <= 30
        and any(one.isdigit() for one in text)
        and any(_fits(text, pattern) for pattern in FORMATS)
    )


@dataclass(frozen=True)
class TableLook:
    """A table with its columns; `layout` says how it was opened."""

    file: str
    layout: Layout
    columns: tuple[ColumnLook, ...]
    patient: str | None
    rows: int
    cells: tuple[dict[str, Cell], ...] = field(repr=False)

    @property
    def name(self) -> str:
        return self.layout.sheet or Path(self.file).stem


class Looked(NamedTuple):
    """The tables of a file or a folder, and what was no table, each with why."""

    tables: tuple[TableLook, ...]
    passed_over: tuple[str, ...] = ()


def look(place: Path) -> Looked:
    """Every table of a file or a folder. Raises BrokenFile where there is none."""
    tables: list[TableLook] = []
    passed_over: list[str] = []
    for file in _files(place):
        for layout in _layouts(file):
            try:
                tables += _table(file, layout)
            except BrokenFile as broken:
                passed_over.append(f"{layout.sheet or file.name}: {broken.problem.message}")
    if not tables:
        raise BrokenFile(None, "; ".join(passed_over) or "there is no table with a header and a row below it")
    return Looked(tuple(tables), tuple(passed_over))


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    return sorted(one for one in place.iterdir() if one.suffix.lower() in table_endings)


def _table(file: Path, layout: Layout) -> list[TableLook]:
    """The table as it is laid out, none where it holds nothing. Raises BrokenFile."""
    sheet = read_table(file, layout)
    rows = list(sheet.rows)
    columns = [name for name in sheet.columns if name]
    if not rows or not columns:
        return []
    if any(_is_number(one) or _is_day(one) for one in columns):
        raise BrokenFile(1, "the first row holds numbers or days: put the names of the columns there")
    cells = tuple(one.cells for one in rows)
    patient = _patient(columns, cells)
    looks = tuple(_column(name, rows, patient) for name in columns)
    return [TableLook(file.name, layout, looks, patient, len(rows), cells)]


def _patient(columns: Sequence[str], rows: Sequence[dict[str, Cell]]) -> str | None:
    """The column that names the patient, by its head; `Nr` and `ID` only where no other does."""
    named = [one for one in columns if names_patient(one) and all(cell_text(row.get(one)) for row in rows)]
    return min(named, key=lambda one: len(spoken(one)) <= 2, default=None)


def _column(name: str, rows: Sequence[Row], patient: str | None) -> ColumnLook:
    texts = [
        (text, row.number, cell_text(row.cells.get(patient or "")))
        for row in rows
        if not isinstance(cell := row.cells.get(name), date) and (text := cell_text(cell))
    ]
    days = sum(isinstance(row.cells.get(name), date) for row in rows)
    said, numbers, whose = zip(*texts, strict=True) if texts else ((), (), ())
    return ColumnLook(name, said, days, numbers, whose if patient else ())


def _layouts(file: Path) -> Iterator[Layout]:
    if file.suffix.lower() == ".xlsx":
        yield from (Layout(needed=(), sheet=name) for name in shown_sheets(file))
        return
    try:
        with file.open("rb") as opened:
            data = opened.read(largest_table)
    except OSError as error:
        raise BrokenFile(None, f"the file cannot be read: {error.strerror}") from None
    encoding = _encoding(data)
    first = data.decode(encoding, "replace").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    yield Layout(needed=(), delimiter=delimiter, encoding=encoding)


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
