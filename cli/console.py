"""Tables and styles for people. Imported only where something is shown to a person: Rich takes its time."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Literal

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pathways.day_zero import in_days

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


class _Output(Console):
    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Days that are counted from a day zero are told so, wherever they stand (decision 0013)."""
        if isinstance(renderable, str):
            renderable = in_days(renderable)
        elif isinstance(renderable, Text) and in_days(renderable.plain) != renderable.plain:
            renderable = _counted(renderable)
        return super().render(renderable, options)

    def on_broken_pipe(self) -> None:
        """Leave it to the guard of all commands; Rich would end the program by itself."""
        raise BrokenPipeError


def _counted(text: Text) -> Text:
    """The text with its counted days told so, each in the style of its place."""
    told = text.blank_copy()
    for line in text.split("\n", include_separator=True):
        for word in line.split(" ", include_separator=True):
            said = in_days(word.plain)
            if said != word.plain:
                style = word.spans[0].style if word.spans else word.style
                word = Text(said, style)  # the same word, told otherwise
            told.append_text(word)
    return told


def console() -> Console:
    """Standard output for people. Where it is not a terminal it is as wide as a wide one, without colours."""
    return _Output(
        file=sys.stdout,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if sys.stdout.isatty() else _width(),
    )


def _width() -> int:
    from shutil import get_terminal_size

    return max(100, get_terminal_size((100, 24)).columns)


def table(*columns: str) -> Table:
    """A table with one light line under its head. Where room is short, text is folded, codes are not."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        made.add_column(name, overflow="fold", no_wrap=name in _WHOLE, justify=_side(name))
    return made


_WHOLE = frozenset(
    (
        "Code",
        "Date",
        "Day",
        "Due",
        "Guard",
        "Id",
        "Patient",
        "Setting",
        "Severity",
        "State",
        "Status",
        "Step",
        "Timer",
        "",
    )
)
"""Columns whose cells are read at a glance, or copied."""


_NUMBERS = frozenset(
    (
        "Clauses",
        "Deviations",
        "Displays",
        "Guards",
        "No.",
        "Not reviewed here",
        "Profiles",
        "Statements",
        "States",
        "Steps",
        "Timers",
    )
)


def _side(column: str) -> Literal["left", "right"]:
    return "right" if column in _NUMBERS else "left"


def heading(text: str, beside: str = "") -> Rule:
    """A title with a line after it; `beside` stands next to it, less loud."""
    title = Text(text, "bold")
    return Rule(title.append(f"  {beside}", "dim not bold") if beside else title, align="left", style="dim")


def word(text: str) -> Text:
    """A code such as a status, in words and in its colour."""
    return Text(text.replace("_", " "), style=WORD_STYLES.get(text, ""))
