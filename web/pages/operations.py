"""What an administrator looks after first: who may sign in, with which roles; tokens for programs."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.responses import Response

from store import access, accounts, tokens
from store.access import Look
from store.accounts import ROLES
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
    )


@PAGES.post("/operations/accounts", RUNS)
def add(visit: Visit) -> Response:
    """A new account; its password is shown once, and has to be changed at the first sign-in."""
    name, password = visit.field("name", 60), accounts.new_password()
    with visit.database.writing() as connection:
        accounts.add(connection, name, _roles(visit), password, visit.now, teams=_teams(visit))
        _logged(visit, connection, "account new", name)
    return _page(visit, given=password, to=name)


@PAGES.post("/operations/accounts/{id}", RUNS)
def change(visit: Visit) -> Response:
    """Other roles or teams, at rest or not, or a new password."""
    name = _named(visit)
    password = ""
    with visit.database.writing() as connection:
        if visit.field("do") == "password":
            password = accounts.new_password()
            accounts.set_password(connection, name, password, must_change=True)
        elif visit.field("do") in ("rest", "wake"):
            accounts.change(connection, name, active=visit.field("do") == "wake")
        else:
            accounts.change(connection, name, roles=_roles(visit), teams=_teams(visit))
        _logged(visit, connection, "account changed", name)
    return _page(visit, given=password, to=name) if password else visit.go("/operations")


def _named(visit: Visit) -> str:
    """The account in the address. Raises Stopped for one there is not."""
    with visit.database.reading() as connection:
        known = {str(one.id): one.name for one in accounts.all_accounts(connection)}
    found = known.get(str(visit.request.path_params["id"]))
    if found is None:
        raise Stopped(404, "There is no such account")
    return found


def _roles(visit: Visit) -> list[str]:
    return [str(one) for one in visit.typed.getlist("role")]


def _teams(visit: Visit) -> list[str]:
    """Raises Stopped for a team there is not: nobody would be seen any more."""
    said = [str(one) for one in visit.typed.getlist("team") if one]
    if unknown := set(said) - set(visit.site.teams):
        raise Stopped(422, "There is no such team", min(unknown)[:60])
    return said


def _logged(visit: Visit, connection: Connection, what: str, name: str) -> None:
    look = Look(visit.account.name, WEB, what, None, {"account": name, "roles": " ".join(_roles(visit))})
    access.append_within(connection, look, visit.now)
