"""How a sign-in begins and ends in a browser: its cookies, its entry in the access log, where it goes on."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from store import access, accounts, begun
from store.access import Look
from store.accounts import Account
from store.begun import Begun
from web import door
from web.navigation import home
from web.visit import WEB, Visit

_SIGNED_IN: Final = "carepath"
_BEGUN: Final = "carepath-begun"
"""The cookie of a sign-in that is not finished."""


def form(visit: Visit, template: str, status: int = 200, **values: object) -> Response:
    """A form without a sign-in, whose key the browser keeps beside it."""
    key = door.form_key_before(visit)
    answer = visit.page(template, status, before_key=key, **values)
    _set(visit, answer, door.BEFORE, key)
    return answer


def signed_in(visit: Visit, who: Account, to: str, by: str = "password alone") -> Response:
    """Somebody has signed in: with a new secret, whatever cookie came along; `by` what is logged."""
    program = visit.request.headers.get("user-agent", "")
    with visit.database.writing() as connection:
        if visit.signed:
            accounts.end(connection, visit.signed.secret)
        secret = accounts.begin(connection, who.id, visit.now, program)
        access.append_within(connection, Look(who.name, WEB, "sign-in", None, {"by": by}), visit.now)
    place = within(to)
    answer = visit.go(home(who.roles) if place == "/" else place)
    _set(visit, answer, _SIGNED_IN, secret)
    for name in (door.BEFORE, _BEGUN):
        answer.delete_cookie(door.cookie(visit.place, name), secure=visit.place.secure, httponly=True)
    return answer


def half(visit: Visit, answer: Response, to: str, account: int | None = None) -> str:
    """A sign-in is begun, which opens nothing; answers its secret, that a cookie of this answer holds."""
    with visit.database.writing() as connection:
        secret = begun.begin(connection, within(to), visit.now, account)
    _set(visit, answer, _BEGUN, secret)
    return secret


def half_of(visit: Visit) -> tuple[str, Begun] | None:
    """The sign-in that was begun in this browser, with its secret."""
    secret = visit.request.cookies.get(door.cookie(visit.place, _BEGUN), "")
    with visit.database.reading() as connection:
        found = begun.find(connection, secret, visit.now)
    return (secret, found) if found else None


def within(path: str) -> str:
    """Where to go on: a page of this application, never another place."""
    here = path.startswith("/") and not path.startswith("//")
    return path if here and path.isascii() and path.isprintable() and "\\" not in path else "/"


def _set(visit: Visit, answer: Response, name: str, secret: str) -> None:
    """`lax`: whoever comes back from signing in elsewhere brings it along."""
    secure, full = visit.place.secure, door.cookie(visit.place, name)
    answer.set_cookie(full, secret, samesite="lax", secure=secure, httponly=True)
