"""`carepath due`: what has to be done by when, across patients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from cli.arguments import day
from cli.days import distance, plural, week_of
from cli.lists_on import AsOf, lists_on
from cli.output import print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from engine.answer import plain
from engine.timers import LATE
from store.findings import Due, due_items

usual_days = 28
"""How far ahead we look when nobody says."""


def due(
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Due on or after this day.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="Due on or before this day. Default: 28 days ahead."),
    ] = None,
    this_week: Annotated[
        bool, typer.Option("--this-week", help="Due from Monday to Sunday of this week.")
    ] = False,
    no_overdue: Annotated[bool, typer.Option("--no-overdue", help="Leave out what is overdue.")] = False,
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only references that contain this text.")] = "",
    as_of: AsOf = None,
    json: JsonLines = False,
) -> Status:
    """What is overdue, then what is due by date; at the end what only informs and has passed.

    Status: scheduled (not yet to be done), open (may be done now), overdue, escalated (still undone 14 days
    after it became overdue, or as the setting escalate_after_days says: somebody further should be told).
    """
    if this_week and (since or until):
        raise BadInput("--this-week stands for --from and --to; give one or the other")
    with lists_on(as_of) as lists:
        first, last = week_of(lists.day) if this_week else _days(since, until, lists.day)
        items = due_items(
            lists.database, since=first, until=last, overdue=not no_overdue, text=search or None
        )
        lists.seen(search, {"from": first, "to": last}, len(items))
    items.sort(key=lambda item: _place(item, lists.day))
    if json:
        for item in items:
            print_json({**as_json(item), "as_of": plain(lists.day)})
    else:
        show_due(items, lists.day, lists.told)
        print(f"{plural(len(items), 'item')}, overdue or due {_range(first, last)}")
    return Status.OK


def _days(since: str | None, until: str | None, today: date) -> tuple[date | None, date | None]:
    first = day("--from", since) if since else None
    last = day("--to", until) if until else None
    if first and last and last < first:
        raise BadInput(f"--to {last} is before --from {first}")
    return (first, last) if first or last else (None, today + timedelta(days=usual_days))


def _range(first: date | None, last: date | None) -> str:
    return " ".join([*([f"from {first}"] if first else []), *([f"to {last}"] if last else [])])


def _place(item: Due, today: date) -> tuple[int, date]:
    """The longest overdue first, then by due day; what only informs and has passed last."""
    if item.status in LATE and item.overdue_from is not None:
        return 0, item.overdue_from
    return 2 if item.overdue_from is None and item.due < today else 1, item.due


def as_json(item: Due) -> dict[str, Any]:
    """One item as a case file's answer has it, with patient and pathway."""
    return {
        "patient": item.reference,
        "pathway": item.pathway,
        "item": item.item,
        "title": item.title,
        "opens": plain(item.opens),
        "due": plain(item.due),
        "overdue_from": plain(item.overdue_from),
        "escalates_on": plain(item.escalates_on),
        "status": item.status,
        "anchor": list(item.anchor),
        "statements": list(item.statements),
    }


NARROW = 100
"""Below so many columns the table of what is due is without its codes: words are not to be broken."""


def show_due(items: Sequence[Due], today: date, told: str | None = None) -> None:
    """The table for a person, under what is `told` about its day."""
    from cli.console import console, table, word

    out = console()
    if told:
        out.print(told)
    codes = ("Code",) if out.width >= NARROW else ()
    made = table("Due", "", "Status", "Patient", "What", *codes)
    for item in items:
        made.add_row(
            plain(item.due),
            distance(item.due, today, item.overdue_from if item.status in LATE else None),
            word(item.status),
            item.reference,
            item.title,
            *([item.item] if codes else []),
        )
    out.print(made)
