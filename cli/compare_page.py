"""Definitions side by side, for a person: what is met, not met, not known, and where the sources differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.compare_cohort import Cohort
from cli.compare_json import chosen
from cli.console import console, heading, table, word
from cli.days import plural
from cli.difference_view import change_lines
from cli.stands_on import stands_on
from engine.comparison import Comparison
from engine.event import Event
from engine.profiles import Criterion, ProfileVerdict
from interop.event_words import datum_words, value_words
from interop.open_points import bare, chosen_by, default_taken
from interop.side_by_side import SideBySide
from pathways.guidelines.catalogue import load_catalogue
from pathways.titles import state_title

RESULTS = {"fail": "not met", "unknown": "not known", "pass": "met"}
THAN = "instead of"
most_changes = 5
"""Changes that are told of one patient among many."""


def show_side_by_side(sides: SideBySide, found: Comparison | None, others: Mapping[str, str]) -> None:
    """Print the page."""
    console().print(Group(*_page(sides, found, others)))


def _page(sides: SideBySide, found: Comparison | None, others: Mapping[str, str]) -> Iterator[RenderableType]:
    snapshot = sides.view.snapshot
    yield heading(f"{sides.view.reference}: definitions side by side")
    yield Text(stands_on(sides.view), "dim")
    yield Text(f"State: {state_title(snapshot.main.state)}")
    yield _rests_on(sides)
    if found is not None:
        yield Text(f"\nWith {settings_words(chosen(found) or others)}", "bold")
        yield from (Padding(line, (0, 0, 0, 1), expand=False) for line in changes(found))
    for title, verdicts, brief in (
        ("Definitions of oligometastatic disease", sides.definitions, False),
        ("Selection for a treatment", sides.selections, True),
    ):
        yield Text(f"\n{title}", "bold")
        yield from (_profile(verdict, sides, brief) for verdict in verdicts)
    if touched := sorted({*sides.conflicts, *chosen_by(others)}):
        yield Text()
        yield conflicts(touched, snapshot.settings)
    yield Text("\nNothing was recorded by this.", "dim")


def _rests_on(sides: SideBySide) -> Text:
    if not sides.imagings:
        return Text("Rests on no imaging: there is none, or none that is complete", "yellow")
    count = sides.view.snapshot.main.facts.get("lesion_count_total")
    counted = "lesions not counted" if count is None else f"active lesions counted: {count}"
    return Text(f"Rests on {'; '.join(map(_imaging, sides.imagings))}. {counted[0].upper()}{counted[1:]}")


def _imaging(event: Event) -> str:
    corrected = f" (corrected by {', '.join(event.corrected_by)})" if event.corrected_by else ""
    return f"{value_words(event.fields.get('modality'))}, {event.id} of {event.day}{corrected}"


def _profile(verdict: ProfileVerdict, sides: SideBySide, brief: bool) -> RenderableType:
    """A profile with its criteria; `brief` leaves out what is met."""
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True, min_width=13)
    title = Text(verdict.profile, "bold").append(f"  {verdict.title}", "dim not bold")
    if verdict.profile == sides.chosen:
        title.append("  used by the guards", "not bold")
    rows.add_row(Text(" ").append_text(word(verdict.result)), title)
    for result, told in RESULTS.items():
        criteria = verdict.having(result)
        if criteria and not (brief and result == "pass"):
            rows.add_row("", Text(f"{told}: ", "dim").append_text(_criteria(criteria, sides)))
    return rows


def _criteria(criteria: Iterable[Criterion], sides: SideBySide) -> Text:
    """The criteria in one run; what is missing and the conflict stand behind those that do not pass."""
    events = {event.id: event for event in sides.view.dossier.entries}
    text = Text()
    for criterion in criteria:
        verdict = criterion.verdict
        text.append("; " if text else "", "dim").append(verdict.text, "not dim")
        if verdict.missing:
            missing = ", ".join(datum_words(name, events) for name in verdict.missing)
            text.append(f" (missing: {missing})", "yellow")
        if criterion.conflict and verdict.result != "pass":
            text.append(f" {criterion.conflict}", "dim")
    return text


def settings_words(settings: Mapping[str, object]) -> str:
    """`definition_profile=esmo, response_min_months=6`."""
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def changes(found: Comparison) -> Iterator[Text]:
    """A line for everything that differs."""
    yield from list(_changes(found)) or [Text("Nothing would differ.")]


def _changes(found: Comparison) -> Iterator[Text]:
    if found.side:
        told = f"Classification by {found.side.profile}: {_word(found.side.after)}"
        yield Text(f"{told}, {THAN} {_word(found.side.before)}", "bold")
    for one in found.profiles:
        yield Text(f"{one.profile}: {_word(one.after)}, {THAN} {_word(one.before)}")
    yield from (Text(line, style) for style, line in change_lines(found.difference, THAN))


def _word(result: str) -> str:
    return result.replace("_", " ")


def conflicts(ids: Iterable[str], settings: Mapping[str, object]) -> RenderableType:
    """What the sources say against one another, the default taken and why."""
    rows = Table.grid(padding=(0, 1))
    for id in ids:
        conflict = load_catalogue().conflicts[id]
        rows.add_row(f" {id}", conflict.title)
        for position in conflict.positions:
            rows.add_row("", Text(bare(position.text), "dim"))
        rows.add_row("", default_taken(id, settings))
    return Group(Text("Where the sources differ, and the default taken", "bold"), rows)


def show_cohort(cohort: Cohort) -> None:
    """Who would stand elsewhere, for a person."""
    console().print(Group(*_cohort(cohort)))


def _cohort(cohort: Cohort) -> Iterator[RenderableType]:
    yield heading(f"With {settings_words(cohort.others)}")
    differing = len(cohort.differing)
    told = f"{differing} of {plural(cohort.patients, 'patient')} would stand otherwise"
    yield Text(f"On {cohort.as_of}, {told}. Nothing was recorded by this.", "dim")
    if not differing:
        return
    counts = Table.grid(padding=(0, 2))
    counts.add_column(justify="right")
    for kind, number in sorted(cohort.counts().items(), key=lambda one: -one[1]):
        counts.add_row(f" {number}", kind)
    yield Text()
    yield counts
    yield Text()
    made = table("Patient", "What would differ")
    for reference, found in cohort.differing.items():
        lines = list(changes(found))
        more = len(lines) - most_changes
        shown = [*lines[:most_changes], *([Text(f"and {more} more", "dim")] if more > 0 else [])]
        made.add_row(reference, Group(*shown))
    yield made
    if touched := chosen_by(cohort.others):
        yield Text()
        yield conflicts(touched, cohort.others)
