"""Addresses of lists, as views of them are kept."""

from __future__ import annotations

from starlette.datastructures import QueryParams

from store.views import Page
from web.shown import deviations_asked, tracking_asked
from web.visit import Visit


def address_of(visit: Visit, page: Page, query: str) -> str:
    """The address of what a page is asked for, with what is nonsense left out; of its first page."""
    asked = QueryParams(query)
    if page == "deviations":
        return deviations_asked.asked_for(asked).address()
    return tracking_asked.asked_for(visit, asked).address()
