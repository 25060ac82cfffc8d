"""Signing in and out, the first administrator, a new password."""

from __future__ import annotations

import hmac

from starlette.responses import Response

from store import access, accounts
from store.access import Look
from store.accounts import NotAllowed
from web import door
from web.rules import ANYBODY, HOLDERS, READS, Pages
from web.visit import WEB, Stopped, Visit

PAGES = Pages()


@PAGES.get("/sign-in", ANYBODY)
def form(visit: Visit) -> Response:
    """The form; who is signed in already goes on, and where nobody may sign in yet, to the first start."""
    if visit.signed:
        return visit.go(_to(visit.asked("to")))
    with visit.database.reading() as connection:
        if not accounts.any_there(connection):
            return visit.go("/first-start")
    return _form(visit, visit.asked("to"))


@PAGES.post("/sign-in", ANYBODY)
def sign_in(visit: Visit) -> Response:
    """Check name and password; the sign-in gets a secret of its own, whatever cookie came along."""
    name, to = visit.field("name", 60), visit.field("to")
    refused = "Name and password do not fit together."
    found = None
    try:
        with visit.database.writing() as connection:
            found = accounts.check(connection, name, visit.field("password", accounts.LONGEST), visit.now)
    except NotAllowed as wait:
        refused = str(wait)
    if found is None:
        return _form(visit, to, name, refused, 422)
    return _signed_in(visit, found.id, found.name, to)


@PAGES.post("/sign-out", HOLDERS)
def sign_out(visit: Visit) -> Response:
    """End this sign-in; the browser forgets what it kept."""
    assert visit.signed is not None, "the rule of this page asks for a sign-in"
    with visit.database.writing() as connection:
        accounts.end(connection, visit.signed.secret)
    answer = visit.go("/sign-in")
    answer.delete_cookie(door.cookie(visit.place), secure=visit.place.secure, httponly=True)
    answer.headers["clear-site-data"] = '"cache"'
    return answer


@PAGES.get("/first-start", ANYBODY)
def first_form(visit: Visit) -> Response:
    """Where nobody may sign in yet: who holds the code from the terminal becomes the administrator."""
    _check_first(visit)
    return _with_key(visit, "first_start.html", name="", refused="")


@PAGES.post("/first-start", ANYBODY)
def first_start(visit: Visit) -> Response:
    """Make the first account."""
    _check_first(visit)
    name, password = visit.field("name", 60), visit.field("password", accounts.LONGEST)
    code = visit.place.setup_code
    try:
        if not code or not hmac.compare_digest(visit.field("code").encode(), code.encode()):
            raise NotAllowed("this is not the code that stands in the terminal")
        if password != visit.field("again", accounts.LONGEST):
            raise NotAllowed("the two passwords differ")
        with visit.database.writing() as connection:
            if accounts.any_there(connection):
                raise Stopped(403, "There is an account already")
            roles = {"administrator", "coordinator"}
            number = accounts.add(connection, name, roles, password, visit.now, must_change=False)
    except NotAllowed as refused:
        return _with_key(visit, "first_start.html", 422, name=name, refused=str(refused))
    return _signed_in(visit, number, name, "/")


@PAGES.get("/password", HOLDERS)
def password_form(visit: Visit) -> Response:
    """The form for a new password."""
    return visit.page("password.html", refused="")


@PAGES.post("/password", HOLDERS)
def password(visit: Visit) -> Response:
    """Take a new password, by the old one; every sign-in ends, and this one begins anew."""
    new = visit.field("password", accounts.LONGEST)
    name = visit.account.name
    try:
        with visit.database.writing() as connection:
            old = visit.field("old", accounts.LONGEST)
            fits = accounts.check(connection, name, old, visit.now) is not None
        if not fits:
            raise NotAllowed("this is not the present password")
        if new != visit.field("again", accounts.LONGEST):
            raise NotAllowed("the two passwords differ")
        if new == old:
            raise NotAllowed("a new password is another one")
        with visit.database.writing() as connection:
            accounts.set_password(connection, name, new)
    except NotAllowed as refused:
        return visit.page("password.html", 422, refused=str(refused))
    return _signed_in(visit, visit.account.id, name, "/")


@PAGES.post("/other-team/{number}", READS)
def look_all_the_same(visit: Visit) -> Response:
    """Somebody says why they look at a patient of another team: it is kept with each look."""
    assert visit.signed is not None, "the rule of this page asks for a sign-in"
    number, reason = visit.number, visit.field("reason", 200)
    if len(reason) < _shortest_reason:
        return visit.page("other_team.html", 422, number=number)
    visit.reason = reason
    with visit.database.writing() as connection:
        accounts.open_up(connection, visit.signed.secret, number, reason)
    visit.seen("other-team", number)
    return visit.go(f"/patients/{number}")


_shortest_reason = 5


def _check_first(visit: Visit) -> None:
    """Raises Stopped where somebody may sign in already."""
    with visit.database.reading() as connection:
        if accounts.any_there(connection):
            raise Stopped(404, "There is no such page")


def _form(visit: Visit, to: str, name: str = "", refused: str = "", status: int = 200) -> Response:
    return _with_key(visit, "sign_in.html", status, to=to, name=name, refused=refused)


def _with_key(visit: Visit, template: str, status: int = 200, **values: object) -> Response:
    """A form without a sign-in, whose key the browser keeps beside it."""
    key = door.form_key_before(visit)
    answer = visit.page(template, status, before_key=key, **values)
    answer.set_cookie(door.BEFORE, key, samesite="strict", secure=visit.place.secure, httponly=True)
    return answer


def _signed_in(visit: Visit, number: int, name: str, to: str) -> Response:
    program = visit.request.headers.get("user-agent", "")
    with visit.database.writing() as connection:
        if visit.signed:
            accounts.end(connection, visit.signed.secret)
        secret = accounts.begin(connection, number, visit.now, program)
        access.append_within(connection, Look(name, WEB, "sign-in"), visit.now)
    answer = visit.go(_to(to))
    secure = visit.place.secure
    answer.set_cookie(door.cookie(visit.place), secret, samesite="lax", secure=secure, httponly=True)
    answer.delete_cookie(door.BEFORE)
    return answer


def _to(path: str) -> str:
    """Where to go on: a page of this application, never another place."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
