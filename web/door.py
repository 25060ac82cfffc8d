"""The door every request comes through: who it is, whether the page is for them, whether a form is ours.

A form is taken only with the key of the sign-in it was made for, and from a page of this application, by what
the browser says of that (OWASP: synchronizer token, and Fetch Metadata in depth).
"""

from __future__ import annotations

import hmac
import logging
import traceback
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coordination import reach
from coordination.fitting import Unfit
from store import accounts
from store.accounts import NotAllowed, SignedIn
from store.errors import Busy, CannotOpen, CannotWrite, Clash, MergedAway, NoRoom, Refused, UnknownPatient
from web.place import Place
from web.render import DENSITIES, LANGUAGES, THEMES, Look
from web.rules import Page
from web.turns import Turns
from web.visit import Stopped, Visit

log = logging.getLogger("carepath.web")

_noted: Final = timedelta(minutes=1)
"""How exactly it is noted when somebody last asked for a page."""
_fields: Final = 2000
"""Most fields of a form."""
LARGEST: Final = 1024 * 1024
"""Bytes of a form that are taken at once."""

Handler = Callable[[Request], Awaitable[Response]]


def cookie(place: Place, name: str = "carepath") -> str:
    """The name of a cookie, that of a sign-in unless said; with HTTPS a browser takes it from nobody else."""
    return f"__Host-{name}" if place.secure else name


def handler(place: Place, page: Page) -> Handler:
    """What answers requests for a page."""
    takes_turns = page.method == "POST" and not page.allowed
    turn = Turns().turn if takes_turns else nullcontext

    async def answered(request: Request) -> Response:
        try:
            typed = await _typed(request) if page.method == "POST" else FormData()
            async with turn():
                return await run_in_threadpool(_answered, place, page, request, typed)
        except Stopped as stopped:
            visit = Visit(place, request, place.clock(), None, looks_of(request))
            return await run_in_threadpool(told, visit, stopped)

    return answered


def _answered(place: Place, page: Page, request: Request, typed: FormData) -> Response:
    now = place.clock()
    visit = Visit(place, request, now, None, looks_of(request), typed)
    try:
        visit.signed = _signed(place, request, now)
        _check(page, visit)
        return page.endpoint(visit)
    except _NotSignedIn:
        return _to_sign_in(request)
    except _Lapsed:
        return _again(visit)
    except _First as first:
        return visit.go(first.path)
    except OtherTeam as other:
        return visit.page("other_team.html", 403, number=other.number)
    except Exception as error:  # whatever went wrong, nobody sees a traceback, and others go on
        return told(visit, stopped_by(error))


def stopped_by(error: Exception) -> Stopped:
    """What is said of an error to whoever asked, on a page or by a program."""
    match error:
        case Stopped():
            return error
        case NotAllowed():
            return Stopped(422, "That cannot be done", str(error))
        case Refused():
            return Stopped(422, "That cannot be recorded", "; ".join(one.message for one in error.faults))
        case Unfit():
            return Stopped(422, "That cannot be done", "; ".join(error.faults))
        case UnknownPatient():
            return Stopped(404, "There is no such patient")
        case MergedAway():
            merged = "It is part of another one since a merge: look and record there."
            return Stopped(409, "This record was merged", merged)
        case Busy() | Clash():  # of two who make the same at once, one is too late
            return Stopped(503, "The database is busy", "Nothing was changed. Try again in a moment.")
        case CannotOpen() | CannotWrite():  # no store error tells anything about a patient
            log.error("%s: %s", type(error).__name__, error)
            if isinstance(error, NoRoom):
                return Stopped(503, "The disk of the database is full", FULL)
            return Stopped(503, "The database cannot be used", AWAY)
        case _:
            return Stopped(500, "That did not work", reported(error))


AWAY: Final = "Try again in a moment. What is sent twice is done once."
FULL: Final = (
    "Tell those who run carepath: until there is room again nothing can be saved, and nothing is shown, as"
    " looks could not be kept. What is sent twice is done once."
)


def told(visit: Visit, stopped: Stopped) -> Response:
    """A page that says why not. It needs no database: that may be what is missing."""
    visit.__dict__.setdefault("site", visit.place.site.known)
    again = stopped.status == 503 and _SECRET.isdisjoint(visit.typed)
    fields = [(name, str(said)) for name, said in visit.typed.multi_items()] if again else []
    given = {"title": stopped.title, "told": stopped.told, "again": again, "fields": fields}
    answer = visit.page("stopped.html", stopped.status, **given)
    if stopped.status == 503:
        answer.headers["retry-after"] = "5"
    return answer


class _NotSignedIn(Exception):
    """The page needs a sign-in."""


def _signed(place: Place, request: Request, now: datetime) -> SignedIn | None:
    secret = request.cookies.get(cookie(place))
    if not secret:
        return None
    with place.database.reading() as connection:
        found = accounts.whose(connection, secret, now)
    if found is None:
        return None
    signed, last = found
    if now - last > _noted:
        with place.database.writing() as connection:
            accounts.stay(connection, secret, now)
    return signed


def _check(page: Page, visit: Visit) -> None:
    """Raises Stopped, or _NotSignedIn."""
    if page.method == "POST":
        _check_form(page, visit)
    if not page.allowed:
        return
    if visit.signed is None:
        raise _NotSignedIn
    _check_own(visit)
    if not visit.may(*page.allowed):
        roles = ", ".join(visit.t(role) for role in sorted(page.allowed))
        raise Stopped(403, "This page is not for you", visit.t("It is for: {roles}.", roles=roles))
    if page.about_patient and visit.account.teams:
        check_reach(visit, visit.number)


