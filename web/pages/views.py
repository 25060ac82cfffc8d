"""The views that somebody keeps of the tracking list and of the register: saved, renamed, deleted."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from store import views
from store.errors import Refused
from store.views import PAGES as KNOWN
from store.views import Page, View
from web.form import Form
from web.rules import READS, Pages
from web.shown.addresses import address_of
from web.visit import Visit

PAGES = Pages()
PATHS: Final[dict[Page, str]] = {"list": "/", "deviations": "/deviations"}


@PAGES.get("/views", READS)
def kept(visit: Visit) -> Response:
    """All views of who asks."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, **told: Any) -> Response:
    with visit.database.reading() as connection:
        found = views.of(connection, visit.account.id)
    return visit.page("views.html", status, **{"kept": found, "paths": PATHS, "faults": {}, **told})


@PAGES.post("/views", READS)
def save(visit: Visit) -> Response:
    """Keep what is shown by a name, and go back to it."""
    form = Form(visit)
    page, query = page_of(visit), visit.field("query", views.LONGEST_QUERY)
    address = address_of(visit, page, query)
    view = View(page, form.text("name", views.LONGEST), address.partition("?")[2], bool(visit.field("first")))
    try:
        with visit.database.writing() as connection:
            views.save(connection, visit.account.id, view)
    except Refused as refused:
        form.refused(refused.faults, "name")
    return visit.go(address) if form.fits else _page(visit, 422, faults=form.faults)


@PAGES.post("/views/change", READS)
def change(visit: Visit) -> Response:
    """Give a view another name, or let its page begin with it or no more."""
    form, page = Form(visit), page_of(visit)
    name, new = visit.field("view", views.LONGEST), form.text("name", views.LONGEST)
    try:
        with visit.database.writing() as connection:
            begins = bool(visit.field("first"))
            views.change(connection, visit.account.id, page, name, new, is_first=begins)
    except Refused as refused:
        form.refused(refused.faults, "name")
    return visit.go("/views") if form.fits else _page(visit, 422, faults=form.faults)


@PAGES.post("/views/delete", READS)
def delete(visit: Visit) -> Response:
    """Keep a view no more."""
    with visit.database.writing() as connection:
        views.delete_one(connection, visit.account.id, page_of(visit), visit.field("view", views.LONGEST))
    return visit.go("/views")


def page_of(visit: Visit) -> Page:
    """The page that a form names; the list, where it names none."""
    return next((one for one in KNOWN if one == visit.field("page", 20)), "list")
