"""`carepath list`: where every patient stands, the longest overdue first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from cli.days import distance
from cli.lists_on import AsOf, Lists, lists_on
from cli.output import complain, print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.titles import known_deviations, known_states, state_title, step_title, timer_title
from cli.workplace import Workplace
from engine.answer import plain
from pathways.vocabulary import closest
from store import heartbeat
from store.tracking import Facets, Tracked, Wanted, count, facets, tracking_list

_FAR = 100_000
"""Days, patients or pages beyond which nobody asks, and nothing is counted."""


def list_patients(
    state: Annotated[
        str, typer.Option(metavar="STATE", help="Only patients in this state of the main pathway.")
    ] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only patients with something overdue.")] = False,
    deviation: Annotated[
        str, typer.Option(metavar="CODE", help="Only patients with this deviation; `any` for an open one.")
    ] = "",
    due_within: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS", min=0, max=_FAR, help="Only what is overdue or due within so many days."
        ),
    ] = None,
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only references that contain this text.")] = "",
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, max=_FAR, help="Patients on a page; 0 for all.")
    ] = 50,
    page: Annotated[int, typer.Option(metavar="N", min=1, max=_FAR, help="Which page.")] = 1,
    as_of: AsOf = None,
    json: JsonLines = False,
) -> Status:
    """The tracking list: state, days in it, the next step with its date; overdue first.

    `N d late` counts the days since the item became overdue, and the longest comes first. What is
    still undone 14 days after (the setting escalate_after_days) is escalated: `carepath due` shows which.
    """
    _known_code(deviation)
    wanted = Wanted(_state(state) or None, overdue or None, deviation or None, text=search or None)
    with lists_on(as_of) as lists:
        _warn_of_a_standstill(lists.here)
        rows, total = _page(lists, wanted, due_within, limit, page)
        conditions = {"state": wanted.state, "overdue": overdue or None, "deviation": deviation}
        lists.seen(search, {**conditions, "due_within": due_within, "page": page}, len(rows))
        more = due_within is None and len(rows) < total
        counted = facets(lists.database, wanted) if more and not json else None
    if json:
        for row in rows:
            day = row.derived_on if row.day_zero else lists.day
            print_json({**as_json(row, lists.day), "as_of": plain(day)})
    else:
        show_list(rows, lists.day, lists.told)
        print(_footer(len(rows), total, limit, page))
        if counted:
            print(_of_all(counted))
    return Status.OK


def _warn_of_a_standstill(here: Workplace) -> None:
    """Whoever works with the list relies on reminders."""
    with here.database.reading() as connection:
        since = heartbeat.standstill(heartbeat.workers(connection), here.now)
    if since:
        told = f"no worker has given a sign since {since.astimezone(here.now.tzinfo):%Y-%m-%d %H:%M}"
        complain(f"carepath: reminders stand still, {told}; `carepath doctor` says what is to be done")


def _state(said: str) -> str:
    """The state that is meant, by its name or by its title as the list shows it."""
    titles = {state_title(name).casefold(): name for name in known_states()}
    state = titles.get(said.casefold(), said)
    if state and state not in known_states():
        states = "".join(f"\n  {name}  {state_title(name)}" for name in known_states())
        raise BadInput(f"there is no state {said!r}{closest(said, known_states())}; states:{states}")
    return state


def _known_code(deviation: str) -> None:
    if deviation not in ("", "any", *known_deviations()):
        raise BadInput(f"there is no deviation {deviation!r}{closest(deviation, known_deviations())}")


def _page(
    lists: Lists, wanted: Wanted, due_within: int | None, limit: int, page: int
) -> tuple[list[Tracked], int]:
    """The rows of one page, and how many there are in all."""
    if due_within is None:
        upto = tracking_list(lists.database, wanted, limit=limit * page or None)
        total = count(lists.database, wanted)
    else:
        last = lists.day + timedelta(days=due_within)
        upto = list(_until(tracking_list(lists.database, wanted, limit=None), last))
        total = len(upto)
    first = limit * (page - 1)
    return upto[first : first + limit] if limit else upto, total


def _until(rows: list[Tracked], last: date) -> Iterator[Tracked]:
    """The list is in this order: overdue, then by date, then those of whom nothing is due."""
    for row in rows:
        if row.rank > 1 or (row.rank == 1 and row.urgent_on > last):
            return
        yield row


def as_json(row: Tracked, today: date) -> dict[str, Any]:
    """A row with everything the table shows."""
    return {
        "patient": row.reference,
        "state": row.state,
        "state_title": state_title(row.state),
        "entered_on": plain(row.entered_on),
        "days_in_state": row.days_in_state(today),
        "overdue": row.overdue,
        "due": row.due,
        "next_item": row.next_item,
        "next_due": plain(row.next_due),
        "overdue_from": plain(overdue_from(row)),
        "next_step": row.next_step,
        "next_title": next_title(row),
        "open_deviations": row.deviations,
        "blocked": row.blocked,
        "undetermined": row.undetermined,
        "latest_activity": plain(row.latest_activity),
        "derived_on": plain(row.derived_on),
        "trouble": row.trouble,
        "day_zero": row.day_zero,
    }


def next_title(row: Tracked) -> str:
    """What is due next, else a step that may be taken."""
    if row.next_item:
        return timer_title(row.next_item)
    return step_title(row.next_step) if row.next_step else ""


def overdue_from(row: Tracked) -> date | None:
    """The first day on which what is due next was overdue, if it is: by it the list is in order."""
    return row.urgent_on if row.rank == 0 else None


def show_list(rows: list[Tracked], today: date, told: str | None = None) -> None:
    """The table for a person, under what is `told` about its day."""
    from rich.text import Text

    from cli.console import console, table

    made = table()
    made.add_column("Patient", no_wrap=True)
    made.add_column("State", no_wrap=True, overflow="ellipsis", ratio=5)
    made.add_column("Days", justify="right", no_wrap=True)
    made.add_column("Next step", no_wrap=True, overflow="ellipsis", ratio=6)
    made.add_column("Date", no_wrap=True)
    made.add_column("", no_wrap=True)
    made.add_column("Dev.", justify="right", no_wrap=True)
    made.expand = True
    for row in rows:
        late = row.rank == 0
        days = row.days_in_state(today)
        made.add_row(
            f"{row.reference} !" if row.trouble else row.reference,
            state_title(row.state),
            "" if days is None else str(days),
            next_title(row),
            plain(row.next_due) or "",
            Text(distance(row.next_due, today, overdue_from(row)), "bold red" if late else "")
            if row.next_due
            else "",
            Text(str(row.deviations), "yellow") if row.deviations else "",
        )
    if told:
        console().print(told)
    console().print(made)


def _footer(shown: int, total: int, limit: int, page: int) -> str:
    if not shown:
        return f"No patient on page {page}; {total} in all." if total else "No patient."
    first = limit * (page - 1) + 1
    told = f"{first}-{first + shown - 1} of {total} patients"
    return f"{told}; --page {page + 1} shows more" if first + shown - 1 < total else told


def _of_all(counted: Facets) -> str:
    """What the pages that are not shown hold as well."""
    later = counted.due - counted.overdue
    known = f"{counted.overdue} with something overdue, {later} with something due later"
    return f"Of all: {known}, {counted.deviations} with open deviations."
