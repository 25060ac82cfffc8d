"""The page of every setting."""

from __future__ import annotations

from starlette.responses import Response

from store.enrolments import all_settings
from web.rules import RUNS, Pages
from web.shown.settings import of_machine, of_pathways, of_site
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/operations/settings", RUNS)
def settings(visit: Visit) -> Response:
    """All of them."""
    everybody = all_settings(visit.database)
    return visit.page(
        "operations_settings.html",
        here="/operations",
        machine=list(of_machine(visit)),
        site_settings=list(of_site(visit)),
        pathway_settings=list(of_pathways(everybody)),
        patients=len(everybody),
    )
