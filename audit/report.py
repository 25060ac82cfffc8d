"""The report on deviations as tables, in any form; what leaves the house tells no small numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

from audit.cohort import Cohort, Kind, Month
from audit.definitions import COHORT, DEFINITIONS
from audit.disclosure import is_small, parts_hidden, rate_hidden
from audit.measures import Duty

Cell = str | int | float | None
BACK: Final = "kept back"
"""Stands for a number from which a small one could be worked out."""
SHARES: Final = ("rate", "running share")
"""The columns that hold shares."""
NAMES: Final = ("Patient", "By", "Code")
"""The columns that name somebody or something: they are told as they are."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet takes for a formula."""


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the report; the first column names each row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`told` says of whom, of when and for whom it is; numbers below `smallest` are kept back (0: none)."""

    told: tuple[str, ...]
    tables: tuple[Table, ...]
    smallest: int


@dataclass(frozen=True, slots=True)
class Found:
    """The figures that a report tells."""

    cohort: Cohort
    kinds: Sequence[Kind]
    months: Sequence[Month]
    duties: Sequence[Duty]


def report(found: Found, told: Sequence[str], smallest: int = 0, more: Sequence[Table] = ()) -> Report:
    """The report; `more` are tables for the house alone."""
    tables = (
        _rates(found.cohort, smallest),
        _kinds(found.kinds, smallest),
        _months(found.months, smallest),
        _duties(found.duties, smallest),
        *(() if smallest else more),
        _definitions(),
    )
    return Report(tuple(told), tables, smallest)


def _rates(of: Cohort, smallest: int) -> Table:
    hidden = nested_hidden(of, smallest)
    rows: list[tuple[Cell, ...]] = []
    for one in of.rates:
        back = one.key in hidden or rate_hidden(one.n, one.of, smallest)
        unjudged = _number(one.unjudged, smallest)
        n, share = (_back(one.n, smallest), None) if back else (one.n, one.share)
        rows.append((DEFINITIONS[one.key].name, n, one.of, share, unjudged))
    whole = (of.judged, of.unjudged, of.not_yet)
    if not parts_hidden(whole, smallest):
        rows.append(("Patients", of.patients, None, None, None))
    return Table("Figures", ("Measure", "n", "of", "rate", "not judged"), tuple(rows), COHORT)


def nested_hidden(of: Cohort, smallest: int) -> frozenset[str]:
    """Which of the rates that are parts of one another are kept back: those at the edge of a small part,
    which subtraction would tell.
    """
    number = {one.key: one.n for one in of.rates}
    edges = ("critical", "grave", "any")
    upto = [number.get(key, 0) for key in edges]
    parts = [upto[0], upto[1] - upto[0], upto[2] - upto[1], of.judged - upto[2]]
    hidden = parts_hidden(parts, smallest)
    return frozenset(key for place, key in enumerate(edges) if hidden & {place, place + 1})


def _kinds(kinds: Sequence[Kind], smallest: int) -> Table:
    hidden = parts_hidden([one.n for one in kinds], smallest)
    rows = tuple(
        (
            one.title,
            one.code,
            _back(one.n, smallest) if place in hidden else one.n,
            None if hidden else one.upto,
        )
        for place, one in enumerate(kinds)
    )
    return Table("By kind", ("Rule", "Code", "n", "running share"), rows)


def _months(months: Sequence[Month], smallest: int) -> Table:
    rows = []
    for one in months:
        back = rate_hidden(one.n, one.of, smallest)
        of = _number(one.of, smallest)
        n, share = (_back(one.n, smallest), None) if back else (one.n, one.share)
        rows.append((f"{one.first:%Y-%m}", n, of, share))
    return Table("By month", ("Month", "n", "of", "rate"), tuple(rows))


def _duties(duties: Sequence[Duty], smallest: int) -> Table:
    columns = ("Duty", "in time", "of due", "rate", "late", "not done", "days to close", "within 30 d")
    return Table("Duties done in time", columns, tuple(_duty(one, smallest) for one in duties))


def _duty(one: Duty, smallest: int) -> tuple[Cell, ...]:
    parts = (one.in_time, len(one.late), one.undone)
    hidden = parts_hidden(parts, smallest)
    in_time, late, undone = (_back(n, smallest) if place in hidden else n for place, n in enumerate(parts))
    rate = None if hidden else one.in_time / one.due
    few = 1 in hidden or rate_hidden(one.closed_soon, len(one.late), smallest)
    closing = (None, None) if few else (one.to_close, one.closed_soon)
    return (one.title, in_time, _number(one.due, smallest), rate, late, undone, *closing)


def _definitions() -> Table:
    columns = ("Figure", "Counted", "Of", "Not judged")
    return Table("Definitions", columns, tuple(tuple(one) for one in DEFINITIONS.values()))


def _number(n: int | None, smallest: int) -> Cell:
    return _back(n, smallest) if is_small(n, smallest) else n


def _back(n: int | None, smallest: int) -> str:
    return f"< {smallest}" if is_small(n, smallest) else BACK


def as_csv(made: Report) -> str:
    """Every cell in a row of its own: part, row, column, value; so that a program can read it."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("part", "row", "column", "value"))
    writer.writerows(("about", "", "", plain(one)) for one in made.told)
    for table in made.tables:
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                writer.writerow((table.title, plain(row[0]), column, plain(_rounded(cell))))
    return file.getvalue()


def plain(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _rounded(cell: Cell) -> Cell:
    return round(cell, 4) if isinstance(cell, float) else cell


def as_workbook(made: Report, say: Callable[[str], str] = str) -> bytes:
    """A sheet for each table; the first tells what it is about. `say` tells words in a language."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    about = book.active
    assert about is not None, "a new workbook has a sheet"
    about.title = say("About")
    for line in made.told:
        about.append([say(line)])
    for table in made.tables:
        sheet = book.create_sheet(say(table.title)[:31])
        for row in _sheet(table, say):
            sheet.append([_clean(cell) for cell in row])
            for place, cell in enumerate(sheet[sheet.max_row]):
                if cell.data_type == "f":  # what looks like a formula is text
                    cell.data_type = "s"
                if table.columns[place] in SHARES and isinstance(cell.value, float):
                    cell.number_format = "0.0 %"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(table: Table, say: Callable[[str], str]) -> Iterator[Sequence[Cell]]:
    yield [say(column) for column in table.columns]
    for row in table.rows:
        yield [
            say(cell) if isinstance(cell, str) and column not in NAMES else cell
            for column, cell in zip(table.columns, row, strict=True)
        ]
    if table.note:
        yield ()
        yield (say(table.note),)


def _clean(cell: Cell) -> Cell:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell
