"""What would open a step, for a person: the sets, smallest first, each with who can provide it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engine.unblock import Opening, Unblocking
from interop.openings import held_titles, nothing, what
from store.patient_view import PatientView

NOTE: Final = (
    "Each set was tried out: it opens the step once all of it has come true. Who can provide it is "
    "carepath's own list, not from the sources."
)


def openings(found: Unblocking, view: PatientView) -> RenderableType:
    """The part of the page."""
    return Group(Text("What would open it", "bold"), *_parts(found, view))


def _parts(found: Unblocking, view: PatientView) -> Iterator[RenderableType]:
    if not found.openings:
        yield _sentence(f"{nothing(found, view)}.")
        return
    if found.held:
        yield _sentence(f"{_held(found)}: {'; '.join(held_titles(found, view))}.")
    for number, one in enumerate(found.openings):
        head = _head(one, view)
        yield _sentence(f"or {head}" if number else head, "italic")
        if one.remedies:
            yield _rows(one, view)
    if not found.complete:
        yield _sentence("there may be other ways.", "dim")
    yield _sentence(NOTE, "dim")


def _sentence(text: str, style: str = "") -> RenderableType:
    return Padding(Text(text[0].upper() + text[1:], style), (0, 0, 0, 1), expand=False)


def _held(found: Unblocking) -> str:
    departs = any(one.overrules for one in found.openings)
    if departs:
        return "no way without a departure from the guideline was found; held by"
    return "held today, whatever is done, by"


def _head(one: Opening, view: PatientView) -> str:
    if not one.remedies:
        return f"by itself on {one.on}"
    now = "on that day, with" if view.day_zero else "today, with"
    when = now if one.on == view.snapshot.as_of else f"not before {one.on}, with"
    return f"{when} a departure that stays visible:" if one.overrules else when


def _rows(opening: Opening, view: PatientView) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column()
    rows.add_column(style="dim")
    for one in opening.remedies:
        later = one.entry.day > view.snapshot.as_of
        asked = "find out: " if one.kind == "find_out" else ""
        rows.add_row(f"   {f'from {one.entry.day}' if later else 'now'}", asked + what(one, view), one.who)
    return rows
