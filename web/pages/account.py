"""What somebody does about their own account (its page is that of its tokens)."""

from __future__ import annotations

from starlette.responses import Response

from store import accounts
from web.rules import HOLDERS, Pages
from web.visit import Visit

PAGES = Pages()


@PAGES.post("/account/sign-out-everywhere", HOLDERS)
def everywhere(visit: Visit) -> Response:
    """End every sign-in of this account, this one too."""
    with visit.database.writing() as connection:
        accounts.end_all(connection, visit.account.id)
    return visit.go("/sign-in")
