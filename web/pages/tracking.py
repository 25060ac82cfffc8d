"""The tracking list: a coordinator's morning on one page."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.responses import Response

from coordination import reach
from coordination.board_ahead import BoardAhead
from coordination.fitting import NOBODY
from coordination.next_step import NextStep
from coordination.outlook import Overview, overviews, work_out
from coordination.ownership import looked_after
from engine.calendar import completed_years
from pathways.titles import closed_states, known_states, state_title
from store import accounts, desk, desk_list, identities, outlooks, views, worklist
from store.desk import Said
from store.desk_list import BUCKETS, DUE, FLAGS, ORDERS, Due, Order, Row, Scope, Ticked
from store.desk_list_counts import Counts, Tallies, tallied
from store.errors import Busy
from store.outlooks import By
from web.fresh import freshen
from web.pages.tracking_window import Window, statement, window
from web.rules import READS, Pages
from web.visit import Visit

PAGES = Pages()
AT_ONCE: Final = 50
OPEN: Final = tuple(one for one in DUE if one != "closed")
"""Of whom something is to be done: the others are shown where they are asked for."""
FEW: Final = 5_000
"""Patients whose references are opened for a search, about ten in a millisecond."""
FURTHEST: Final = 10_000
"""Pages beyond which nobody looks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `owner`: a name, `me`, `nobody`, or empty for everybody."""

    owner: str
    ticked: Ticked
    order: Order
    page: int

    def address(self, **changes: object) -> str:
        """The address of the same list, with changes; of its first page."""
        said: dict[str, object] = {
            "owner": self.owner,
            "due": self.ticked.due,
            "flag": self.ticked.flags,
            "day": self.ticked.buckets,
            "state": self.ticked.states,
            "order": "" if self.order == "due" else self.order,
        }
        said |= changes
        given = {
            name: value for name, value in said.items() if name == "owner" or value not in ("", (), None)
        }
        return f"/?{urlencode(given, doseq=True)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One patient as the page shows it."""

    row: Row
    name: str
    age: int | None
    day: int | None
    state: str
    in_state: int | None
    step: NextStep | None
    stage: int
    kind: Due
    days: int | None
    on: date | None
    mine: bool
    paused: str
    comment: Said | None
    untracked: int | None
    window: Window | None
    board: BoardAhead | None
    corrected: bool

    @property
    def reference(self) -> str:
        return self.row.person.reference if self.row.person else f"#{self.row.number}"


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
    everybody = Asked("", desk_list.nothing, "due", 1)
    return _list(visit, everybody, tuple(found), text)


def found_by(connection: Connection, text: str) -> list[int]:
    """Whom a text finds by an index; where that is nobody, and patients are few, who has it in the reference,
    of which each is opened for that.
    """
    found = identities.found_by_index(connection, text)
    return found or (identities.searched(connection, text) if identities.are_few(connection, FEW) else [])


def _list(visit: Visit, asked: Asked, numbers: tuple[int, ...] | None, text: str) -> Response:
    closed = closed_states()
    ticked = asked.ticked if text or asked.ticked.due else replace(asked.ticked, due=OPEN)
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
    searched = {"search": "yes"} if text else {}
    visit.seen("list", None, **searched, owner=asked.owner, page=asked.page, shown=len(lines))
    return visit.page(
        "list.html",
        here="/",
        asked=asked,
        lines=lines,
        counts=counts,
        facets=_facets(asked, counts),
        total=total,
        first=first + 1,
        whose=everybody.open_,
        views=_views(visit, everybody),
        kept=kept,
        once=accounts.new_secret(),
        source=statement(),
        text=text,
        older=older,
    )


def _total(connection: Connection, scope: Scope, by: By, ticked: Ticked, found: Tallies) -> int:
    """How many patients the list has."""
    if ticked.flags or ticked.buckets or ticked.states:
        return desk_list.count(connection, scope, by, ticked)
    return found.number(ticked.due or DUE, scope.owners)


