"""The second factor of one's own account: set up, confirmed by a code, new recovery codes, taken off.

Who only found a browser signed in can do none of it: each begins with the password.
"""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import quote

from markupsafe import Markup
from sqlalchemy import Connection
from starlette.responses import Response

from store import access, accounts, factors
from store.access import Look
from store.accounts import NotAllowed
from web.rules import HOLDERS, Pages
from web.visit import WEB, Visit

PAGES = Pages()
_not_fitting: Final = "this is not the present password"


@PAGES.get("/account/factor", HOLDERS)
def state(visit: Visit) -> Response:
    """Whether there is one, and the form to set one up or to change it."""
    return _page(visit)


@PAGES.post("/account/factor", HOLDERS)
def begin(visit: Visit) -> Response:
    """Show the secret once, to be read by the app; it counts once a code of it was typed."""
    try:
        _check_password(visit)
        with visit.database.writing() as connection:
            secret = factors.begin(connection, visit.account.name)
    except NotAllowed as refused:
        return _page(visit, 422, refused=str(refused))
    return _page(visit, picture=_picture(visit, secret), secret=_grouped(secret), awaits=True)


@PAGES.post("/account/factor/confirm", HOLDERS)
def confirm(visit: Visit) -> Response:
    """The first code was typed: it counts, and whatever was signed in without it ends, but for this."""
    assert visit.signed is not None, "the rule of this page asks for a sign-in"
    number = visit.account.id
    try:
        with visit.database.writing() as connection:
            codes = factors.confirm(connection, number, visit.field("code", 60), visit.now)
            accounts.end_all(connection, number, but=visit.signed.secret)
            _logged(visit, connection, "factor new")
    except NotAllowed as refused:
        return _page(visit, 422, refused=str(refused), awaits=True)
    return _page(visit, codes=codes)


@PAGES.post("/account/factor/change", HOLDERS)
def change(visit: Visit) -> Response:
    """By password and code: new codes for when it is lost, or none of it any more."""
    name, off = visit.account.name, visit.field("do") == "off"
    try:
        _check_password(visit)
        with visit.database.writing() as connection:
            taken = factors.take(connection, visit.account.id, visit.field("code", 60), visit.now)
        if taken is None:
            raise NotAllowed("this code does not fit, or was used already")
        with visit.database.writing() as connection:
            _logged(visit, connection, "factor off" if off else "recovery codes new")
            if off:
                factors.take_off(connection, name)
            codes = [] if off else factors.new_recovery_codes(connection, visit.account.id)
    except NotAllowed as refused:
        return _page(visit, 422, refused=str(refused))
    return visit.go("/sign-in") if off else _page(visit, codes=codes)


def _page(visit: Visit, status: int = 200, **values: object) -> Response:
    with visit.database.reading() as connection:
        found = accounts.of_number(connection, visit.account.id)
        left = factors.recovery_codes_left(connection, found.id)
    usual: dict[str, object] = {"refused": "", "picture": None, "secret": "", "awaits": False, "codes": []}
    asked_for = sorted(found.roles.intersection(visit.site.site.factor_roles))
    return visit.page("factor.html", status, found=found, left=left, asked_for=asked_for, **usual | values)


def _check_password(visit: Visit) -> None:
    """Raises NotAllowed for another password than that of this account, and where it has to wait."""
    given = visit.field("password", accounts.LONGEST)
    if accounts.check(visit.database, visit.account.name, given, visit.now) is None:
        raise NotAllowed(_not_fitting)


def _picture(visit: Visit, secret: bytes) -> Markup:
    """What the app's camera reads (the key URI that authenticator apps have agreed on)."""
    import segno

    label = quote(f"carepath:{visit.account.name}", safe=":")
    uri = f"otpauth://totp/{label}?secret={_base32(secret)}&issuer=carepath"
    drawn = segno.make(uri, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S704 - made of squares


def _base32(secret: bytes) -> str:
    return base64.b32encode(secret).decode()


def _grouped(secret: bytes) -> str:
    """The secret as it is typed where no camera is at hand."""
    said = _base32(secret)
    return " ".join(said[place : place + 4] for place in range(0, len(said), 4))


def _logged(visit: Visit, connection: Connection, what: str) -> None:
    access.append_within(connection, Look(visit.account.name, WEB, what), visit.now)
