"""What an entry changed, or other settings would, and which decisions rested on what was changed: for a
person in words, for programs as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cli.days import plural
from engine.difference import Change, Difference, StateChange
from engine.rested import RestedDecision
from engine.snapshot import Deviation, PatientSnapshot, StepVerdict, TimerItem
from engine.timers import LISTED
from pathways.texts.wording import event_noun
from pathways.titles import guard_title, pathway_title, state_title


def show_difference(difference: Difference, now: PatientSnapshot | None) -> None:
    """One line for each change, then the decisions that rested on what was changed.

    Where nothing changes, `now` tells the state that stays.
    """
    lines = list(change_lines(difference)) or [("", _stays(now))]
    _print_lines(lines)
    if difference.decisions:
        print("Decisions taken earlier that rested on it:")
    _print_lines(_decision_lines(difference.decisions))


def _stays(now: PatientSnapshot | None) -> str:
    nothing = "Nothing falls due otherwise, and no step or deviation changes."
    return f"The state stays: {state_title(now.main.state)}. {nothing}" if now else nothing


def _print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """A line that is too long goes on where it began."""
    from rich.text import Text

    from cli.console import console

    out = console()
    for style, line in lines:
        begun = line.lstrip()
        indent = 2 + len(line) - len(begun)
        for row in Text(begun, style).wrap(out, out.width - indent):
            row.rstrip()
            row.pad_left(indent)
            out.print(row)


def change_lines(difference: Difference, than: str = "before:") -> Iterator[tuple[str, str]]:
    """Each change with its style; `than` stands before what it was on the other side."""
    for number, change in enumerate(difference.states):
        if number == 0 or change.before:  # a new patient is on every companion; only the main one tells
            yield "bold", _state(change, than)
    for step in difference.steps:
        yield _step(step)
    for due in difference.due:
        if not _informs_no_more(due):
            yield _due(due, than)
    for deviation in difference.deviations:
        yield deviation_line(deviation, than)


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
    return style, f"{'Due' if item.status in LISTED else 'No longer open'}: {item.title}, {now}{moved}"


def _informs_no_more(change: Change[TimerItem]) -> bool:
    """Whether it is about an item that only informed, and of a time that is over: nobody has to know."""
    sides = [side for side in (change.before, change.after) if side is not None]
    return all(_has_passed(side) for side in sides)


def _has_passed(item: TimerItem) -> bool:
    return item.overdue_from is None and item.done_by is None and item.status not in LISTED


def _when(item: TimerItem) -> str:
    return f"{item.due} {'passed' if _has_passed(item) else _word(item.status)}"


def deviation_line(change: Change[Deviation], than: str, *, entries: bool = True) -> tuple[str, str]:
    """A departure that came, went or changed, with its style; with the entries it is about, or without."""
    one = change.latest
    about = f"{one.title} ({', '.join((*(one.events if entries else ()), one.code))})"
    if change.after is None:
        return "green", f"No longer a deviation: {about}"
    before = f", {than} {change.before.status}" if change.before else ""
    style = "red" if one.severity != "data" and one.status == "open" else ""
    return style, f"Deviation, {one.severity}, {one.status}{before}: {about}"


def _word(code: str) -> str:
    return code.replace("_", " ")


def _decision_lines(decisions: Sequence[RestedDecision]) -> Iterator[tuple[str, str]]:
    """Those that would be judged otherwise now, each with what turned; then the others."""
    for one in decisions:
        if one.turned:
            yield "bold", _taken(one)
            yield from (("", f"  {line}") for line in _turned(one))
    same = dict.fromkeys(_taken(one) for one in decisions if not one.turned)
    for taken in same:
        yield "dim", f"{taken}: judged as it was"


def _taken(one: RestedDecision) -> str:
    return f"{one.on}, {event_noun([one.type], many=False)} ({one.event})"


def _turned(one: RestedDecision) -> Iterator[str]:
    if one.state_then != one.state_now:
        then, now = (state_title(state, one.pathway) for state in (one.state_then, one.state_now))
        yield f'taken in "{then}"; by what is known now it was "{now}"'
    for guard in one.guards:
        if guard.then != guard.now:
            yield f"{guard.title}: {_result(guard.then)} then, {_result(guard.now)} now"
    if same := sum(guard.then == guard.now for guard in one.guards):
        yield f"{plural(same, 'condition')} that looked at it: judged as then"


def _result(code: str) -> str:
    return _RESULTS.get(code, _word(code))


_RESULTS = {"pass": "met", "fail": "not met"}
