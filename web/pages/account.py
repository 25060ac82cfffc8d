"""What somebody sees of their own account: where it is signed in, what it may do."""

from __future__ import annotations

from starlette.responses import Response

from store import accounts
from web.rules import EVERYBODY, Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/account", EVERYBODY)
def account(visit: Visit) -> Response:
    """Roles, teams, and every sign-in that lasts."""
    with visit.database.reading() as connection:
        found = accounts.sign_ins(connection, visit.account.id)
    return visit.page("account.html", sign_ins=found)


@PAGES.post("/account/sign-out-everywhere", EVERYBODY)
def everywhere(visit: Visit) -> Response:
    """End every sign-in of this account, this one too."""
    with visit.database.writing() as connection:
        accounts.end_all(connection, visit.account.id)
    return visit.go("/sign-in")
