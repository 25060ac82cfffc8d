"""The page of one pathway for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.console import console, heading, table, word
from pathways.fingerprint import fingerprint
from pathways.guidelines.signoff import Tally
from pathways.pathway import Pathway


def show_pathway(one: Pathway, tally: Tally) -> None:
    """Print the page; `tally` counts the statements behind it that are not signed off."""
    console().print(Group(*_page(one, tally)))


def _page(one: Pathway, tally: Tally) -> Iterator[RenderableType]:
    yield heading(one.title, f"{one.id} {one.version}")
    yield Text(fingerprint(one), "dim")
    if tally.text:
        yield Text(tally.text, "yellow")
    yield from (Text(remark, "italic") for remark in one.remarks)
    if one.settings:
        yield Text(f"Settings: {', '.join(one.settings)}")
    yield Text("\nWho is on it", "bold")
    yield from (Text(f" · {way.text}") for way in one.enrols)
    if not one.enrols:
        yield Text(" · every patient")
    for title, made in (
        ("States", _states(one)),
        ("Steps", _steps(one)),
        ("Guards", _guards(one)),
        ("Timers", _timers(one)),
        ("Deviations", _deviations(one)),
    ):
        if made.row_count:
            yield Text(f"\n{title}", "bold")
            yield made


def _states(one: Pathway) -> Table:
    made = table("State", "Title", "")
    for state in one.states:
        made.add_row(state.id, state.title, "final" if state.final else "no duties" if state.closed else "")
    return made


def _steps(one: Pathway) -> Table:
    made = table("Step", "Title", "Held back by")
    for step in one.steps:
        made.add_row(step.id, step.title, ", ".join(step.guards))
    return made


def _guards(one: Pathway) -> Table:
    made = table("Guard", "Title", "Force", "Clauses")
    for guard in one.guards:
        made.add_row(guard.id, guard.title, guard.force, str(len(guard.clauses)))
    return made


def _timers(one: Pathway) -> Table:
    made = table("Timer", "Title", "")
    for timer in one.timers:
        made.add_row(timer.id, timer.title, "" if timer.grace else "for information")
    return made


def _deviations(one: Pathway) -> Table:
    made = table("Code", "Title", "Severity")
    for rule in one.deviations:
        made.add_row(rule.code, rule.title, word(rule.severity))
    return made
