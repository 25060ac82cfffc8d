"""Calendars by their secret addresses, for programs that sign in nowhere; and who makes such addresses."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from coordination.calendar_address import calendar_at, path, with_secret
from coordination.entries import CalendarAddress
from coordination.saying import arrange
from notifications.calendar_feed import feed
from notifications.calendars import occasions
from store import access, accounts
from store.access import Look
from store.record import anew
from web.pages.tokens import account_page
from web.rules import ANYBODY, READS, Pages
from web.shown.own_calendars import own_calendars
from web.visit import WEB, Stopped, Visit

PAGES = Pages()


@PAGES.get("/calendar/{secret}.ics", ANYBODY)
def calendar(visit: Visit) -> Response:
    """A calendar (RFC 5545) for whoever knows its address; nothing where it is as the program has it."""
    name = calendar_at(visit.site, str(visit.request.path_params["secret"]))
    if name is None or _has_left(visit, name):
        raise Stopped(404, "There is no such calendar", "Its address may have been replaced or revoked.")
    with visit.database.reading() as connection:
        found = list(occasions(connection, name, now=visit.now, derive=visit.place.derive))
    content = feed(name, found)
    headers = {"etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"', "cache-control": "private, no-cache"}
    if visit.request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    asked = {"owner": name, "shown": str(len(found))}
    look = Look("whoever knows the address", WEB, "calendar", None, asked)
    access.append(visit.database, look, visit.now)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _has_left(visit: Visit, name: str) -> bool:
    """Whether somebody works here no more, or may not sign in any more: what they know opens nothing then."""
    person = visit.site.people.get(name)
    with visit.database.reading() as connection:
        at_rest = any(one.name == name and not one.active for one in accounts.all_accounts(connection))
    return at_rest or (person is not None and not person.active)


@PAGES.post("/account/calendar/new", READS)
def make(visit: Visit) -> Response:
    """A new address of a calendar, shown once; an address that it had ends."""
    secret = accounts.new_secret()
    _arranged(visit, secret)
    return account_page(visit, address=str(visit.request.base_url.replace(path=path(secret))))


@PAGES.post("/account/calendar/revoke", READS)
def revoke(visit: Visit) -> Response:
    """The calendar has no address any more: programs that ask for it get nothing."""
    _arranged(visit, None)
    return visit.go("/account")


def _arranged(visit: Visit, secret: str | None) -> None:
    """Raises Stopped for the calendar of somebody else."""
    name = visit.field("calendar", 200)
    if name not in own_calendars(visit):
        raise Stopped(404, "There is no such calendar", "Yours, and those of your teams, stand there.")
    anew(lambda: _say(visit, with_secret(name, secret)))


def _say(visit: Visit, entry: CalendarAddress) -> None:
    with visit.database.writing() as connection:
        arrange(connection, lambda _: entry, recorder=visit.account.name, now=visit.now)
