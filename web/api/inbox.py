"""What somebody was told, for programs in their name."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from notifications.inbox import Line
from web.api import answers_lists
from web.api.door import Here, answer_of
from web.api.rules import Operations
from web.fresh import freshen
from web.shown.inbox import lines, overdue, whose
from web.shown.patient_due import key_of

OPERATIONS = Operations()


@OPERATIONS.get("/inbox", "patients:read", answers_lists.Inbox, 404)
def inbox(
    visit: Here,
    of: Annotated[
        str, Query(description="One's own, by default, or that of one's team.", max_length=200)
    ] = "",
    everything: Annotated[bool, Query(description="Also what ended more than two weeks ago.")] = False,
) -> Response:
    """What the account was told, as it stands now; `key` names the due item in other addresses."""
    name = whose(visit, of)
    freshen(visit)
    found = lines(visit, name, everything=everything) if name else []
    visit.seen("inbox", owner=name, shown=len(found))
    items, patients = overdue(visit, name) if name else (0, 0)
    return answer_of(
        answers_lists.Inbox(
            of=name, lines=tuple(map(_line, found)), overdue_items=items, overdue_patients=patients
        )
    )


def _line(one: Line) -> answers_lists.InboxLine:
    return answers_lists.InboxLine(
        number=one.patient_id,
        reference=one.reference,
        key=key_of(one.about),
        item=one.about.item,
        title=one.title,
        due=one.about.due,
        overdue_from=one.late_since,
        rung=one.rung,
        told=one.told,
        to=one.to,
        standing=one.standing,
        why=one.why,
    )
