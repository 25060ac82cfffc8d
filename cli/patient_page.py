"""The page of one patient for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.answer_view import parts, state_line
from cli.companion_view import companion_lines
from cli.console import console, heading, table, word
from cli.days import plural
from cli.evidence_view import in_brief, signed_line
from cli.stands_on import stands_on
from cli.work_page import ended_lines, work_lines
from coordination.patient_work import Ended, OfPatient, course_of
from coordination.progress import Held
from engine.answer import Json
from engine.profiles import concerns
from engine.snapshot import Move, PatientSnapshot, Snapshot
from interop.became import became, facts_remarks
from interop.beside import Beside, statements_behind
from interop.event_words import content, documented, facts_words, person_words, type_words, when
from interop.held import held_by_unknowns, held_words
from interop.openings import held_openings
from interop.patient_json import full_answer
from interop.side_by_side import is_definition
from pathways.intended_use import IN_SHORT
from pathways.settings import DEFAULT_SETTINGS
from pathways.titles import state_title
from store.ledger import Line
from store.move import MOVE
from store.origins import moved_here
from store.patient_view import PatientView


def show_patient(view: PatientView, beside: Beside, found: OfPatient | Ended | None) -> None:
    """Print the page; `found` is what the desk knows of the patient, on the page of today."""
    console().print(Group(*_page(view, beside, found)))


def _page(view: PatientView, beside: Beside, found: OfPatient | Ended | None) -> Iterator[RenderableType]:
    given = full_answer(view)
    snapshot = view.snapshot
    yield heading(view.reference, person_words(view.dossier.facts_in_force, _last_day(view)))
    yield Text(stands_on(view), "dim")
    yield Text()
    yield state_line(given).append(_days(snapshot, course_of(view).held))
    yield from _held(view)
    if isinstance(found, Ended):
        yield from ended_lines(found)
    elif found:
        yield from work_lines(found, snapshot.as_of)
    yield Text()
    yield companion_lines(view)
    offered = beside.offered(snapshot)
    for part in (
        *parts(given, {event.id: event for event in view.dossier.entries}, held_openings(view)),
        *([in_brief(view, beside)] if offered else []),
        _profiles(given, snapshot.main),
        _trail(snapshot.main.trail),
        _story(view),
    ):
        yield Text()
        yield part
    yield Text()
    yield signed_line(beside, statements_behind(snapshot, offered))
    yield Text(IN_SHORT, "dim")


def _days(snapshot: PatientSnapshot, held: Held) -> str:
    """How long the patient has been in the state, with and without the days on which notices were paused."""
    since, today = snapshot.main.entered_on, snapshot.as_of
    if since is None:
        return ""
    days, paused = (today - since).days, held.paused_days(since, today)
    without = f", {days - paused} without the pause" if paused else ""
    return f" ({plural(days, 'day')}{without})"


def _last_day(view: PatientView) -> date:
    """The day on which the age is told: nobody grows older once dead."""
    main = view.snapshot.main
    ended = {state.id for state in view.enrolled[0].pathway.states if state.final}
    return main.entered_on if main.state in ended and main.entered_on else view.snapshot.as_of


def _held(view: PatientView) -> Iterator[RenderableType]:
    """What keeps the patient in this state only because it is not known."""
    events = {event.id: event for event in view.dossier.entries}
    for held in held_by_unknowns(view):
        line = Text("Held here because: ", "yellow").append(held_words(held, events), "default")
        if held.step:
            line.append(f"  carepath why {view.reference} {held.step}", "dim")
        yield line


def _profiles(given: Json, main: Snapshot) -> RenderableType:
    """Which definitions are met, and after them who is selected for a treatment, which asks for more."""
    asked = {name: result for name, result in given["profiles"].items() if concerns(name, main)}
    parts = (
        ("Definitions of oligometastatic disease", {n: r for n, r in asked.items() if is_definition(n)}),
        ("Selection for a treatment", {n: r for n, r in asked.items() if not is_definition(n)}),
    )
    return Group(*(line for title, found in parts for line in (Text(title, "bold"), _by_result(found))))


def _by_result(results: Mapping[str, str]) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    for result in ("met", "undetermined", "not_met"):
        if names := [name for name, found in results.items() if found == result]:
            rows.add_row(" ", word(result), ", ".join(names))
    return rows


def _trail(moves: tuple[Move, ...]) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    for move in moves:
        state = Text(state_title(move.target))
        if move.off_pathway:
            state.append("  off pathway", "red")
        if move.against:
            state.append(f"  against {', '.join(move.against)}", "red")
        rows.add_row(" ", str(move.on), move.event or "time", state)
    return Group(Text("How the patient came here", "bold"), rows)


def _story(view: PatientView) -> RenderableType:
    made = table("Day", "Entry", "What", "Said")
    story, known = view.dossier.story, facts_words(view.dossier.facts_in_force)
    if known:
        made.add_row("", "", "from the beginning", _with_remarks(Text(known), facts_remarks(story)))
    moved = {str(line.event_id) for line in view.lines if line.source == MOVE}
    come = {str(line.event_id): told for line in view.lines if (told := moved_here(line))}
    for one in became(story, view.snapshot.known_at, moved, come):
        event, style = one.event, "dim" if one.taken_back else ""
        said = Text(content(event), style)
        if later := documented(event):
            said.append(f"  ({later})", "dim")
        what = Text(type_words(event), style)
        made.add_row(str(event.day), event.id, what, _with_remarks(said, one.remarks))
    return Group(Text("What was recorded", "bold"), made, *_recorders(view), _followed_by(view))


def _with_remarks(said: Text, remarks: Sequence[str]) -> Text:
    """What an entry says, and under it what became of it."""
    for remark in remarks:
        said.append("\n" if said.plain else "").append(remark, "yellow")
    return said


def _followed_by(view: PatientView) -> Text:
    """The pathways the patient is enrolled in, and the settings that are not the usual ones."""
    main, *companions = view.snapshot.pathways
    told = f"Followed by {main.pathway.id} {main.pathway.version}"
    if companions:
        told += f" and {plural(len(companions), 'companion')}"
    chosen = [
        f"{name}={value}" for name, value in view.snapshot.settings.items() if value != DEFAULT_SETTINGS[name]
    ]
    return Text(f"{told}{', with ' if chosen else ''}{', '.join(chosen)}", "dim")


def _recorders(view: PatientView) -> Iterator[Text]:
    """Who said it, from where and when, one line for each time somebody did."""
    told = Counter(_recorded(line, view) for line in view.lines if line.kind == "event")
    for text, number in told.items():
        yield Text(f"{'1 entry' if number == 1 else f'{number} entries'} {text}", "dim")


def _recorded(line: Line, view: PatientView) -> str:
    """When, by whom and from where; of what a merge lends also since when it is here."""
    first = view.first_recorded.get(str(line.event_id))
    told = f"recorded {when(first or line.recorded_there)} by {line.recorder}, {line.source}"
    return f"{told}; part of this record since {when(line.recorded_there)}" if first else told
