"""The tracking list."""

from __future__ import annotations

from starlette.responses import Response

from web.rules import READS, Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/", READS)
def home(visit: Visit) -> Response:
    return visit.page("list.html", here="/")
