"""Why a patient is or is not enrolled in a pathway, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.console import console, heading
from cli.grounds import grounds
from cli.stands_on import stands_on
from engine.enrolled import Enrolled, WayIn
from engine.event import Event
from engine.snapshot import Snapshot
from interop.companions import since_words
from pathways.titles import state_title
from store.patient_view import PatientView

_WORDS = {True: Text("yes", "green"), False: Text("no"), None: Text("unknown", "yellow")}


def show_enrolment(
    view: PatientView, title: str, part: Snapshot, since: Enrolled | None, ways: Sequence[WayIn]
) -> None:
    """Print the page."""
    console().print(Group(*_page(view, title, part, since, ways)))


def _page(
    view: PatientView, title: str, part: Snapshot, since: Enrolled | None, ways: Sequence[WayIn]
) -> Iterator[RenderableType]:
    events = {event.id: event for event in view.dossier.entries}
    yield heading(f"{view.reference}: {title}", part.key)
    yield Text(stands_on(view), "dim")
    if since:
        yield Text("Enrolled", "bold").append(f": {since_words(since, events)}", "not bold")
    else:
        yield Text("Not enrolled", "bold").append(": nothing is due here, and nothing departs from here")
    yield Text(f"State: {state_title(part.state, part.key)}")
    if ways:
        yield Text("\nA patient is enrolled once one of these was recorded", "bold")
        yield _ways(ways, events, view.reference)


def _ways(ways: Sequence[WayIn], events: Mapping[str, Event], patient: str) -> RenderableType:
    """Each way in with its answer, what is missing for it and the entries it rests on."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    for way in ways:
        seen = way.because if way.open is True else ()
        below = grounds(way.missing, seen, events, patient)
        rows.add_row(_WORDS[way.open], Group(Text(way.text), Padding(below, (0, 0, 0, 2))))
    return rows