class _First(Exception):
    """Nothing is shown to this account before something is done under a `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def _check_own(visit: Visit) -> None:
    """Raises _First where somebody else gave the password, and where the second factor that the site asks for
    is missing; who signs in elsewhere has neither here.
    """
    here, account = visit.request.url.path, visit.account
    if account.subject is not None or here == "/sign-out" or here.startswith("/password"):
        return
    if account.must_change:
        raise _First("/password")
    asked_for = not account.roles.isdisjoint(visit.site.site.factor_roles)
    if asked_for and not account.factor and not here.startswith("/account/factor"):
        raise _First("/account/factor")


class OtherTeam(Exception):
    """A patient of a team to which the account is not limited."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def check_reach(visit: Visit, number: int) -> None:
    """Raises OtherTeam for a patient of another team, unless a reason was given to look all the same."""
    if not visit.account.teams:
        return
    with visit.database.reading() as connection:
        within = reach.within(connection, visit.site, visit.account.teams, number)
        reason = accounts.opened_up(connection, visit.signed.secret, number) if visit.signed else None
    if not within and reason is None:
        raise OtherTeam(number)
    if reason is not None:
        visit.reasons[number] = reason


def _check_form(page: Page, visit: Visit) -> None:
    """Raises Stopped for a form that was not made by a page of this application for this sign-in; _Lapsed for
    one that was, as the browser says, but for a sign-in that has ended.
    """
    headers = visit.request.headers
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin")
    elsewhere = origin is not None and _parts(origin).netloc != headers.get("host")
    if site not in ("same-origin", "none") or elsewhere:
        raise Stopped(403, "This form came from another place", "Nothing was changed.")
    expected = (
        visit.signed.form_key if visit.signed else visit.request.cookies.get(cookie(visit.place, BEFORE), "")
    )
    given = headers.get("x-form-key") or visit.field("form_key")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        ours = site == "same-origin" and ("sec-fetch-site" in headers or origin is not None)
        if page.allowed and ours and _SECRET.isdisjoint(visit.typed):
            raise _Lapsed if set(visit.typed) - {"form_key"} or visit.signed else _NotSignedIn
        raise Stopped(403, "This form is out of date", "Nothing was changed. Open the page again.")


BEFORE: Final = "carepath-form"
"""The cookie with the key of forms that are filled in before anybody has signed in."""


def form_key_before(visit: Visit) -> str:
    """The key of a form without a sign-in: the one the browser has, or a new one."""
    return _key_before(visit) or accounts.new_secret()


def _key_before(visit: Visit) -> str:
    return visit.request.cookies.get(cookie(visit.place, BEFORE), "")


class _Lapsed(Exception):
    """The sign-in that a form was made for has ended; what was typed into it need not be lost."""


_SECRET: Final = frozenset({"password", "old", "again", "code"})
"""Fields that are never shown again."""


def _again(visit: Visit) -> Response:
    """What was typed, to be sent once more after signing in; a part of a page leaves that to its page."""
    status = 403 if visit.signed else 401
    if visit.request.headers.get("hx-request"):
        return Response(status_code=status)
    fields = [(name, str(said)) for name, said in visit.typed.multi_items() if name != "form_key"]
    return visit.page("again.html", status, fields=fields, path=visit.request.url.path)


def _to_sign_in(request: Request) -> Response:
    """A page is come back to after signing in; a part of one asks its page to do so."""
    part = request.headers.get("hx-request")
    here = _parts(request.headers.get("hx-current-url", "/") if part else str(request.url))
    path = f"{here.path}?{here.query}" if here.query else here.path
    place = f"/sign-in?to={quote(path if part or request.method == 'GET' else '/')}"
    if part:
        return Response(status_code=401, headers={"HX-Redirect": place})
    return RedirectResponse(place, 303)


def _parts(address: str) -> SplitResult:
    """The parts of an address that somebody said; none of what is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def looks_of(request: Request) -> Look:
    """As the person chose in this browser; the language else as the browser asks for it."""
    preferred = request.headers.get("accept-language", "")[:2].lower()
    chosen = request.cookies.get("look", "").split(".")
    language, theme, density = (*chosen, "", "", "")[:3]
    return Look(
        next((one for one in (language, preferred) if one in LANGUAGES), "en"),
        theme if theme in THEMES else "",
        density if density in DENSITIES else "",
    )


async def _typed(request: Request) -> FormData:
    """The fields of a form. Raises Stopped for one that is too large, or does not say how large it is."""
    length = request.headers.get("content-length", "0")
    known = length.isdecimal() and "transfer-encoding" not in request.headers
    if not known or len(length) > _digits or int(length) > LARGEST:
        raise Stopped(413, "Too much was sent at once", "Nothing was changed.")
    try:
        return await request.form(max_files=0, max_fields=_fields)
    except HTTPException:
        why = "At most 2,000 fields and no files are taken at once. Nothing was changed."
        raise Stopped(413, "This form is too large", why) from None


_digits: Final = 9
"""No form is so long that its length has more of them."""


def reported(error: Exception) -> str:
    """Log where it went wrong, without anything that was in it; answers what to say to the person."""
    number = accounts.new_secret()[:6].upper()
    places = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-6:])
    )
    log.error("E-%s %s at %s", number, type(error).__name__, places)
    return f"It was reported as E-{number}. Nothing was changed."
