"""`carepath due`: what has to be done by when, across patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any

import typer

from cli.arguments import day
from cli.at_desk import site_desk
from cli.days import distance, plural, week_of
from cli.lists_on import AsOf, Lists, lists_on
from cli.output import print_json
from cli.parameters import JsonLines
from cli.progress_words import progress_words
from cli.status import BadInput, Status
from cli.tracking_list import whose
from coordination.due_items import item_of
from coordination.entries import Item
from coordination.next_step import put_off
from coordination.progress import Progress
from coordination.progress import chase as chased
from coordination.site_desk import SiteDesk
from coordination.track import courses, desks_of
from engine.answer import plain
from engine.timers import LATE
from interop.desk_json import progress_json
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
    chase: Annotated[
        str,
        typer.Option(
            metavar="WHAT", help="Only what can be chased today: not_done, not_reported, not_acted_on."
        ),
    ] = "",
    owner: Annotated[
        str,
        typer.Option(metavar="OWNER", help="Only patients of this person or team; `nobody` for no owner."),
    ] = "",
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
    if chase and chase not in known_chases:
        raise BadInput(f"--chase: {chase!r} is none of {', '.join(known_chases)}")
    with lists_on(as_of) as lists:
        first, last = week_of(lists.day) if this_week else _days(since, until, lists.day)
        site = site_desk(lists.here)
        items = due_items(
            lists.database,
            since=first,
            until=last,
            overdue=not no_overdue,
            text=search or None,
            whose=whose(site, owner),
        )
        reports = _reports(lists, site, items)
        if chase:
            waiting = _put_off(lists, site, items)
            items = [
                item
                for item in items
                if about(item) not in waiting and to_chase(item, reports.get(about(item)), chase, lists.day)
            ]
        lists.seen(search, {"from": first, "to": last, "chase": chase, "owner": owner}, len(items))
    items.sort(key=lambda item: _place(item, lists.day))
    if json:
        for item in items:
            report = reports.get(about(item))
            course = {"progress": progress_json(report), "chase": chased(report)}
            print_json({**as_json(item), **course, "as_of": plain(lists.day)})
    else:
        show_due(items, lists.day, lists.told, reports)
        print(f"{plural(len(items), 'item')}, overdue or due {_range(first, last)}")
        if told := _chases(items, reports):
            print(told)
    return Status.OK


known_chases = ("not_done", "not_reported", "not_acted_on", "not_recorded")

Which = tuple[int, Item]
"""A due item of a patient, by number."""


def about(item: Due) -> Which:
    """What names a due item among all of all patients."""
    return item.patient_id, item_of(item.pathway, item)


def _put_off(lists: Lists, site: SiteDesk, items: Sequence[Due]) -> set[Which]:
    """Those of these items that somebody has taken on or put off until a day that lies ahead."""
    with lists.here.database.reading() as connection:
        desks = desks_of(connection, {item.patient_id for item in items}, site)
    return {
        about(item)
        for item in items
        if put_off(about(item)[1], desks[item.patient_id], lists.day, None) is not None
    }


def _reports(lists: Lists, site: SiteDesk, items: Sequence[Due]) -> dict[Which, Progress]:
    """What was reported of these items, of those of which anything was."""
    patients = {item.patient_id for item in items}
    with lists.database.reading() as derived, lists.here.database.reading() as recorded:
        found = courses(derived, recorded, patients, site, lists.day)
    told = (
        (about(item), found[item.patient_id].report(about(item)[1]))
        for item in items
        if item.patient_id in found
    )
    return {which: report for which, report in told if report}


def to_chase(item: Due, report: Progress | None, what: str, today: date) -> bool:
    """Whether somebody can do something about it today: not before it opens, nor while it is put off, nor
    what only informs and has passed.
    """
    waits = report is not None and report.comes_back is not None and report.comes_back > today
    over = item.overdue_from is None and item.due < today
    return item.opens <= today and not waits and not over and chased(report) == what


def _chases(items: Sequence[Due], reports: Mapping[Which, Progress]) -> str:
    """What is to be chased of what is overdue."""
    late = [chased(reports.get(about(item))) for item in items if item.status in LATE]
    counted = {what: late.count(what) for what in known_chases if what in late}
    if not late:
        return ""
    told = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in counted.items())
    return f"Of what is overdue: {told}"


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


def show_due(
    items: Sequence[Due],
    today: date,
    told: str | None = None,
    reports: Mapping[Which, Progress] = MappingProxyType({}),
) -> None:
    """The table for a person, under what is `told` about its day; what was reported below its item."""
    from rich.text import Text

    from cli.console import console, table, word

    out = console()
    if told:
        out.print(told)
    codes = ("Code",) if out.width >= NARROW else ()
    made = table("Due", "", "Status", "Patient", "What", *codes)
    for item in items:
        report = reports.get(about(item))
        made.add_row(
            plain(item.due),
            distance(item.due, today, item.overdue_from if item.status in LATE else None),
            word(item.status),
            item.reference,
            Text("\n").join(
                [Text(item.title), *([Text(progress_words(progress_json(report)), "cyan")] if report else [])]
            ),
            *([item.item] if codes else []),
        )
    out.print(made)
