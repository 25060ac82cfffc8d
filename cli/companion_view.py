"""The companions a patient is enrolled in, as lines of the patient's page."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interop.companions import companions, since_words
from store.patient_view import PatientView


def companion_lines(view: PatientView) -> RenderableType:
    """A line for each companion: where the patient stands on it, and the entry that enrolled her."""
    events = {event.id: event for event in view.dossier.entries}
    rows = Table.grid(padding=(0, 1))
    for one in companions(view):
        line = Text(f"{one.title}: ").append(one.state, "bold")
        if one.snapshot.entered_on:
            line.append(f" since {one.snapshot.entered_on}")
        if one.since.event in events:
            line.append(f"  ({since_words(one.since, events)})", "dim not bold")
        rows.add_row(" ·", line)
    title = Text("Companions", "bold").append(
        "  with the entry that enrolled the patient, where it was not so from the beginning", "dim not bold"
    )
    return Group(title, rows)
