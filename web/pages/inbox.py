"""The inbox: what somebody was told, worked out anew, so that what is not so any more says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from coordination import reach
from coordination.ownership import looked_after
from coordination.rung_words import RUNG_WORDS
from notifications.inbox import Line, inbox, owners, recent
from store import desk
from store.tracking import overdue_of
from web.fresh import freshen
from web.rules import READS, WORKS, Pages
from web.shown.patient_due import Mark, key_of, mark_of
from web.visit import Stopped, Visit

PAGES = Pages()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox; `mark` and `days` as in the list of what is due, `key` as in its addresses."""

    line: Line
    key: str
    mark: Mark | None
    days: int


@PAGES.get("/inbox", READS)
def inbox_page(visit: Visit) -> Response:
    """What is to be seen to, the late first, and apart from it what is not so any more."""
    names = inboxes(visit)
    name = visit.asked("of") or next(iter(names), "")
    if name and name not in names:
        raise Stopped(404, "There is no such inbox", "Yours, and those of your teams, stand there.")
    freshen(visit)
    lines, overdue = (_lines(visit, name), _overdue(visit, name)) if name else ([], (0, 0))
    if not visit.asked("all"):
        lines = recent(lines, visit.now)
    visit.seen("inbox", owner=name, shown=len(lines))
    rows = [_row(visit, one) for one in lines]
    return visit.page(
        "inbox.html",
        here="/inbox",
        name=name,
        names=names,
        standing=[one for one in rows if one.line.standing != "gone"],
        gone=[one for one in rows if one.line.standing == "gone"],
        everything=bool(visit.asked("all")),
        does=visit.may(*WORKS),
        words=RUNG_WORDS,
        overdue=overdue,
    )


def inboxes(visit: Visit) -> list[str]:
    """Whose inboxes somebody reads: their own first, then those of their teams."""
    site, me = visit.site, visit.account.name
    teams = sorted(one.name for one in site.teams.values() if one.active and me in one.members)
    return [*([me] if me in site.people else []), *teams]


def _lines(visit: Visit, name: str) -> list[Line]:
    with visit.database.reading() as connection:
        people = list(owners(visit.site, name))
        lines = inbox(connection, people, now=visit.now, derive=visit.place.derive)
        whose = desk.owners_of(connection, {one.patient_id for one in lines})
    return list(_within_reach(visit, lines, whose))


def _overdue(visit: Visit, name: str) -> tuple[int, int]:
    """How many items of how many patients are overdue, told or not: an empty inbox does not mean none."""
    with visit.database.reading() as connection:
        whose = looked_after(visit.site, name, visit.today)
        if visit.account.teams:
            whose &= reach.owners(visit.site, visit.account.teams)
        return overdue_of(connection, whose)


def _within_reach(visit: Visit, lines: Iterable[Line], whose: dict[int, str | None]) -> Iterable[Line]:
    """Without patients who have gone to other teams, for whoever is limited to some."""
    teams = visit.account.teams
    if not teams:
        return lines
    mine = reach.owners(visit.site, teams)
    return (one for one in lines if whose.get(one.patient_id) in mine)


def _row(visit: Visit, one: Line) -> Row:
    if one.timer is None or one.standing == "gone":
        return Row(one, key_of(one.about), None, 0)
    until = one.progress.put_off if one.progress else None
    return Row(one, key_of(one.about), *mark_of(one.timer, visit.today, until))
