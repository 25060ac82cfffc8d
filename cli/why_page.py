"""The reasons for or against a step, for a person: first what holds it back, with events and statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.answer_view import left_open
from cli.console import console, heading, word
from cli.evidence_view import ages_words, behind_the_step, evidence, signed_line, source_lines
from cli.grounds import grounds
from cli.opening_view import openings
from cli.stands_on import stands_on
from cli.statement_words import GRADES_NOTE, most_statements
from engine.decision import Ages, Decision
from engine.event import Event
from engine.snapshot import ClauseVerdict, GuardVerdict, PatientSnapshot
from interop.beside import Beside
from interop.clause_words import besides
from interop.open_points import touching
from interop.openings import openings_for
from interop.statement_words import printed_grade, statements
from pathways.guidelines.statements import Statement
from pathways.intended_use import IN_SHORT
from pathways.titles import state_title
from store.patient_view import PatientView

OPEN = ("fail", "unknown")


def show_reasons(view: PatientView, beside: Beside, found: Decision, *, full: bool) -> None:
    """Print the page; `full` also tells events and statements of what passes."""
    page = [*_verdict(view, beside, found, full), *_evidence(view, beside, found, full)]
    console().print(Group(*page, Text(f"\n{IN_SHORT}", "dim")))


def _verdict(view: PatientView, beside: Beside, found: Decision, full: bool) -> Iterator[RenderableType]:
    snapshot = view.snapshot
    yield heading(f"{view.reference}: {found.title}", found.name)
    yield Text(stands_on(view), "dim")
    yield Text(f"State: {state_title(snapshot.main.state)}")
    if found.verdict:
        yield Text("Verdict: ").append_text(word(found.verdict)).append(_because(found))
    if not found.guards:
        yield Text("No condition is attached to this step.")
    if rests := beside.ages(found.because):
        yield Text(f"The facts behind it are {ages_words(rests)}{_ends(rests)}.", "dim")
    if opens := openings_for(view, found):
        yield Text()
        yield openings(opens, view)
    events = {event.id: event for event in view.dossier.entries}
    for guard in sorted(found.guards, key=_weight):
        if full or guard.result in OPEN:
            yield Text()
            yield _in_full(guard, beside, events, full, view.reference)
    if found.guards and not full:
        yield Text()
        yield _in_brief([guard for guard in found.guards if guard.result not in OPEN], beside)
    if questions := _open_questions(snapshot, found):
        yield Text()
        yield left_open(questions, snapshot.settings)
    if found.guards and not full:
        yield Text("\n--full tells the events and statements behind every condition.", "dim")


def _evidence(view: PatientView, beside: Beside, found: Decision, full: bool) -> Iterator[RenderableType]:
    """What the sources say at this step, which sources they are, and what of it is signed off."""
    for part in evidence(found.shown, {event.id: event for event in view.dossier.entries}, full=full):
        yield Text()
        yield part
    if found.own:
        yield Text()
        yield behind_the_step(found.own)
    if behind := beside.sources(found.statements):
        yield Text()
        yield source_lines(behind)
        yield Text(f"\n{GRADES_NOTE}", "dim")
        yield signed_line(beside, found.statements)


def _open_questions(snapshot: PatientSnapshot, found: Decision) -> list[str]:
    """What the sources leave open for this patient about the statements behind these conditions."""
    asked = {id for guard in found.guards for clause in guard.clauses for id in clause.statements}
    return touching(dict.fromkeys(text for one in snapshot.pathways for text in one.not_determined), asked)


def _in_full(
    guard: GuardVerdict, beside: Beside, events: Mapping[str, Event], full: bool, patient: str
) -> RenderableType:
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
            rows.add_row(word(clause.result), brief.append(f"  {_brief(clause.because, beside)}", "dim"))
    return rows


def _in_brief(guards: Sequence[GuardVerdict], beside: Beside) -> RenderableType:
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
                Text(_brief(clause.because, beside), "dim"),
            )
    return rows


def _condition(guard: GuardVerdict, clause: ClauseVerdict) -> Text:
    """A condition, and what it does if it is one that holds nothing back."""
    text = Text(clause.text)
    said = besides(guard.guard, clause.text)
    return text.append(f" ({said})", "dim") if said else text


def _asks(guard: GuardVerdict) -> str:
    return f"{guard.guard}, {_FORCES[guard.force]}"


def _because(found: Decision) -> str:
    if found.verdict == "not offered":
        states = "; ".join(state_title(state) for state in found.offered_in)
        return f" in this state. It is offered in: {states}." if states else " now"
    if found.verdict == "allowed":
        return ""
    if not found.held:
        return " by the state, whatever the conditions below say"
    held = [one for one in found.guards if one.guard in found.held]
    failed, unknown = ("; ".join(one.title for one in held if one.result == result) for result in OPEN)
    if not failed:
        return f", not known: {unknown}"
    return f" by: {failed}" + (f". Not known: {unknown}" if unknown else "")


def _ends(found: Ages) -> str:
    """The oldest and the newest fact by name, where they differ."""
    if found.oldest == found.newest:
        return f": {found.oldest.event} of {found.oldest.day}"
    return (
        f": the newest {found.newest.event} of {found.newest.day}, "
        f"the oldest {found.oldest.event} of {found.oldest.day}"
    )


def _weight(guard: GuardVerdict) -> tuple[int, int]:
    """What blocks comes first, what is lifted last."""
    results = (*OPEN, "pass")
    rank = results.index(guard.result) if guard.result in results else len(results)
    return (0 if rank < len(OPEN) and guard.force == "hard" else 1, rank)


_FORCES = {"hard": "blocks", "soft": "warns", "preference": "remarks", "info": "for information"}


def _brief(events: Sequence[str], beside: Beside) -> str:
    """`e02, e09; 210 days old`."""
    more = f" and {len(events) - most_events} more" if len(events) > most_events else ""
    rests = ages_words(beside.ages(events))
    return ", ".join(events[:most_events]) + more + (f"; {rests}" if rests else "")


most_events = 3


def _clause(
    text: Text, clause: ClauseVerdict, events: Mapping[str, Event], full: bool, patient: str
) -> RenderableType:
    rows = grounds(clause.missing, clause.because, events, patient)
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
