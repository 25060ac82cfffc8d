"""The answer at one checkpoint for a person: state, next steps, what holds them back, due, deviations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.answers import Answered
from cli.console import console, heading, table, word
from cli.days import plural
from cli.deviation_view import Told, deviation_list
from cli.open_points import named, told
from cli.pathway_find import Named
from cli.progress_words import progress_words
from cli.statement_words import GRADES_NOTE
from cli.statement_words import named as named_statements
from engine.answer import Json
from engine.event import Event
from interop.clause_words import besides
from interop.event_words import datum_words
from pathways.titles import state_title


def show_answer(one: Answered) -> None:
    """Print a summary of one answer."""
    console().print(Group(*_summary(one)))


def _summary(one: Answered) -> Iterator[RenderableType]:
    given = one.answer
    title = f"{given['case']} on {given['as_of']}"
    if given["known_at"] != given["as_of"]:
        title += f", as known {given['known_at']}"
    yield heading(title)
    if one.case.title:
        yield Text(one.case.title, style="dim")
    yield state_line(given, one.named)
    yield from parts(given, {event.id: event for event in one.case.story.entries}, named=one.named)
    yield Text()


def state_line(given: Mapping[str, object], named: Named | None = None) -> Text:
    """The state in words, and since when."""
    text = Text("State: ")
    text.append(_state(given, named), style="bold")
    return text.append(f" since {given['entered_on']}") if given["entered_on"] else text


def _state(given: Mapping[str, object], named: Named | None) -> str:
    """The title of the state on the pathway that was named, or else on the main one."""
    state = str(given["state"])
    return state_title(state, named.pathway if named else None)


def parts(
    given: Json,
    events: Mapping[str, Event],
    opens: Mapping[str, str] = MappingProxyType({}),
    named: Named | None = None,
) -> Iterator[RenderableType]:
    """Next steps, blocked steps, what is due and deviations, each where there are any.

    `events` are those the answer may name; `opens` tells in a line what would open a step; `named` is the
    pathway that was asked alone, if one was.
    """
    if given["allowed_next"]:
        yield _list("May happen next", [_allowed(step, named) for step in given["allowed_next"]])
    held = [step for step in given["blocked_next"] if step["guards"]]
    if held:
        yield _list("Not yet", [_blocked(step, given["guards"], opens, named, events) for step in held])
    if number := len(given["blocked_next"]) - len(held):
        steps = f'{plural(number, "step")} of the pathways, in the state "{_state(given, named)}"'
        yield _list("Not to be taken", [Text(steps)])
    if given["due"]:
        yield _due(given["due"])
    if given["deviations"]:
        yield _deviations(given["deviations"], named)
    if given["allowed_next"] or held or given["deviations"]:
        yield Text(GRADES_NOTE, "dim")
    if given["not_determined"]:
        yield _left_open_in_short(given["not_determined"], given["settings"])


def left_open(questions: Sequence[str], settings: Mapping[str, object]) -> RenderableType:
    """What the sources do not decide, each with the default taken."""
    return _list("Left open by the sources", [told(question, settings) for question in questions])


def _left_open_in_short(questions: Sequence[str], settings: Mapping[str, object]) -> RenderableType:
    """The questions with the setting in force; the default and why it was taken stand with `carepath why`."""
    return _list(
        "Left open by the sources  (default and reason: carepath why)",
        [named(question, settings) for question in questions],
    )


def _list(title: str, lines: Sequence[RenderableType]) -> RenderableType:
    items = Table.grid(padding=(0, 1))
    for line in lines:
        items.add_row(" ·", line)
    return Group(Text(title, style="bold"), items)


def _step(step: Json) -> Text:
    """A step in words, with the name by which `carepath why` knows it."""
    return Text(step["title"]).append(f"  {step['step']}", "dim")


def _allowed(step: Json, named: Named | None) -> Text:
    """A step, and under it the statements behind it."""
    return _with_statements(_step(step), step["statements"], named)


def _with_statements(text: Text, ids: Sequence[str], named: Named | None) -> Text:
    names = named_statements(ids, among=named.basis.statements if named else None)
    return text.append("\n").append_text(names) if names else text


def _blocked(
    step: Json,
    guards: Mapping[str, Json],
    opens: Mapping[str, str],
    named: Named | None,
    events: Mapping[str, Event],
) -> RenderableType:
    """A step, what would open it, and under it each condition that holds it back, with the statements behind
    the condition.
    """
    reasons = Table.grid(padding=(0, 2))
    of = named.pathway if named else None
    for name in step["guards"]:
        for clause in guards[name]["clauses"]:
            if clause["result"] in ("fail", "unknown") and not besides(name, clause["text"], of):
                asked = _with_statements(condition(clause, events), clause["statements"], named)
                reasons.add_row(word(clause["result"]), asked, Text(name, style="dim"))
    told = [Text(line[0].upper() + line[1:], "italic")] if (line := opens.get(step["step"])) else []
    return Group(_step(step), *told, reasons)


def condition(clause: Json, events: Mapping[str, Event]) -> Text:
    """What a clause asks, and what is missing to answer it."""
    text = Text(clause["text"])
    missing = "; ".join(datum_words(name, events) for name in clause["missing"])
    return text.append(f"\nmissing: {missing}", "yellow") if missing else text


def _due(rows: Sequence[Json]) -> RenderableType:
    made = table("Due", "Status", "What", "Overdue from")
    for row in rows:
        what = Text(row["title"])
        if progress := progress_words(row.get("progress")):
            what.append(f"\n{progress}", "cyan")
        made.add_row(
            row["due"],
            word("missed" if row.get("missed") else row["status"]),
            what,
            row["overdue_from"] or "",
        )
    return Group(Text("Due", style="bold"), made)


def _deviations(rows: Sequence[Json], named: Named | None) -> RenderableType:
    dated = any(row.get("raised_on") for row in rows)
    columns = ("Severity", "Status", *(["Since"] if dated else []), "What")
    return Group(
        Text("Deviations", style="bold"), deviation_list(columns, [_told(r, dated, named) for r in rows])
    )


def _told(row: Json, dated: bool, named: Named | None) -> Told:
    """A departure, and below it its code with the entries, the reason of the rule and the statements."""
    since = [row.get("raised_on") or ""] if dated else []
    judged = f"judged under {row['judged_under']}" if row.get("judged_under") else ""
    of = f"  ({', '.join(row['events'])})" if row["events"] else ""
    among = named.basis.statements if named else None
    return Told(
        (word(row["severity"]), word(row["status"]), *since, row["title"]),
        (
            Text(f"{row['code']}{of}", "dim"),
            Text(row.get("why") or ""),
            named_statements(row["statements"], among=among),
            Text(judged, "dim"),
        ),
    )
