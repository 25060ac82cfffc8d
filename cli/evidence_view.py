"""What the sources say at a decision, for a person: recommendations, what speaks against, limits to be told,
prognostic features, sources, and how much of it is signed off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.days import plural
from cli.statement_words import graded
from engine.decision import Ages, Source, because
from engine.event import Event
from engine.evidence import Shown
from interop.beside import Beside
from interop.event_words import datum_words, measured
from interop.statement_words import printed_grade, statements
from pathways.guidelines.statements import Statement
from store.patient_view import PatientView

HEADINGS: Final = {
    "recommendation": "What the sources recommend here",
    "opposing": "What speaks against it",
    "limit": "To be told to the patient: limits of the evidence",
    "prognosis": "Prognostic features, for information; never a block",
    "evidence": "Figures and trials behind it",
    "data": "Data at hand",
}
"""The kinds of display in the order of a page."""

_TOLD: Final = {"met": "told", "not_met": "not told", "unknown": "not known"}
_FEATURES: Final = {"met": "met", "not_met": "not met", "unknown": "unknown"}
_STYLES: Final = {"met": "green", "not_met": "", "unknown": "yellow"}


def evidence(shown: Sequence[Shown], events: Mapping[str, Event], *, full: bool) -> Iterator[RenderableType]:
    """A part for each kind; `full` tells the statements, not only their names."""
    for kind, title in HEADINGS.items():
        found = [one for one in shown if one.kind == kind]
        if found:
            yield Group(Text(title, "bold"), _rows(found, events, full))


def _rows(shown: Iterable[Shown], events: Mapping[str, Event], full: bool) -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    for one in shown:
        rows.add_row(Text(" ").append_text(_mark(one)), _told(one, events, full))
    return rows


def _mark(one: Shown) -> Text:
    words = _TOLD.get(one.feature, "") if one.kind == "limit" else one.feature.replace("_", " ")
    style = "red" if one.adverse and one.feature == "met" else _STYLES.get(one.feature, "")
    return Text(words or "·", style)


def _told(one: Shown, events: Mapping[str, Event], full: bool) -> Text:
    text = Text(one.title)
    if one.adverse:
        text.append(" (speaks against when met)")
    if value := measured(one.value, one.unit):
        text.append(f": {value}")
    if one.applies is None:
        text.append("\nnot known whether it concerns this patient", "yellow")
    if one.missing:
        missing = "; ".join(datum_words(name, events) for name in one.missing)
        text.append(f"\nmissing: {missing}", "yellow")
    if not full:
        return text.append("\n").append_text(graded(one.statements))
    for each in statements(one.statements):
        text.append("\n").append_text(_statement(each))
    return text


def _statement(one: Statement) -> Text:
    """A statement, its grade or that its source has none, and its id."""
    style = "bold" if printed_grade(one) else "dim"
    return Text(f"{one.statement}  ").append(one.grade_text, style).append(f"  {one.id}", "dim")


def behind_the_step(ids: Iterable[str]) -> RenderableType:
    """The statements that a step itself rests on."""
    rows = Table.grid(padding=(0, 1))
    for one in statements(ids):
        rows.add_row(" ·", _statement(one))
    return Group(Text("Statements behind the step", "bold"), rows)


def in_brief(view: PatientView, beside: Beside) -> RenderableType:
    """What the sources say at the steps offered now, counted, and how old the facts behind the conditions
    are; `carepath why` tells it in full.
    """
    shown = beside.offered(view.snapshot)
    lines = [
        Text(f"{title}: {_counted(shown, kind)}") for kind, title in _SHORT.items() if _counted(shown, kind)
    ]
    if against := [one.title for one in shown if one.kind == "opposing"]:
        lines.append(Text(f"What speaks against: {'; '.join(against)}"))
    if rests := ages_words(beside.ages(because(view.snapshot.main.guards.values()))):
        lines.append(Text(f"The facts behind the conditions are {rests}"))
    names = " and ".join(f"{one.title} ({one.currency})" for one in beside.sources(_ids(shown)) if one.shown)
    if names:
        lines.append(Text(f"Mind age and review of: {names}"))
    lines.append(Text(f"carepath why {view.reference} STEP, carepath brief {view.reference}", "dim"))
    rows = Table.grid(padding=(0, 1))
    for line in lines:
        rows.add_row(" ·", line)
    return Group(Text("What the sources say at these steps", "bold"), rows)


_SHORT: Final = {
    "recommendation": "Recommendations",
    "limit": "Limits to be told to the patient",
    "prognosis": "Prognostic features",
}


def _counted(shown: Iterable[Shown], kind: str) -> str:
    """`3 met, 1 not met, 2 unknown, 4 more`."""
    found = [one.feature for one in shown if one.kind == kind]
    words = _TOLD if kind == "limit" else _FEATURES
    told = [f"{found.count(feature)} {word}" for feature, word in words.items() if feature in found]
    if rest := found.count(""):
        told.append(f"{rest} more" if told else str(rest))
    return ", ".join(told)


def _ids(shown: Iterable[Shown]) -> list[str]:
    return [id for one in shown for id in one.statements]


def source_lines(found: Iterable[Source]) -> RenderableType:
    """Each document with its age and review status."""
    rows = Table.grid(padding=(0, 1))
    for one in found:
        text = Text(one.title).append(f": {one.currency}" if one.currency else "", "dim")
        for about in one.shown:
            value = measured(about.value, about.unit)
            text.append(f"\n{about.title}{', ' if value else ''}{value}", "yellow")
        rows.add_row(" ·", text)
    return Group(Text("Sources", "bold"), rows)


def ages_words(found: Ages | None) -> str:
    """`5 to 210 days old`; nothing where a verdict rests on no event."""
    if found is None:
        return ""
    oldest, newest = found.oldest.days, found.newest.days
    span = plural(oldest, "day") if oldest == newest else f"{newest} to {plural(oldest, 'day')}"
    return f"{span} old"


def signed_line(beside: Beside, ids: Iterable[str]) -> Text:
    """How many of these statements are not signed off; empty where all are."""
    return Text(beside.tally(ids).text, "yellow")
