"""Tokens for programs: everybody makes and ends their own, an administrator sees and ends all."""

from __future__ import annotations

from starlette.responses import Response

from store import access, accounts, tokens
from store.access import Look
from store.accounts import NotAllowed
from web.rules import HOLDERS, RUNS, Pages
from web.shown.own_calendars import own_calendars
from web.visit import WEB, Stopped, Visit

PAGES = Pages()


@PAGES.get("/account", HOLDERS)
def account(visit: Visit) -> Response:
    """Roles, teams, every sign-in that lasts, and the tokens of this account."""
    return account_page(visit)


def account_page(
    visit: Visit, status: int = 200, *, refused: str = "", given: str = "", address: str = ""
) -> Response:
    """The page of somebody's own account; `given` and `address` are shown this once."""
    with visit.database.reading() as connection:
        sign_ins = accounts.sign_ins(
            connection, visit.account.id, visit.signed.secret if visit.signed else ""
        )
        found = tokens.all_tokens(connection, visit.account.id)
    return visit.page(
        "account.html",
        status,
        sign_ins=sign_ins,
        tokens=found,
        scopes=[one for one in tokens.SCOPES if one in tokens.scopes_of(visit.account.roles)],
        chosen=visit.typed.getlist("scope"),
        days=visit.field("days", 4) or str(tokens.USUAL),
        refused=refused,
        given=given,
        calendars=own_calendars(visit),
        address=address,
    )


@PAGES.post("/account/tokens", HOLDERS)
def make(visit: Visit) -> Response:
    """A new token; its secret is shown once."""
    name, said = visit.field("name", 60), visit.field("days", 4)
    days = int(said) if said.isascii() and said.isdigit() else 0
    scopes = [str(one) for one in visit.typed.getlist("scope")]
    try:
        with visit.database.writing() as connection:
            secret = tokens.make(connection, visit.account.name, name, scopes, visit.now, days)
            asked = {"token": name, "scopes": " ".join(sorted(scopes))}
            look = Look(visit.account.name, WEB, "token new", None, asked)
            access.append_within(connection, look, visit.now)
    except NotAllowed as refused:
        return account_page(visit, 422, refused=str(refused))
    return account_page(visit, given=secret)


@PAGES.post("/account/tokens/{id}/end", HOLDERS)
def end(visit: Visit) -> Response:
    """End a token of this account, for good."""
    _end(visit, visit.account.id)
    return visit.go("/account")


@PAGES.post("/operations/tokens/{id}/end", RUNS)
def end_any(visit: Visit) -> Response:
    """End anybody's token, for good."""
    _end(visit, None)
    return visit.go("/operations")


def _end(visit: Visit, owner: int | None) -> None:
    try:
        with visit.database.writing() as connection:
            ended = tokens.revoke(connection, str(visit.request.path_params["id"]), owner)
            asked = {"account": ended.account.name, "token": ended.name}
            look = Look(visit.account.name, WEB, "token ended", None, asked)
            access.append_within(connection, look, visit.now)
    except NotAllowed:
        raise Stopped(404, "There is no such token", "It may have been ended already.") from None
