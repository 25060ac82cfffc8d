"""The page of the inbox."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from coordination.rung_words import RUNG_WORDS
from interop.plain_text import day_words
from notifications.inbox import Line
from pathways.worded import with_days
from web.fresh import freshen
from web.rules import READS, WORKS, Pages
from web.shown.inbox import inboxes, lines, overdue, whose
from web.shown.patient_due import Mark, key_of, mark_of
from web.visit import Visit

PAGES = Pages()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox; `why` has its days spelled out, `mark` and `days` are as in the list of what is
    due, `key` as in its addresses.
    """

    line: Line
    why: str
    key: str
    mark: Mark | None
    days: int


@PAGES.get("/inbox", READS)
def inbox(visit: Visit) -> Response:
    """What is to be seen to, the late first, and apart from it what is not so any more."""
    name, everything = whose(visit, visit.asked("of")), bool(visit.asked("all"))
    freshen(visit)
    rows = [_row(visit, one) for one in lines(visit, name, everything=everything)] if name else []
    visit.seen("inbox", owner=name, shown=len(rows))
    return visit.page(
        "inbox.html",
        here="/inbox",
        name=name,
        names=inboxes(visit),
        standing=[one for one in rows if one.line.standing != "gone"],
        gone=[one for one in rows if one.line.standing == "gone"],
        everything=everything,
        does=visit.may(*WORKS),
        words=RUNG_WORDS,
        overdue=overdue(visit, name) if name else (0, 0),
    )


def _row(visit: Visit, one: Line) -> Row:
    why, key = with_days(one.why, day_words), key_of(one.about)
    if one.timer is None or one.standing == "gone":
        return Row(one, why, key, None, 0)
    until = one.progress.put_off if one.progress else None
    return Row(one, why, key, *mark_of(one.timer, visit.today, until))
