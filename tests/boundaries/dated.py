"""The dates of a timer, worked out from its declaration with nothing but `months_after`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from engine.evaluate import Program
from engine.event import Event, Story
from pathways.graph import Node
from pathways.pathway import Pathway, Timer
from pathways.roots import roots
from pathways.settings import Settings
from tests.boundaries.months import DAY, months_after
from tests.boundaries.stories import viewed

Leaf = Callable[[Node], Any]
"""What the evaluator says of a part in which nothing is counted: the day of an event, a fact, a condition."""


@dataclass(frozen=True)
class Dated:
    """One instance of a timer. `anchor` is the day from which its months and days are counted."""

    timer: Timer
    anchor: date
    opens: date
    due: date
    overdue_from: date | None
    closes: date | None
    done: Event | None
    ended: bool

    def status(self, today: date, escalate_after: int) -> str:
        """Where it stands on a day when nothing more has happened."""
        if self.overdue_from is None:
            if self.closes is not None and today > self.closes:
                return "done"
        elif today >= self.overdue_from + timedelta(escalate_after):
            return "escalated"
        elif today >= self.overdue_from:
            return "overdue"
        return "open" if today >= self.opens else "scheduled"


@cache
def program(pathway: Pathway, settings: Settings) -> Program:
    return Program(roots(pathway), settings)


def dated(pathway: Pathway, story: Story, as_of: date, settings: Settings) -> list[Dated]:
    """Every instance of every timer, on a day."""
    made = program(pathway, settings)
    view = viewed(made, story, as_of)

    def leaf(node: Node) -> Any:
        return made.meanings[node](view)

    found: list[Dated] = []
    for timer in pathway.timers:
        for element in leaf(timer.each) or () if timer.each else (None,):
            view.evaluation.environment[0] = element
            if timer.exists is None or leaf(timer.exists) is True:
                found += _dated(timer, leaf, settings)
    return found


def _dated(timer: Timer, leaf: Leaf, settings: Settings) -> Iterator[Dated]:
    opens, due = (counted(node, leaf, settings) for node in (timer.opens, timer.due))
    if not (isinstance(opens, date) and isinstance(due, date)):
        return
    grace = None if timer.grace is None else counted(timer.grace, leaf, settings)
    closes = None if timer.closes is None else counted(timer.closes, leaf, settings)
    done = None if timer.done is None else leaf(timer.done)
    yield Dated(
        timer,
        _anchor(timer, leaf),
        min(opens, due),
        due,
        None if grace is None else due + DAY + timedelta(grace),
        closes if isinstance(closes, date) else None,
        done if isinstance(done, Event) else None,
        timer.ends is not None and isinstance(leaf(timer.ends), date),
    )


def counted(node: Node, leaf: Leaf, settings: Settings) -> Any:
    """A day or number by its declaration; what is not there or not known is as the evaluator has it."""
    if node.op == "named":
        return counted(node.args[0], leaf, settings)
    if node.op == "constant":
        return node.param("value")
    if node.op == "setting":
        return settings[str(node.param("name"))]
    if node.op == "case":
        return counted(_chosen(node, leaf), leaf, settings)
    if node.op == "reach":
        return _reach(node, leaf, settings)
    if node.op not in ("add_months", "add_days", "times", "plus"):
        return leaf(node)
    first, second = (counted(arg, leaf, settings) for arg in node.args)
    if node.op in ("times", "plus"):
        return first * second if node.op == "times" else first + second
    if not isinstance(first, date):
        return first
    return months_after(first, second) if node.op == "add_months" else first + timedelta(second)


def _chosen(node: Node, leaf: Leaf) -> Node:
    pairs = zip(node.args[:-1:2], node.args[1::2], strict=True)
    return next((value for condition, value in pairs if leaf(condition) is True), node.args[-1])


def days_of(node: Node, leaf: Leaf, settings: Settings) -> list[date]:
    """The days of a grid, or of several joined, by counting months from the anchor."""
    if node.op == "named":
        return days_of(node.args[0], leaf, settings)
    if node.op == "join":
        return [day for arg in node.args for day in days_of(arg, leaf, settings)]
    assert node.op == "grid", node.op
    anchor, start, step, stop = (counted(arg, leaf, settings) for arg in node.args)
    return [months_after(anchor, month) for month in range(start, stop + 1, step)]


def _reach(node: Node, leaf: Leaf, settings: Settings) -> date:
    """Half of the interval before the day, rounded down (R29)."""
    days: Sequence[date] = days_of(node.args[0], leaf, settings)
    day, anchor = leaf(node.args[1]), leaf(node.args[2])
    before = max([anchor, *(other for other in days if other < day)])
    half: date = day + timedelta((day - before).days // 2)
    return half


def _anchor(timer: Timer, leaf: Leaf) -> date:
    """Where counting begins: below every sum, or the anchor of the grid."""
    series = timer.each if timer.each is not None and timer.each.type == "dates" else None
    day: date = below_sums(timer.due if series is None else _grid(series).args[0], leaf)
    return day


def below_sums(node: Node, leaf: Leaf) -> Any:
    """The day from which a sum of months and days counts."""
    while node.op in ("named", "add_months", "add_days", "case"):
        node = _chosen(node, leaf) if node.op == "case" else node.args[0]
    return leaf(node)


def _grid(node: Node) -> Node:
    return node if node.op == "grid" else _grid(node.args[0])
