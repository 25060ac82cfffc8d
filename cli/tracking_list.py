"""`carepath list`: where every patient stands, the longest overdue first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Annotated, Any

import typer

from cli.at_desk import site_desk
from cli.lists_on import AsOf, Lists, lists_on
from cli.output import complain, print_json
from cli.parameters import JsonLines
from cli.status import BadInput, Status
from cli.tracking_table import OnDesk, adrift_words, loads_words, next_title, overdue_from, show_list
from cli.workplace import Workplace
from coordination import outlook
from coordination.fitting import NOBODY
from coordination.site_desk import SiteDesk
from engine.answer import plain
from interop.desk_json import overview_json
from pathways.titles import closed_states, known_deviations, known_states, state_title
from pathways.vocabulary import closest
from store import heartbeat, outlooks
from store.outlooks import By
from store.settle import Reckoning
from store.tracking import Facets, Tracked, Wanted, Whose, count, facets, loads, tracking_list

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
    owner: Annotated[
        str,
        typer.Option(metavar="OWNER", help="Only patients of this person or team; `nobody` for no owner."),
    ] = "",
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only references that contain this text.")] = "",
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, max=_FAR, help="Patients on a page; 0 for all.")
    ] = 50,
    page: Annotated[int, typer.Option(metavar="N", min=1, max=_FAR, help="Which page.")] = 1,
    as_of: AsOf = None,
    json: JsonLines = False,
) -> Status:
    """The tracking list: state, days in it, the next step with its date, whose it is; overdue first.

    Where somebody works here, patients who could get lost stand first. `N d late` counts the days since the
    item became overdue, and the longest comes first. What is still undone 14 days after (the setting
    escalate_after_days) is escalated: `carepath due` shows which.
    """
    with lists_on(as_of) as lists:
        _warn_of_a_standstill(lists.here)
        site = site_desk(lists.here)
        wanted = wanted_of(site, state, overdue, deviation, owner, search)
        rows, total = _page(lists, wanted, due_within, limit, page, site)
        conditions = {
            "state": wanted.state,
            "overdue": overdue or None,
            "deviation": deviation,
            "owner": owner,
        }
        lists.seen(search, {**conditions, "due_within": due_within, "page": page}, len(rows))
        on_desk = OnDesk.of(lists, site, rows)
        footer = [] if json else list(_footer(lists, wanted, site, len(rows), total, due_within, limit, page))
    if json:
        for row in rows:
            day = row.derived_on if row.day_zero else lists.day
            overview = on_desk.overviews.get(row.patient_id)
            work = overview_json(overview, lists.day) if overview else None
            print_json({**as_json(row, lists.day), "work": work, "as_of": plain(day)})
    else:
        show_list(rows, lists.day, lists.told, on_desk)
        print("\n".join(footer))
    return Status.OK


def wanted_of(site: SiteDesk, state: str, overdue: bool, deviation: str, owner: str, search: str) -> Wanted:
    """What was asked of the list; the pool has those whom nobody owns as well. Raises BadInput."""
    _known_code(deviation)
    wanted = whose(site, owner)
    return Wanted(
        _state(state) or None,
        overdue or None,
        deviation or None,
        text=search or None,
        owner=wanted.owner,
        unowned=wanted.nobody,
        closed=closed_states(),
        pooled=site.site.pool is not None,
    )


def whose(site: SiteDesk, owner: str) -> Whose:
    """Whose patients are meant by an owner as typed. Raises BadInput for a name of nobody here."""
    known = (NOBODY, *site.people, *site.teams)
    if owner and owner not in known:
        raise BadInput(
            f"nobody here is called {owner!r}{closest(owner, known)}; `carepath desk person` shows who is"
        )
    pool = site.site.pool
    nobody = owner == NOBODY or (pool is not None and owner == pool)
    return Whose(owner if owner and owner != NOBODY else None, nobody)


def _warn_of_a_standstill(here: Workplace) -> None:
    """Whoever works with the list relies on reminders; workers go by the clock they share.

    Told by the clocks of the site, as they stood then.
    """
    from notifications.clock import SharedClock

    with here.database.reading() as connection:
        workers, site = heartbeat.workers(connection), SiteDesk.read(connection).site
    since = heartbeat.standstill(workers, SharedClock(here.database)()) if workers else None
    if since:
        told = f"no worker has given a sign since {since.astimezone(site.time_zone):%Y-%m-%d %H:%M}"
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
    lists: Lists, wanted: Wanted, due_within: int | None, limit: int, page: int, site: SiteDesk
) -> tuple[list[Tracked], int]:
    """The rows of one page, and how many there are in all; who could get lost first, where anybody works
    here. Of whom a working date has passed stands after what is overdue, before what lies ahead; who left
    the pathway stands last.
    """
    by = _up_to_date(lists) if due_within is None else None
    whole = [replace(wanted, adrift=adrift) for adrift in (True, False)] if site.people else [wanted]
    upto: list[Tracked] = []
    for part in chain.from_iterable(_in_parts(one, by) for one in whole):
        most = limit * page - len(upto) if limit and due_within is None else None
        found = tracking_list(lists.database, part, limit=most) if most != 0 else []
        upto += found if due_within is None else _until(found, lists.day + timedelta(days=due_within))
    total = count(lists.database, wanted) if due_within is None else len(upto)
    first = limit * (page - 1)
    return upto[first : first + limit] if limit else upto, total


def _up_to_date(lists: Lists) -> By:
    """See to it that of everybody it is known whether a working date has passed; answers by what."""
    recorded = lists.here.database
    at = Reckoning(lists.day, lists.here.now, lists.here.derive)
    outlook.bring_up_to_date(lists.database, recorded, at, closed_states())
    with recorded.reading() as connection:
        return outlooks.by(connection, lists.day)


def _in_parts(wanted: Wanted, by: By | None) -> Iterator[Wanted]:
    """The same patients in parts: with something overdue, with a working date that has passed, the others,
    and those of whom nothing is to be done any more.
    """
    if wanted.overdue or by is None:
        yield wanted
        return
    yield replace(wanted, overdue=True)
    yield replace(wanted, overdue=False, passed=True, by=by)
    ahead = replace(wanted, overdue=False, passed=False, by=by)
    yield from (replace(ahead, left=left) for left in (False, True))


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
        "blocked": row.blocked and row.state not in closed_states(),
        "undetermined": row.undetermined,
        "latest_activity": plain(row.latest_activity),
        "owner": row.owner,
        "derived_on": plain(row.derived_on),
        "trouble": row.trouble,
        "day_zero": row.day_zero,
    }


def _footer(
    lists: Lists,
    wanted: Wanted,
    site: SiteDesk,
    shown: int,
    total: int,
    due_within: int | None,
    limit: int,
    page: int,
) -> Iterator[str]:
    """What the page is part of, and what stands out in the whole."""
    yield _pages(shown, total, limit, page)
    if due_within is None and shown < total:
        yield _of_all(facets(lists.database, wanted))
    if not site.people:
        return
    if adrift := count(lists.database, replace(wanted, adrift=True)):
        unowned = 0 if wanted.pooled or wanted.owner else count(lists.database, _unowned(wanted))
        yield adrift_words(adrift, unowned)
    yield loads_words(loads(lists.database, closed_states()), site.site.pool)


def _unowned(wanted: Wanted) -> Wanted:
    """Those of them whom nobody owns and somebody should."""
    return replace(wanted, unowned=True, adrift=True)


def _pages(shown: int, total: int, limit: int, page: int) -> str:
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
