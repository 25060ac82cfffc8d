"""What an import by a mapping came to, for a person and as JSON; and the first patients as they would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cli.import_outcome import Outcome, conclude
from cli.output import visible
from cli.word_list import as_json as words_as_json
from interop.event_words import content, facts_words, person_words, type_words
from interop.mapped_join import Joined
from interop.mapped_report import Report, Tally
from interop.mapped_tables import OpenTable, OpenTables

most_rows = 20
"""Rows of a list that a person is shown; JSON has all of them."""

BEGINNINGS: Final = frozenset(("metastasis_suspected", "mdt_started"))
"""With one of these a patient enters the main pathway (outline 3.2)."""


def summary_json(
    opened: OpenTables, outcome: Outcome, report: Report, dry_run: bool, written: Path | None
) -> dict[str, Any]:
    """Everything the page tells, and all of the lists."""
    return {
        "file": str(opened.place),
        "mapping": opened.mapping.name,
        "day_zero": opened.mapping.day_zero,
        "dry_run": dry_run,
        **asdict(outcome.counts),
        "words": words_as_json(outcome.words),
        "errors": str(written) if written else None,
        "tables": {table.rule.name: _table_json(table, report) for table in opened.tables},
        "total": _figures(report.total()),
        "facts": report.facts,
        "events": dict(sorted(report.events.items())),
        "unmapped": _counted(report.unmapped, ("table", "column", "value")),
        "left_out": _counted(report.left_out, ("table", "event", "missing")),
        "retracted": [{"patient": patient, "entry": entry} for patient, entry in report.retracted],
        "reasons": [{"reason": reason, "times": times} for reason, times in report.reasons.most_common()],
    }


def _table_json(table: OpenTable, report: Report) -> dict[str, Any]:
    figures = _figures(report.tables[table.rule.name])
    return {"file": table.path.name, **figures, "unread": list(table.unread)}


def _counted(counts: Counter[tuple[str, str, str]], names: tuple[str, str, str]) -> list[dict[str, Any]]:
    """What was counted, the most frequent first, each with the names of its parts."""
    return [{**dict(zip(names, key, strict=True)), "times": times} for key, times in counts.most_common()]


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "rows": {
            "in": tally.rows_in,
            "recorded": tally.rows_recorded,
            "nothing_to_record": tally.rows_nothing,
            "refused": tally.rows_refused,
        },
        "values": {
            "in": tally.values_in,
            "recorded": tally.values_recorded,
            "unknown": tally.values_unknown,
            "refused": tally.values_refused,
        },
        "unknown_because": {
            "said_unknown": tally.said_unknown,
            "unmapped": tally.unmapped,
            "not_needed": tally.not_needed,
        },
    }


def sum_up(opened: OpenTables, outcome: Outcome, report: Report, dry_run: bool, written: Path | None) -> None:
    """The page for a person."""
    from cli.console import console, heading

    out = console()
    out.print(heading(opened.mapping.name, visible(str(opened.place))))
    out.print(_figure_table(opened, report))
    if report.events:
        _print_recorded(report)
    for title, lines in _lists(opened, report):
        if lines:
            _print_list(title, lines)
    out.print()
    mend = f"Mend {written} and import it with the same mapping." if written else ""
    if outcome.away and not written:
        mend = "--errors PATH writes the refused rows as they stood, each with its reason."
    conclude(outcome, dry_run, mend, _notes(opened, report))


_no_longer = "recorded earlier from "
"""How the store begins to tell of entries that the tables say no longer."""


def _print_recorded(report: Report) -> None:
    from rich.table import Table
    from rich.text import Text

    from cli.console import console

    rows = Table.grid(padding=(0, 2))
    rows.add_column(justify="right")
    rows.add_row(f"{report.facts:,}", "facts known from the beginning")
    for name, number in report.events.most_common():
        rows.add_row(f"{number:,}", name)
    for line in ("", Text("Recorded", "bold"), rows):
        console().print(line)


def _print_list(title: str, lines: Sequence[str]) -> None:
    from rich.text import Text

    from cli.console import console

    console().print()
    console().print(Text(title, "bold"))
    for line in lines[:most_rows]:
        print(f"  {visible(line)}")
    if len(lines) > most_rows:
        print(f"  and {len(lines) - most_rows} more; --json tells all")


def _notes(opened: OpenTables, report: Report) -> Iterator[str]:
    """What a person should know about what was recorded, or was not."""
    if any(_no_longer in reason for reason in report.reasons):
        yield "What the tables say no longer is taken back so, each entry by its id; then import again:"
        yield "  carepath record PATIENT retraction --field target=ID --field reason='the row was corrected'"
    if report.events and BEGINNINGS.isdisjoint(report.events):
        yield "No row records a suspicion (metastasis_suspected): the main pathway does not begin with this."
    if opened.mapping.day_zero:
        yield f"Days are counted from day zero: {opened.mapping.day_zero}."


def _figure_table(opened: OpenTables, report: Report) -> Any:
    from rich.table import Table

    from cli.console import table

    made: Table = table("Table")
    for name in ("Rows", "recorded", "nothing", "refused", "Values", "recorded", "unknown", "refused"):
        made.add_column(name, justify="right", no_wrap=True)
    named = [(one.rule.name, report.tables[one.rule.name]) for one in opened.tables]
    if len(named) > 1:
        named.append(("all", report.total()))
    for name, tally in named:
        figures = (
            *(tally.rows_in, tally.rows_recorded, tally.rows_nothing, tally.rows_refused),
            *(tally.values_in, tally.values_recorded, tally.values_unknown, tally.values_refused),
        )
        made.add_row(name, *(f"{number:,}" for number in figures))
    return made


def _lists(opened: OpenTables, report: Report) -> Iterator[tuple[str, list[str]]]:
    total = report.total()
    if total.values_unknown:
        told = f"{total.said_unknown:,} say so; {total.unmapped:,} nothing explains"
        told = f"{told}; with {total.not_needed:,} nothing was recorded"
        yield "Values left unknown", [told]
    yield (
        "Words that the mapping does not explain",
        [
            f"{times:>6,}  {table}, {column}: {shorter(value)}"
            for (table, column, value), times in report.unmapped.most_common()
        ],
    )
    yield (
        "Not recorded, because something an entry needs is not stated",
        [
            f"{times:>6,}  {table}: {event}, no {_lack(missing)}"
            for (table, event, missing), times in report.left_out.most_common()
        ],
    )
    yield "Refused", [f"{times:>6,}  {reason}" for reason, times in report.reasons.most_common()]
    yield (
        "Said by the tables, but retracted here and left so",
        [f"{patient}: {entry}" for patient, entry in report.retracted],
    )
    unread = [f"{table.rule.name}: {_some(table.unread)}" for table in opened.tables if table.unread]
    yield "Columns that nothing reads", unread


def shorter(text: str, most: int = 60) -> str:
    """A text that may be long, as far as it fits in a line."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _some(names: Sequence[str], most: int = 6) -> str:
    """The first few; all of them stand in the answer with --json."""
    told = ", ".join(names[:most])
    return f"{told} and {len(names) - most} more" if len(names) > most else told


def _lack(missing: str) -> str:
    return "day" if missing == "date" else missing


def preview_of(joined: Joined, number: int) -> None:
    """The first patients as they would be recorded."""
    from rich.text import Text

    from cli.console import console, heading, table

    out = console()
    for one in islice((one for one in joined.patients() if one.story is not None), number):
        assert one.story is not None
        last = max((event.day for event in one.story.entries), default=None)
        person = person_words(one.story.facts, last) if last else ""
        out.print(heading(str(one.patient), person))
        if known := facts_words(one.story.facts):
            out.print(Text(known, "dim"))
        made = table("Day", "What", "Said")
        for event in sorted(one.story.entries, key=lambda event: event.day):
            made.add_row(str(event.day), type_words(event), content(event))
        out.print(made)
        out.print()
