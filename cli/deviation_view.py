"""Departures from the guideline for a person: each in a row, and below it in full width what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_GAP = 2


@dataclass(frozen=True, slots=True)
class Told:
    """One departure: the cells of its row, the last of which may wrap, and the lines below it."""

    cells: Sequence[str | Text]
    below: Sequence[Text]


def deviation_list(columns: Sequence[str], rows: Sequence[Told]) -> RenderableType:
    """All of them under one head; cells but the last are never broken, nor is a code or an id below."""
    cells = [columns, *(row.cells for row in rows)]
    widths = [max(cell_len(str(one[place])) for one in cells) for place in range(len(columns) - 1)]
    return Group(*_lines(columns, rows, widths))


def _lines(columns: Sequence[str], rows: Sequence[Told], widths: Sequence[int]) -> Iterator[RenderableType]:
    yield _row([Text(name, "bold") for name in columns], widths)
    yield Rule(style="default")
    for row in rows:
        yield _row(row.cells, widths)
        for line in row.below:
            if line:
                yield Padding(line, (0, 0, 0, widths[0] + _GAP), expand=False)


def _row(cells: Sequence[str | Text], widths: Sequence[int]) -> Table:
    row = Table.grid(padding=(0, _GAP, 0, 0))
    for width in widths:
        row.add_column(width=width, no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(*cells)
    return row
