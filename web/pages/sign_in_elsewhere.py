"""Signing in elsewhere and coming back: an account is found by its subject there, never by its name."""

from __future__ import annotations

import logging

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from store import access, accounts, begun
from store.access import Look
from store.accounts import Account
from web import elsewhere, signing
from web.elsewhere import Away, Elsewhere, NotBelieved, Somebody
from web.rules import ANYBODY, Pages
from web.visit import WEB, Stopped, Visit

log = logging.getLogger("carepath.web")

PAGES = Pages()


@PAGES.get("/sign-in/elsewhere", ANYBODY)
def go(visit: Visit) -> Response:
    """Begin, and send the browser to the issuer."""
    there = _there(visit)
    answer = RedirectResponse("/", 303)
    secret = signing.half(visit, answer, visit.asked("to"))
    try:
        answer.headers["location"] = there.address(secret, visit.now)
    except Away as away:
        raise _away(away) from None
    return answer


@PAGES.get("/sign-in/elsewhere/back", ANYBODY)
def back(visit: Visit) -> Response:
    """Whoever was sent away is back: believed once, by this browser, if the issuer proves it."""
    there, half = _there(visit), signing.half_of(visit)
    query, finished = visit.request.query_params, None
    if half and half[1].account is None and elsewhere.answers(query, half[0]):
        with visit.database.writing() as connection:
            finished = begun.finish(connection, half[0], visit.now)
    if half is None or finished is None:
        raise Stopped(422, "This sign-in was not begun here, or took too long", "Begin anew.")
    if "error" in query:
        raise Stopped(403, "You were not signed in there", "Begin anew, or ask who looks after it.")
    try:
        who = there.somebody(half[0], query, visit.now)
    except Away as away:
        raise _away(away) from None
    except NotBelieved as wrong:
        log.error("a sign-in elsewhere was not believed: %s", wrong)
        told = "Nobody was signed in. The log of carepath says which check failed."
        raise Stopped(403, "That sign-in could not be checked", told) from None
    return signing.signed_in(visit, _account(visit, who), finished.goes_to, "elsewhere")


def _there(visit: Visit) -> Elsewhere:
    if visit.place.elsewhere is None:
        raise Stopped(404, "There is no such page")
    return visit.place.elsewhere


def _away(away: Away) -> Stopped:
    log.error("sign-in elsewhere: %s", away)
    told = "Try again in a moment. Accounts with a password of their own can sign in."
    return Stopped(503, "The place where you sign in does not answer", told)


def _account(visit: Visit, who: Somebody) -> Account:
    """The account of who signed in, with the roles of the groups there, if the site goes by them.

    Raises Stopped.
    """
    if who.roles is not None and not who.roles:
        raise Stopped(403, "You may not work here", "You are in no group there that this site lets in.")
    with visit.database.writing() as connection:
        found = accounts.of_subject(connection, who.subject)
        if found is None and who.roles and who.name:
            number = accounts.add(connection, who.name, who.roles, None, visit.now, must_change=False)
            accounts.sign_in_elsewhere(connection, who.name, who.subject)
            _logged(visit, connection, "account new", who.name, who.roles)
            return accounts.of_number(connection, number)
        if found is None:
            told = visit.t(
                "An administrator makes one, and enters that it signs in as {said}.",
                said=who.said,
            )
            raise Stopped(403, "There is no account for you here", told)
        if not found.active:
            raise Stopped(403, "This account is at rest", "An administrator wakes it.")
        if who.roles is not None and who.roles != found.roles:
            accounts.change(connection, found.name, roles=who.roles)
            _logged(visit, connection, "account changed", found.name, who.roles)
        return accounts.of_number(connection, found.id)


def _logged(visit: Visit, connection: Connection, what: str, name: str, roles: frozenset[str]) -> None:
    asked = {"account": name, "roles": " ".join(sorted(roles)), "by": "groups elsewhere"}
    access.append_within(connection, Look(name, WEB, what, None, asked), visit.now)
