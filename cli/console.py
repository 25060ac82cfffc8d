"""Tables and styles for people. Imported only where something is shown to a person: Rich takes its time."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WORD_STYLES = {
    "overdue": "bold red",
    "escalated": "bold red",
    "critical": "bold red",
    "major": "red",
    "minor": "yellow",
    "open": "yellow",
    "data": "blue",
    "pass": "green",
    "met": "green",
    "allowed": "green",
    "fail": "red",
    "not_met": "red",
    "blocked": "red",
    "unknown": "yellow",
    "undetermined": "yellow",
}
"""Colour never stands alone: it only repeats what the word says."""


def console() -> Console:
    """Standard output for people. Where it is not a terminal it is as wide as a wide one, without colours."""
    return Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else _width())


def _width() -> int:
    from shutil import get_terminal_size

    return max(100, get_terminal_size((100, 24)).columns)


def table(*columns: str, title: str | None = None) -> Table:
    """A table with light lines; the last column takes what room is left."""
    made = Table(
        box=box.SIMPLE_HEAD,
        title=title,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
        padding=(0, 1),
    )
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def word(text: str) -> Text:
    """A code such as a status, in words and in its colour."""
    return Text(text.replace("_", " "), style=WORD_STYLES.get(text, ""))
