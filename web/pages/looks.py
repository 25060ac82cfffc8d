"""Language, theme and density, kept in the browser: nobody has to sign in for them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Match

from web import signing
from web.render import DENSITIES, LANGUAGES, THEMES
from web.rules import ANYBODY, EVERYBODY, Pages
from web.visit import Stopped, Visit

PAGES = Pages()


@PAGES.get("/{anything:path}", EVERYBODY)
def nowhere(visit: Visit) -> Response:
    """Whatever is no page. An address that only answers a form leads to the beginning."""
    request = visit.request
    sent = {**request.scope, "method": "POST"}
    if any(route.matches(sent)[0] is Match.FULL for route in request.app.routes):
        return visit.go(visit.home)
    raise Stopped(404, "There is no such page")


@PAGES.post("/looks", ANYBODY)
def choose(visit: Visit) -> Response:
    """Take what was chosen, leave the rest as it is, and go back."""
    looks = visit.looks
    language = visit.field("language") if visit.field("language") in LANGUAGES else looks.language
    theme = visit.field("theme") if "theme" in visit.typed else looks.theme
    density = visit.field("density") if "density" in visit.typed else looks.density
    kept = ".".join((language, theme if theme in THEMES else "", density if density in DENSITIES else ""))
    answer = visit.go(signing.within(visit.field("back")))
    answer.set_cookie(
        "look", kept, max_age=31_536_000, samesite="lax", secure=visit.place.secure, httponly=True
    )
    return answer
