"""Signing in and out, the first administrator, a new password."""

from __future__ import annotations

import hmac
from typing import Final

from starlette.responses import Response

from store import access, accounts, begun, factors, identities
from store.access import Look
from store.accounts import NotAllowed
from store.errors import UnknownPatient
from store.naming import check_names_nobody
from web import door, signing
from web.rules import ANYBODY, HOLDERS, READS, Pages
from web.visit import WEB, Stopped, Visit

PAGES = Pages()
_not_fitting: Final = (
    "Name and password do not fit together, or too many tries failed. "
    "After five that failed wait, up to a quarter of an hour."
)


@PAGES.get("/sign-in", ANYBODY)
def form(visit: Visit) -> Response:
    """The form; who is signed in already goes on, and where nobody may sign in yet, to the first start."""
    if visit.signed:
        return visit.go(signing.within(visit.asked("to")))
    with visit.database.reading() as connection:
        if not accounts.any_there(connection):
            return visit.go("/first-start")
    return _form(visit, visit.asked("to"))


@PAGES.post("/sign-in", ANYBODY)
def sign_in(visit: Visit) -> Response:
    """Check name and password; who has a second factor has only begun with that."""
    name, to = visit.field("name", 60), visit.field("to")
    try:
        found = accounts.check(visit.database, name, visit.field("password", accounts.LONGEST), visit.now)
    except NotAllowed:
        found = None  # that it has to wait would tell that there is such an account
    if found is None:
        return _form(visit, to, name, _not_fitting, 422)
    if not found.factor:
        return signing.signed_in(visit, found, to)
    answer = visit.go("/sign-in/code")
    signing.half(visit, answer, to, found.id)
    return answer


@PAGES.get("/sign-in/code", ANYBODY)
def code_form(visit: Visit) -> Response:
    """Whoever gave the password is asked for the code."""
    half = signing.half_of(visit)
    if visit.signed or half is None or half[1].account is None:
        return visit.go("/sign-in")
    return signing.form(visit, "sign_in_code.html", refused="")


@PAGES.post("/sign-in/code", ANYBODY)
def code(visit: Visit) -> Response:
    """Check the code: with it the sign-in is one."""
    half = signing.half_of(visit)
    if half is None or half[1].account is None:
        return _form(visit, "", "", "That took too long: begin anew.", 422)
    secret, number = half[0], half[1].account
    refused, taken = "This code does not fit, or was used already.", None
    try:
        with visit.database.writing() as connection:
            taken = factors.take(connection, number, visit.field("code", 60), visit.now)
            if taken and begun.finish(connection, secret, visit.now) is None:
                taken = None  # another try with it was quicker
    except NotAllowed as wait:
        refused = str(wait)
    if taken is None:
        return signing.form(visit, "sign_in_code.html", 422, refused=refused)
    with visit.database.reading() as connection:
        found = accounts.of_number(connection, number)
    return signing.signed_in(visit, found, half[1].goes_to, taken)


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
    return signing.form(visit, "first_start.html", name="", code="", refused="")


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
            made = accounts.of_number(connection, number)
    except NotAllowed as refused:
        said = {"name": name, "code": visit.field("code"), "refused": str(refused)}
        return signing.form(visit, "first_start.html", 422, **said)
    return signing.signed_in(visit, made, "/", "code of the first start")


@PAGES.get("/password", HOLDERS)
def password_form(visit: Visit) -> Response:
    """The form for a new password."""
    _check_own_password(visit)
    return visit.page("password.html", refused="")


@PAGES.post("/password", HOLDERS)
def password(visit: Visit) -> Response:
    """Take a new password, by the old one; every sign-in ends, and this one begins anew."""
    _check_own_password(visit)
    new = visit.field("password", accounts.LONGEST)
    name = visit.account.name
    try:
        old = visit.field("old", accounts.LONGEST)
        if accounts.check(visit.database, name, old, visit.now) is None:
            raise NotAllowed("this is not the present password")
        if new != visit.field("again", accounts.LONGEST):
            raise NotAllowed("the two passwords differ")
        if new == old:
            raise NotAllowed("a new password is another one")
        with visit.database.writing() as connection:
            accounts.set_password(connection, name, new)
    except NotAllowed as refused:
        return visit.page("password.html", 422, refused=str(refused))
    return signing.signed_in(visit, visit.account, "/", "new password")


def _check_own_password(visit: Visit) -> None:
    """Raises Stopped for who has no password here."""
    if visit.account.subject is not None:
        raise Stopped(403, "You sign in elsewhere", "There is no password here: change it there.")


@PAGES.post("/other-team/{number}", READS)
def look_all_the_same(visit: Visit) -> Response:
    """Somebody says why they look at a patient of another team: it is kept with each look."""
    assert visit.signed is not None, "the rule of this page asks for a sign-in"
    number, reason = visit.number, visit.words("reason", 200)
    if len(reason) < _shortest_reason:
        return visit.page("other_team.html", 422, number=number)
    with visit.database.writing() as connection:
        reference = f"{identities.NUMBERED}{number}"
        if identities.find(connection, reference) is None:
            raise UnknownPatient
        check_names_nobody(connection, reason, reference, stays="after erasure")
        accounts.open_up(connection, visit.signed.secret, number, reason)
        look = Look(visit.account.name, WEB, "other-team", number, {}, reason)
        access.append_within(connection, look, visit.now)
    return visit.go(f"/patients/{number}")


_shortest_reason = 5


def _check_first(visit: Visit) -> None:
    """Raises Stopped where somebody may sign in already."""
    with visit.database.reading() as connection:
        if accounts.any_there(connection):
            raise Stopped(404, "There is no such page")


def _form(visit: Visit, to: str, name: str = "", refused: str = "", status: int = 200) -> Response:
    return signing.form(visit, "sign_in.html", status, to=to, name=name, refused=refused)
