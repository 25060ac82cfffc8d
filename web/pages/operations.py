"""What an administrator looks after first: who may sign in, with which roles; tokens for programs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection
from starlette.responses import Response

from store import access, accounts, tokens
from store.access import Look
from store.accounts import ROLES, NotAllowed
from web.pages.account_one import account_of, account_page
from web.rules import RUNS, Pages
from web.visit import WEB, Stopped, Visit

PAGES = Pages()


@PAGES.get("/operations", RUNS)
def operations(visit: Visit) -> Response:
    """Accounts, and the tokens of all."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, *, refused: str = "", given: str = "", to: str = "") -> Response:
    with visit.database.reading() as connection:
        known = accounts.all_accounts(connection)
        made = tokens.all_tokens(connection)
    return visit.page(
        "operations.html",
        status,
        here="/operations",
        accounts=known,
        roles=ROLES,
        tokens=made,
        refused=refused,
        given=given,
        to=to,
        saved=next((one.name for one in known if str(one.id) == visit.asked("saved")), ""),
    )


@PAGES.post("/operations/accounts", RUNS)
def add(visit: Visit) -> Response:
    """A new account; its password is shown once, and has to be changed at the first sign-in."""
    name, password = visit.field("name", 60), accounts.new_password()
    try:
        with visit.database.writing() as connection:
            accounts.add(connection, name, _roles(visit), password, visit.now, teams=_teams(visit))
            _logged(visit, connection, "account new", name)
    except NotAllowed as refused:
        return _page(visit, 422, refused=str(refused))
    return _page(visit, given=password, to=name)


@PAGES.post("/operations/accounts/{id}", RUNS)
def change(visit: Visit) -> Response:
    """Other roles or teams, at rest or not, or a new password; every sign-in of the account ends."""
    found, do, password = account_of(visit), visit.field("do"), ""
    with visit.database.writing() as connection:
        if do == "password":
            password = accounts.new_password()
            accounts.set_password(connection, found.name, password, must_change=True)
        elif do in ("rest", "wake"):
            accounts.change(connection, found.name, active=do == "wake")
        else:
            accounts.change(connection, found.name, roles=_roles(visit), teams=_teams(visit))
        _logged(visit, connection, _LOGGED.get(do, "account changed"), found.name)
    if password:
        return account_page(visit, password)
    return visit.go(f"/operations/accounts/{found.id}" if do else f"/operations?saved={found.id}")


_LOGGED: Final = {"password": "account new password", "rest": "account at rest", "wake": "account woken"}


def _roles(visit: Visit) -> list[str]:
    return [str(one) for one in visit.typed.getlist("role")]


def _teams(visit: Visit) -> list[str]:
    """Raises Stopped for a team there is not: nobody would be seen any more."""
    said = [str(one) for one in visit.typed.getlist("team") if one]
    if unknown := set(said) - set(visit.site.teams):
        raise Stopped(422, "There is no such team", min(unknown)[:60])
    return said


def _logged(visit: Visit, connection: Connection, what: str, name: str) -> None:
    said = {"roles": _roles(visit), "teams": _teams(visit)}
    asked = {"account": name, **{kind: " ".join(chosen) for kind, chosen in said.items() if chosen}}
    access.append_within(connection, Look(visit.account.name, WEB, what, None, asked), visit.now)
