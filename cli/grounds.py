"""What an answer rests on, for a person: what is missing, how to supply it, and the entries looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text

from cli.clause_words import supplied_by
from engine.event import Event
from interop.event_words import content, datum_words, type_words


def grounds(
    missing: Iterable[str], because: Iterable[str], events: Mapping[str, Event], patient: str
) -> Table:
    """A row for each missing value with the command that supplies it, then one for each entry."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column()
    for name in missing:
        rows.add_row(Text("missing", "yellow"), Text(datum_words(name, events), "yellow"))
        if command := supplied_by(patient, name, events):
            rows.add_row("once known", command)
    for id in because:
        if id in events:
            event = events[id]
            what = Text(f"{event.day}  {type_words(event)}: {content(event)}")
            what.no_wrap, what.overflow = True, "ellipsis"
            rows.add_row(id, what)
    return rows
