"""The views that an account keeps of the tracking list and of the register."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from store import views
from store.answered import Answer
from web.api import answers_lists
from web.api.asked_operations import ViewAsked, ViewChange, ViewDelete
from web.api.door import Here, answer_of
from web.api.once import Doing, answer_kept
from web.api.problems import Failed
from web.api.rules import HOLDERS, Operations
from web.shown.addresses import address_of
from web.visit import Visit

OPERATIONS = Operations()
PageAsked = Annotated[Literal["list", "deviations"] | None, Query(description="Of one page; null: of all.")]


@OPERATIONS.get("/views", HOLDERS, answers_lists.Views)
def kept_views(visit: Here, page: PageAsked = None) -> Response:
    """The views of the account, by name."""
    with visit.database.reading() as connection:
        return answer_of(_found(visit, connection, page))


@OPERATIONS.post("/views", HOLDERS, answers_lists.Views)
def save_view(once: Doing, asked: ViewAsked) -> Response:
    """Keep filters and order by a name; a view of the same name is replaced."""
    visit = once.visit
    query = address_of(visit, asked.page, asked.query).partition("?")[2]

    def do(connection: Connection) -> Answer:
        views.save(connection, visit.account.id, views.View(asked.page, asked.name, query, asked.first))
        return answer_kept(_found(visit, connection, asked.page))

    return once.within(do)


@OPERATIONS.post("/views/change", HOLDERS, answers_lists.Views)
def change_view(once: Doing, asked: ViewChange) -> Response:
    """Give a view another name, and say whether its page begins with it."""
    account, given = once.visit.account.id, (asked.page, asked.name, asked.new)

    def do(connection: Connection) -> Answer:
        if not views.change(connection, account, *given, is_first=asked.first):
            raise Failed("impossible", "There is no view of this name.")
        return answer_kept(_found(once.visit, connection, asked.page))

    return once.within(do)


@OPERATIONS.post("/views/delete", HOLDERS, answers_lists.Views)
def delete_view(once: Doing, asked: ViewDelete) -> Response:
    """Keep a view no more; it is the same where there is none."""
    visit = once.visit

    def do(connection: Connection) -> Answer:
        views.delete_one(connection, visit.account.id, asked.page, asked.name)
        return answer_kept(_found(visit, connection, asked.page))

    return once.within(do)


def _found(visit: Visit, connection: Connection, page: views.Page | None) -> answers_lists.Views:
    found = views.of(connection, visit.account.id, page)
    return answers_lists.Views(views=tuple(answers_lists.View(**one._asdict()) for one in found))
