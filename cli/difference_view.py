"""What an entry changed, or other settings would: for a person in words, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from cli.titles import guard_title, pathway_title, state_title
from engine.answer import plain
from engine.difference import Change, Difference, StateChange
from engine.snapshot import Deviation, StepVerdict, TimerItem


def show_difference(difference: Difference) -> None:
    """One line for each change."""
    from rich.text import Text

    from cli.console import console

    if not difference:
        print("Nothing follows from it.")
    out = console()
    for style, line in change_lines(difference):
        out.print(Text(f"  {line}", style))


def changes_as_json(difference: Difference) -> dict[str, Any]:
    """Every change with its two sides; null where it did not exist."""
    return {
        "states": [asdict(change) for change in difference.states],
        "steps": [plain(asdict(change)) for change in difference.steps],
        "due": [plain(asdict(change)) for change in difference.due],
        "deviations": [plain(asdict(change)) for change in difference.deviations],
    }


def change_lines(difference: Difference, than: str = "before:") -> Iterator[tuple[str, str]]:
    """Each change with its style; `than` stands before what it was on the other side."""
    for number, change in enumerate(difference.states):
        if number == 0 or change.before:  # a new patient is on every companion; only the main one tells
            yield "bold", _state(change, than)
    for step in difference.steps:
        yield _step(step)
    for due in difference.due:
        yield _due(due, than)
    for deviation in difference.deviations:
        yield _deviation(deviation, than)


def _state(change: StateChange, than: str) -> str:
    before, after = (
        state_title(state, change.pathway) if state else None for state in (change.before, change.after)
    )
    told = f"{pathway_title(change.pathway)}: {after or 'left'}"
    return f"{told}, {than} {before}" if before else told


def _step(change: Change[StepVerdict]) -> tuple[str, str]:
    step = change.latest
    if change.after is None:
        return "dim", f"No longer offered: {step.title}"
    if step.allowed:
        return "green", f"May happen next: {step.title}"
    reasons = "; ".join((*map(guard_title, step.guards), *(f"{name} missing" for name in step.missing)))
    return "", f"Not yet: {step.title} ({reasons})" if reasons else f"Not yet: {step.title}"


def _due(change: Change[TimerItem], than: str) -> tuple[str, str]:
    item = change.latest
    if change.after is None:
        return "dim", f"No longer due: {item.title}, {item.due}"
    now, moved = _when(item), ""
    if change.before and _when(change.before) != now:
        moved = f", {than} {_when(change.before)}"
    elif change.before and change.before.opens != item.opens:
        moved = f", opens {item.opens}, {than} {change.before.opens}"
    style = "red" if item.status in ("overdue", "escalated") else ""
    return style, f"Due: {item.title}, {now}{moved}"


def _when(item: TimerItem) -> str:
    return f"{item.due} {_word(item.status)}"


def _deviation(change: Change[Deviation], than: str) -> tuple[str, str]:
    one = change.latest
    about = f"{one.title} ({', '.join((*one.events, one.code))})"
    if change.after is None:
        return "green", f"No longer a deviation: {about}"
    before = f", {than} {change.before.status}" if change.before else ""
    style = "red" if one.severity != "data" and one.status == "open" else ""
    return style, f"Deviation, {one.severity}, {one.status}{before}: {about}"


def _word(code: str) -> str:
    return code.replace("_", " ")
