"""The tracking list: a coordinator's morning on one page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from coordination.fitting import NOBODY
from pathways.titles import closed_states, known_states, state_title
from store import accounts, desk_list, outlooks, views
from store.desk_list import BUCKETS, DUE, FLAGS, Due, Scope, Ticked
from store.desk_list_counts import Counts, Tallies, count, tallied
from store.outlooks import By
from web.fresh import freshen
from web.rules import READS, Pages
from web.shown.tracking_asked import Asked, asked_for
from web.shown.tracking_lines import OPEN, found_by, found_elsewhere, lines_of, my_owners, scope_of, shown_of
from web.shown.tracking_window import statement
from web.visit import Stopped, Visit

PAGES = Pages()
AT_ONCE: Final = 50


@PAGES.get("/", READS)
def home(visit: Visit) -> Response:
    """The list as the address narrows it; at first the patients of who asks, where there are any."""
    query = visit.request.query_params
    if not query:
        with visit.database.reading() as connection:
            query = QueryParams(views.first(connection, visit.account.id, "list") or "")
    return _list(visit, asked_for(visit, query), None, "")


@PAGES.post("/search", READS)
def search(visit: Visit) -> Response:
    """Whom a name or a number finds: it is typed into a form, so that it stands in no address."""
    text = visit.field("q", 200)
    if not text:
        return visit.go("/")
    with visit.database.reading() as connection:
        found = found_by(connection, text)
        elsewhere = found_elsewhere(connection, visit, text)
    return _list(visit, ALL, tuple(found), text, elsewhere=elsewhere)


ALL: Final = Asked("", desk_list.nothing, "due", 1)


def once_more(visit: Visit, why: Stopped, numbers: Collection[int]) -> Response:
    """Those who were selected, with what was typed, and why nothing was done for them."""
    asked = asked_for(visit, QueryParams(visit.field("back").partition("?")[2]))
    return _list(visit, ALL if numbers else asked, tuple(numbers) or None, "", why)


def _list(
    visit: Visit,
    asked: Asked,
    numbers: tuple[int, ...] | None,
    text: str,
    why: Stopped | None = None,
    elsewhere: Sequence[int] = (),
) -> Response:
    closed = closed_states()
    ticked = shown_of(asked.ticked) if numbers is None else asked.ticked
    older = freshen(visit)
    scope = scope_of(visit, asked.owner, closed, numbers)
    with visit.database.reading() as connection:
        by = outlooks.by(connection, visit.today)
        everybody = tallied(connection, scope_of(visit, "", closed, None), by)
        found = everybody if numbers is None else tallied(connection, scope, by)
        counts = found.counts(scope.owners)
        total = _total(connection, scope, by, ticked, found)
        asked = replace(asked, page=min(asked.page, max(1, -(-total // AT_ONCE))))  # it may have shrunk
        first = AT_ONCE * (asked.page - 1)
        rows = desk_list.page(connection, scope, by, ticked, order=asked.order, first=first, most=AT_ONCE)
        kept = views.of(connection, visit.account.id, "list")
    lines = lines_of(visit, rows)
    searched = {"search": "yes", "of other teams": len(elsewhere)} if text else {}
    visit.seen("list", None, **searched, owner=asked.owner, page=asked.page, shown=len(lines))
    return visit.page(
        "list.html",
        why.status if why else 200,
        here="/",
        asked=asked,
        lines=lines,
        counts=counts,
        facets=_facets(asked, counts),
        total=total,
        done=_done(visit),
        first=first + 1,
        whose=everybody.open_,
        anybody=everybody.number(DUE) > 0,
        views=_views(visit, everybody),
        kept=kept,
        once=accounts.new_secret(),
        source=statement(),
        text=text,
        few=numbers is not None,
        elsewhere=elsewhere,
        why=why,
        back=visit.field("back") if why else asked.address(),
        older=older,
    )


def _total(connection: Connection, scope: Scope, by: By, ticked: Ticked, found: Tallies) -> int:
    """How many patients the list has."""
    if ticked.flags or ticked.buckets or ticked.states:
        return count(connection, scope, by, ticked)
    return found.number(ticked.due or DUE, scope.owners)


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick: its value, words for it, how many patients there are, and whether it is ticked."""

    value: str
    word: str
    number: int
    ticked: bool


def _facets(asked: Asked, counts: Counts) -> dict[str, list[Choice]]:
    ticked = asked.ticked
    return {
        "due": [Choice(one, one, counts.due.get(one, 0), one in ticked.due) for one in DUE],
        "flag": [Choice(one, one, counts.flags[one], one in ticked.flags) for one in FLAGS],
        "day": [
            Choice(str(n), _bucket(*ends), counts.buckets.get(n, 0), n in ticked.buckets)
            for n, ends in enumerate(BUCKETS)
        ],
        "state": [
            Choice(one, state_title(one), number, one in ticked.states)
            for one in known_states()
            if (number := counts.states.get(one, 0)) or one in ticked.states
        ],
    }


def _bucket(first: int, last: int | None) -> str:
    return f"{first}–{last}" if last is not None else f"> {first - 1}"


@dataclass(frozen=True, slots=True)
class View:
    """A list that is asked for often."""

    word: str
    address: str
    number: int


def _views(visit: Visit, found: Tallies) -> list[View]:
    """Lists that everybody asks for, with how many are in them."""
    own = found.number(OPEN, my_owners(visit))
    mine = [View("My patients", "/?owner=me", own)] if visit.may("coordinator", "clinician") else []
    late: tuple[Due, ...] = ("none", "overdue", "passed")
    pressing = View("All overdue", f"/?owner=&{urlencode({'due': late}, doseq=True)}", found.number(late))
    nobody = View("Nobody's", f"/?owner={NOBODY}", found.number(OPEN, (None,)))
    everybody = View("All", "/?owner=", found.number(OPEN))
    return [*mine, pressing, *([nobody] if nobody.number else []), everybody]


def _done(visit: Visit) -> int:
    """For how many patients something was done just now from the list."""
    said = visit.asked("done")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
