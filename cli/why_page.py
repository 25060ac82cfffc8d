"""The reasons for or against a step, for a person: first what holds it back, with events and statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from cli.console import console, word
from cli.event_words import content, when
from cli.titles import state_title
from cli.why import Reasons, statements
from engine.event import Event
from engine.snapshot import ClauseVerdict, GuardVerdict
from store.patient_view import PatientView

OPEN = ("fail", "unknown")


def show_reasons(view: PatientView, reasons: Reasons, *, full: bool) -> None:
    """Print the page; `full` also tells events and statements of what passes."""
    console().print(Group(*_page(view, reasons, full)))


def _page(view: PatientView, reasons: Reasons, full: bool) -> Iterator[RenderableType]:
    snapshot = view.snapshot
    yield Rule(Text(f"{view.reference}: {reasons.title} ({reasons.name})", "bold"), align="left")
    yield Text(f"On {snapshot.as_of}, by what was recorded by {when(snapshot.known_at)}", "dim")
    yield Text(f"State: {state_title(snapshot.main.state)}")
    if reasons.verdict:
        yield Text("Verdict: ").append_text(word(reasons.verdict)).append(_because(reasons))
    if not reasons.guards:
        yield Text("No condition is attached to this step.")
    events = {event.id: event for event in view.dossier.entries}
    for number, guard in enumerate(sorted(reasons.guards, key=_weight)):
        if number == 0 or full or guard.result in OPEN:
            yield Text()
        yield _heading(guard)
        for clause in guard.clauses:
            told = full or (clause.result in OPEN and guard.result in OPEN)
            yield Padding(_clause(clause, events, full) if told else _brief(clause), (0, 0, 0, 2))
    if not full and reasons.guards:
        yield Text("\n--full tells the events and statements behind every condition.", "dim")


def _because(reasons: Reasons) -> str:
    if reasons.verdict == "not offered":
        states = "; ".join(state_title(state) for state in reasons.offered_in)
        return f" in this state. It is offered in: {states}." if states else " now"
    held = [one.title for one in reasons.guards if one.force == "hard" and one.result in OPEN]
    return f" by: {'; '.join(held)}" if held else ""


def _weight(guard: GuardVerdict) -> tuple[int, int]:
    """What blocks comes first, what is lifted last."""
    results = (*OPEN, "pass")
    rank = results.index(guard.result) if guard.result in results else len(results)
    return (0 if rank < len(OPEN) and guard.force == "hard" else 1, rank)


def _heading(guard: GuardVerdict) -> Text:
    text = word(guard.result).append(f"  {guard.title}", "default bold")
    return text.append(f"  {guard.guard}, {_FORCES[guard.force]}", "default dim not bold")


_FORCES = {"hard": "blocks", "soft": "warns", "preference": "remarks", "info": "for information"}


def _brief(clause: ClauseVerdict) -> RenderableType:
    text = word(clause.result).append(f"  {clause.text}", "default")
    return text.append(f"  {', '.join(clause.because)}", "default dim") if clause.because else text


most_statements = 3


def _clause(clause: ClauseVerdict, events: Mapping[str, Event], full: bool) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column()
    for name in clause.missing:
        rows.add_row(Text("missing", "yellow"), Text(name, "yellow"))
    for id in clause.because:
        if id in events:
            event = events[id]
            what = Text(f"{event.day}  {event.type.replace('_', ' ')}: {content(event)}")
            what.no_wrap, what.overflow = True, "ellipsis"
            rows.add_row(id, what)
    told = list(statements(clause.statements))
    for one in told if full else told[:most_statements]:
        rows.add_row("source", Text(one.statement).append(f"  {one.grade_text}; {one.id}", "dim"))
    if not full and len(told) > most_statements:
        rows.add_row("", Text(f"and {len(told) - most_statements} more statements", "dim"))
    head = word(clause.result).append(f"  {clause.text}", "default")
    return Group(head, Padding(rows, (0, 0, 0, 4)))
