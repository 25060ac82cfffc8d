"""The reasons for or against a step, for a person: first what holds it back, with events and statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.answer_view import left_open
from cli.clause_words import besides, missing_words, supplied_by
from cli.console import console, heading, word
from cli.open_points import touching
from cli.statement_words import GRADES_NOTE, most_statements, printed_grade, statements
from cli.titles import state_title
from cli.why import Reasons
from engine.event import Event
from engine.snapshot import ClauseVerdict, GuardVerdict, PatientSnapshot
from interop.event_words import content, when
from pathways.guidelines.statements import Statement
from store.patient_view import PatientView

OPEN = ("fail", "unknown")


def show_reasons(view: PatientView, reasons: Reasons, *, full: bool) -> None:
    """Print the page; `full` also tells events and statements of what passes."""
    console().print(Group(*_page(view, reasons, full)))


def _page(view: PatientView, reasons: Reasons, full: bool) -> Iterator[RenderableType]:
    snapshot = view.snapshot
    yield heading(f"{view.reference}: {reasons.title}", reasons.name)
    yield Text(f"On {snapshot.as_of}, by what was recorded by {when(snapshot.known_at)}", "dim")
    yield Text(f"State: {state_title(snapshot.main.state)}")
    if reasons.verdict:
        yield Text("Verdict: ").append_text(word(reasons.verdict)).append(_because(reasons))
    if not reasons.guards:
        yield Text("No condition is attached to this step.")
    events = {event.id: event for event in view.dossier.entries}
    for guard in sorted(reasons.guards, key=_weight):
        if full or guard.result in OPEN:
            yield Text()
            yield _in_full(guard, events, full, view.reference)
    if reasons.guards and not full:
        yield Text()
        yield _in_brief([guard for guard in reasons.guards if guard.result not in OPEN])
    if questions := _open_questions(snapshot, reasons):
        yield Text()
        yield left_open(questions, snapshot.settings)
    if reasons.guards:
        yield Text(f"\n{GRADES_NOTE}", "dim")
        if not full:
            yield Text("--full tells the events and statements behind every condition.", "dim")


def _open_questions(snapshot: PatientSnapshot, reasons: Reasons) -> list[str]:
    """What the sources leave open for this patient about the statements behind these conditions."""
    asked = {id for guard in reasons.guards for clause in guard.clauses for id in clause.statements}
    return touching(dict.fromkeys(text for one in snapshot.pathways for text in one.not_determined), asked)


def _in_full(guard: GuardVerdict, events: Mapping[str, Event], full: bool, patient: str) -> RenderableType:
    """A guard with every clause; those that do not pass with their events and statements."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_row(word(guard.result), Text(guard.title, "bold").append(f"  {_asks(guard)}", "dim not bold"))
    for clause in guard.clauses:
        if full or clause.result in OPEN:
            told = _clause(_condition(guard, clause), clause, events, full, patient)
            rows.add_row(word(clause.result), Padding(told, (0, 0, 0, 2)))
        else:
            brief = Text("  ").append_text(_condition(guard, clause))
            rows.add_row(word(clause.result), brief.append(f"  {_brief(clause.because)}", "dim"))
    return rows


def _in_brief(guards: Sequence[GuardVerdict]) -> RenderableType:
    """What does not hold the step back, a line for each condition."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column()
    rows.add_column(no_wrap=True)
    for guard in sorted(guards, key=_weight):
        rows.add_row(word(guard.result), Text(guard.title, "bold"), Text(_asks(guard), "dim"))
        for clause in guard.clauses:
            rows.add_row(
                word(clause.result),
                Padding(_condition(guard, clause), (0, 0, 0, 2)),
                Text(_brief(clause.because), "dim"),
            )
    return rows


def _condition(guard: GuardVerdict, clause: ClauseVerdict) -> Text:
    """A condition, and what it does if it is one that holds nothing back."""
    text = Text(clause.text)
    said = besides(guard.guard, clause.text)
    return text.append(f" ({said})", "dim") if said else text


def _asks(guard: GuardVerdict) -> str:
    return f"{guard.guard}, {_FORCES[guard.force]}"


def _because(reasons: Reasons) -> str:
    if reasons.verdict == "not offered":
        states = "; ".join(state_title(state) for state in reasons.offered_in)
        return f" in this state. It is offered in: {states}." if states else " now"
    if reasons.verdict == "allowed":
        return ""
    if not reasons.held:
        return " by the state, whatever the conditions below say"
    held = [one for one in reasons.guards if one.guard in reasons.held]
    failed, unknown = ("; ".join(one.title for one in held if one.result == result) for result in OPEN)
    if not failed:
        return f", not known: {unknown}"
    return f" by: {failed}" + (f". Not known: {unknown}" if unknown else "")


def _weight(guard: GuardVerdict) -> tuple[int, int]:
    """What blocks comes first, what is lifted last."""
    results = (*OPEN, "pass")
    rank = results.index(guard.result) if guard.result in results else len(results)
    return (0 if rank < len(OPEN) and guard.force == "hard" else 1, rank)


_FORCES = {"hard": "blocks", "soft": "warns", "preference": "remarks", "info": "for information"}


def _brief(events: Sequence[str]) -> str:
    more = f" and {len(events) - most_events} more" if len(events) > most_events else ""
    return ", ".join(events[:most_events]) + more


most_events = 3


def _clause(
    text: Text, clause: ClauseVerdict, events: Mapping[str, Event], full: bool, patient: str
) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column()
    for name in clause.missing:
        rows.add_row(Text("missing", "yellow"), Text(missing_words(name, events), "yellow"))
        if command := supplied_by(patient, name, events):
            rows.add_row("once known", command)
    for id in clause.because:
        if id in events:
            event = events[id]
            what = Text(f"{event.day}  {event.type.replace('_', ' ')}: {content(event)}")
            what.no_wrap, what.overflow = True, "ellipsis"
            rows.add_row(id, what)
    told = sorted(statements(clause.statements), key=lambda one: not printed_grade(one))
    for one in told if full else told[:most_statements]:
        rows.add_row("source", _source(one))
    if not full and len(told) > most_statements:
        rows.add_row("", Text(f"and {len(told) - most_statements} more statements", "dim"))
    return Group(text, Padding(rows, (0, 0, 0, 2)))


def _source(one: Statement) -> Text:
    """A statement, its grade where the source prints one, and its id."""
    text = Text(one.statement)
    if grade := printed_grade(one):
        text.append(f"  {grade}", "bold")
    return text.append(f"  {one.id}", "dim")
