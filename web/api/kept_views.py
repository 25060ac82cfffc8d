"""The views that an account keeps of the tracking list and of the register."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from store import views
from web.api import answers_lists
from web.api.asked import ViewAsked, ViewChange, ViewDelete
from web.api.door import Here, answer_of
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
        return _told(visit, connection, page)


@OPERATIONS.post("/views", HOLDERS, answers_lists.Views)
def save_view(visit: Here, asked: ViewAsked) -> Response:
    """Keep filters and order by a name; a view of the same name is replaced."""
    query = address_of(visit, asked.page, asked.query).partition("?")[2]
    with visit.database.writing() as connection:
        views.save(connection, visit.account.id, views.View(asked.page, asked.name, query, asked.first))
        return _told(visit, connection, asked.page)


@OPERATIONS.post("/views/change", HOLDERS, answers_lists.Views)
def change_view(visit: Here, asked: ViewChange) -> Response:
    """Give a view another name, and say whether its page begins with it."""
    with visit.database.writing() as connection:
        given = asked.page, asked.name, asked.new
        if not views.change(connection, visit.account.id, *given, is_first=asked.first):
            raise Failed("impossible", "There is no view of this name.")
        return _told(visit, connection, asked.page)


@OPERATIONS.post("/views/delete", HOLDERS, answers_lists.Views)
def delete_view(visit: Here, asked: ViewDelete) -> Response:
    """Keep a view no more; it is the same where there is none."""
    with visit.database.writing() as connection:
        views.delete_one(connection, visit.account.id, asked.page, asked.name)
        return _told(visit, connection, asked.page)


def _told(visit: Visit, connection: Connection, page: views.Page | None) -> Response:
    found = views.of(connection, visit.account.id, page)
    return answer_of(answers_lists.Views(views=tuple(answers_lists.View(**one._asdict()) for one in found)))
