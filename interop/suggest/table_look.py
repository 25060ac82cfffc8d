"""A table as it is looked at before anybody has said what it means: its columns, and what stands in them.

What is told of a cell later is a word only where it is known, or stands often and is short: never a name, a
number of a patient or a text.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from interop.cells import Cell
from interop.day_formats import read_day
from interop.located import BrokenFile
from interop.mapped_cells import cell_text
from interop.mapped_tables import table_endings
from interop.mapping import folded
from interop.sheets import Layout, Row, first_rows, largest_table, read_table, shown_sheets
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

_delimiters: Final = ",;\t|"
_any_century: Final = 1930
_samples: Final = 20
_first_rows: Final = 10
"""In which of the first rows the header is looked for."""
_several: Final = 3
_longest_word: Final = 30
_most_words: Final = 25
_identifying = re.compile(r"[0-9]{4,}|[@,]|\b(dr|prof|frau|herr|mrs|mr)\b", re.IGNORECASE)
_is_number = re.compile(r"-?[0-9]+([.,][0-9]+)?").fullmatch


class Written(NamedTuple):
    """How the days of a column are written, and the texts that are none."""

    formats: tuple[str, ...]
    strange: Collection[str]


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
    repeats: tuple[str, ...] = ()
    """What stands for `{n}` in the name: several columns that differ by a number, looked at as one."""

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
    def written(self) -> Written:
        """The ways of writing days that read most of a column in which not all is a day."""
        texts = set(self.stated)
        if sum(_may_be_day(one) for one in texts) * 2 < len(texts):
            return Written((), texts)
        return _written(texts)

    @property
    def is_days(self) -> bool:
        """Whether everything in it is a day."""
        return bool(self.formats or self.days) and (bool(self.formats) or not self.stated)

    def share_of_days(self) -> float:
        """How much of what is stated is a day."""
        if self.is_days:
            return 1
        stated = len(self.stated) + self.days
        return 0 if not stated else 1 - len(self.rows_of(self.written.strange)) / stated

    def rows_of(self, strange: Collection[str]) -> tuple[int, ...]:
        """The rows in which one of these texts stands."""
        return tuple(row for row, one in zip(self.rows, self.texts, strict=True) if one in strange)

    @cached_property
    def no_numbers(self) -> frozenset[str]:
        """The texts that state something and no number."""
        return frozenset(one for one in self.stated if not _is_number(one))

    @property
    def is_empty(self) -> bool:
        return not self.stated and not self.days

    @cached_property
    def is_numbers(self) -> bool:
        return bool(self.stated) and not self.no_numbers

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
    return _may_be_day(text) and any(_fits(text, pattern) for pattern in FORMATS)


def _may_be_day(text: str) -> bool:
    return len(text) <= 30 and any(one.isdigit() for one in text)


def _written(texts: Collection[str]) -> Written:
    """The ways of writing days that fit most, then those that fit most of the rest.

    Ways that fit equally many stand beside one another: which is meant is not guessed. Among days of which
    the year is known, one with two digits for it is none.
    """
    fitting = {way: {one for one in texts if _may_be_day(one) and _fits(one, way)} for way in _tried(texts)}
    ways: list[str] = []
    left = set(texts)
    while best := max((len(fits & left) for fits in fitting.values()), default=0):
        found = [way for way, fits in fitting.items() if len(fits & left) == best]
        ways += found
        left -= set().union(*(fitting[way] for way in found))
        fitting = {way: fits for way, fits in fitting.items() if "YYYY" in way}
    return Written(tuple(ways), frozenset(left))


def _tried(texts: Collection[str]) -> list[str]:
    """Ways of writing days that fit a text of each shape: digits, letters and signs in the same places."""
    shapes: dict[str, list[str]] = {}
    for one in filter(_may_be_day, texts):
        shapes.setdefault(re.sub(r"[^\W\d_]+", "a", re.sub("[0-9]", "9", one)), []).append(one)
    samples = [one for found in shapes.values() for one in found[:_samples]]
    return [way for way in FORMATS if any(_fits(one, way) for one in samples)]


@dataclass(frozen=True)
class TableLook:
    """A table with its columns; `layout` says how it was opened."""

    file: str
    layout: Layout
    columns: tuple[ColumnLook, ...]
    patient: str | None
    rows: int
    cells: tuple[dict[str, Cell], ...] = field(repr=False)
    nameless: tuple[int, ...] = ()
    """The rows in which nobody is named."""

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
    top = first_rows(file, layout, _first_rows)
    layout = layout._replace(header_row=_header_row(top))
    sheet = read_table(file, layout)
    rows = list(sheet.rows)
    columns = [name for name in sheet.columns if name]
    if not rows or not columns:
        return []
    if any(_is_number(one) or _is_day(one) for one in columns):
        raise BrokenFile(1, "the first row holds numbers or days: put the names of the columns there")
    if len(columns) == 1 and max(map(_filled, top)) > 1:
        told = "the first row has one cell, like a title: put the names of the columns there"
        raise BrokenFile(1, f"{told}, one of them for the patient")
    cells = tuple(one.cells for one in rows)
    patient = _patient(columns, cells)
    looks = tuple(_column(name, rows, patient) for name in columns)
    nameless = tuple(one.number for one in rows if patient and not cell_text(one.cells.get(patient)))
    return [TableLook(file.name, layout, looks, patient, len(rows), cells, nameless)]


def _header_row(rows: Sequence[Sequence[str]]) -> int:
    """The row that names the columns: the first in which one names the patient, else the first of all."""
    heads = (number for number, cells in enumerate(rows, start=1) if _is_header(cells))
    return next(heads, 1)


def _is_header(cells: Sequence[str]) -> bool:
    named = [one for one in cells if one]
    return (
        len(named) > 1
        and any(map(names_patient, named))
        and not any(_is_number(one) or _is_day(one) for one in named)
    )


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _patient(columns: Sequence[str], rows: Sequence[dict[str, Cell]]) -> str | None:
    """The column that names the patient, by its head, in most rows; `Nr` and `ID` where no other does."""
    named = {one: sum(1 for row in rows if cell_text(row.get(one))) for one in columns if names_patient(one)}
    fit = [one for one, filled in named.items() if filled * 2 > len(rows)]
    return min(fit, key=lambda one: (len(spoken(one)) <= 2, -named[one]), default=None)


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
    lines = list(islice(io.StringIO(data.decode(encoding, "replace")), _first_rows))
    delimiter = max(_delimiters, key=lambda one: _regular(line.count(one) for line in lines))
    yield Layout(needed=(), delimiter=delimiter, encoding=encoding)


def _regular(counts: Iterable[int]) -> tuple[int, int]:
    """How many lines have equally many of a sign, and how many: delimiters are regular, texts are not."""
    found = Counter(one for one in counts if one)
    return max(((lines, count) for count, lines in found.items()), default=(0, 0))


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
