"""How one account signs in, as an administrator sees it and sets it right."""

from __future__ import annotations

from starlette.responses import Response

from store import access, accounts, factors
from store.access import Look
from store.accounts import Account
from web.rules import RUNS, Pages
from web.visit import WEB, Stopped, Visit

PAGES = Pages()


@PAGES.get("/operations/accounts/{id}", RUNS)
def one(visit: Visit) -> Response:
    """By what the account signs in, and where it is signed in."""
    return account_page(visit)


def account_page(visit: Visit, given: str = "") -> Response:
    """The page of an account; `given` is its new password, shown this once."""
    found = account_of(visit)
    with visit.database.reading() as connection:
        sign_ins = accounts.sign_ins(connection, found.id)
        left = factors.recovery_codes_left(connection, found.id)
    return visit.page(
        "account_one.html", here="/operations", found=found, sign_ins=sign_ins, left=left, given=given
    )


@PAGES.post("/operations/accounts/{id}/factor-off", RUNS)
def factor_off(visit: Visit) -> Response:
    """Whoever lost the app and the recovery codes signs in by the password alone, and is signed out now."""
    found = account_of(visit)
    with visit.database.writing() as connection:
        factors.take_off(connection, found.name)
        look = Look(visit.account.name, WEB, "factor off", None, {"account": found.name})
        access.append_within(connection, look, visit.now)
    return visit.go(f"/operations/accounts/{found.id}")


@PAGES.post("/operations/accounts/{id}/elsewhere", RUNS)
def sign_in_elsewhere(visit: Visit) -> Response:
    """From now on this account signs in elsewhere, as who was entered, and has no password here."""
    found, there = account_of(visit), visit.place.elsewhere
    said = visit.words("said", 200)
    if there is None or not said:
        raise Stopped(422, "That cannot be done", "Say as whom it signs in there.")
    with visit.database.writing() as connection:
        accounts.sign_in_elsewhere(connection, found.name, there.subject(said))
        look = Look(visit.account.name, WEB, "account elsewhere", None, {"account": found.name})
        access.append_within(connection, look, visit.now)
    return visit.go(f"/operations/accounts/{found.id}")


def account_of(visit: Visit) -> Account:
    """The account in the address. Raises Stopped for one there is not."""
    said = str(visit.request.path_params["id"])
    with visit.database.reading() as connection:
        found = next((one for one in accounts.all_accounts(connection) if str(one.id) == said), None)
    if found is None:
        raise Stopped(404, "There is no such account")
    return found