def asked_for(visit: Visit, query: QueryParams) -> Asked:
    """What is asked for behind the question mark, with what is nonsense in it left out."""
    owner = query.get("owner", "me" if visit.account.name in visit.site.people else "")[:60]
    buckets = tuple(place for place in range(len(BUCKETS)) if str(place) in query.getlist("day"))
    ticked = Ticked(
        due=tuple(one for one in DUE if one in query.getlist("due")),
        flags=tuple(one for one in FLAGS if one in query.getlist("flag")),
        buckets=buckets,
        states=tuple(one for one in known_states() if one in query.getlist("state")),
    )
    order: Order = next((one for one in ORDERS if one == query.get("order")), "due")
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Asked(owner, ticked, order, min(max(number, 1), FURTHEST))


def scope_of(visit: Visit, owner: str, closed: tuple[str, ...], numbers: tuple[int, ...] | None) -> Scope:
    """Of whom is spoken; who is limited to teams hears of no others."""
    named: dict[str, tuple[str | None, ...] | None] = {"": None, "me": _mine(visit), NOBODY: (None,)}
    owners = named.get(owner, (owner,))
    teams = visit.account.teams
    limited = reach.owners(visit.site, teams) if teams else None
    return Scope(visit.today, closed, owners, limited, numbers, visit.corrected)


def _mine(visit: Visit) -> tuple[str | None, ...]:
    """The owners whose patients somebody looks after today."""
    return tuple(looked_after(visit.site, visit.account.name, visit.today))


def lines_of(visit: Visit, rows: list[Row]) -> list[Line]:
    """What the desk knows of each patient, beside the row; it is kept for the next who asks."""
    numbers = [one.number for one in rows]
    open_ = [one.number for one in rows if one.due != "closed" and not one.day_zero]
    with suppress(Busy):  # it is worked out again, then
        work_out(visit.database, open_, visit.reckoning)
    with visit.database.reading() as connection:
        ahead = dict(overviews(connection, connection, open_, visit.site, visit.today))
        comments = desk.last_comments(connection, numbers, worklist.parts(connection, numbers))
    return [_line(visit, one, ahead.get(one.number), comments.get(one.number)) for one in rows]


def _line(visit: Visit, row: Row, ahead: Overview | None, comment: Said | None) -> Line:
    today = row.derived_on if row.day_zero else visit.today
    step = ahead.work.step if ahead else None
    person = row.person
    kind, on = row.due, step.on if step else row.next_due
    late = step.late_from if step else None
    overdue = row.urgent_on if row.due == "overdue" else late
    days = (today - overdue).days + 1 if kind == "overdue" and overdue else (on - today).days if on else None
    untracked = (today - ahead.tracked_on).days if ahead else None
    limit = visit.site.site.untracked_days
    return Line(
        row=row,
        name=(person.name or person.reference) if person else f"#{row.number}",
        age=completed_years(person.birth_date, today) if person and person.birth_date else None,
        day=(today - row.began_on).days if row.began_on else None,
        state=state_title(row.state),
        in_state=(today - row.entered_on).days if row.entered_on else None,
        step=step,
        stage=_stage(step),
        kind=kind,
        days=days,
        on=on,
        mine=bool(ahead and ahead.outlook.taken_on),
        paused=_held(ahead),
        comment=comment,
        untracked=untracked if untracked is not None and untracked > limit else None,
        window=window(row.clock, row.clock_from, row.clock_until, today) if row.due != "closed" else None,
        board=ahead.outlook.board if ahead else None,
        corrected=row.number in visit.corrected,
    )


def _held(ahead: Overview | None) -> str:
    if ahead and ahead.outlook.lost_on:
        return "lost to follow-up"
    return "paused" if ahead and ahead.outlook.paused_on else ""


def _stage(step: NextStep | None) -> int:
    """How many of the four stages are behind: ordered, booked, done, reported."""
    reached = {"ordered": 1, "booked": 2, "not_attended": 1, "done": 3, "reported": 4, "acted_on": 4}
    return reached.get(step.report.status, 0) if step and step.report else 0


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
    own = found.number(OPEN, _mine(visit))
    mine = [View("My patients", "/?owner=me", own)] if visit.may("coordinator", "clinician") else []
    late: tuple[Due, ...] = ("none", "overdue", "passed")
    pressing = View("All overdue", f"/?owner=&{urlencode({'due': late}, doseq=True)}", found.number(late))
    nobody = View("Nobody's", f"/?owner={NOBODY}", found.number(OPEN, (None,)))
    everybody = View("All", "/?owner=", found.number(OPEN))
    return [*mine, pressing, *([nobody] if nobody.number else []), everybody]
