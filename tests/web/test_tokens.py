"""Tokens as their holders make them on a page, and an administrator looks after them."""

from __future__ import annotations

import re

from store import access, accounts, tokens
from tests.web.conftest import Desk
from tests.web.programs import Program, program


def secret_of(page: str) -> str:
    (found,) = re.findall(r'<b class="mono">(carepath_[^<]+)</b>', page)
    return str(found)


def test_a_token_is_made_and_its_secret_shown_once(desk: Desk) -> None:
    ben = desk.browser("ben")
    page = ben.send("/account/tokens", name="letters", scope=["patients:read", "desk:write"], days="30")
    asking = program(desk, "anna")
    asking = Program(asking.client, secret_of(page.text))
    assert asking.get("/me").json()["account"] == "ben"
    assert asking.secret not in ben.get("/account").text
    assert "letters" in ben.get("/account").text
    with desk.database.reading() as connection:
        entries = [one for one in access.entries(connection) if one.what == "token new"]
    assert [(one.who, "letters" in one.asked, asking.secret in one.asked) for one in entries] == [
        ("ben", True, False)
    ]


def test_what_cannot_be_is_told_and_stays_as_it_was_typed(desk: Desk) -> None:
    ben = desk.browser("ben")
    for fields, told in (
        ({"name": "x", "scope": "patients:read", "days": "soon"}, "1 to 366 days"),
        ({"name": "x", "scope": "operations", "days": "5"}, "needs an account with one of the roles"),
        ({"name": "x", "days": "5"}, "a token is for something"),
        ({"name": "", "scope": "patients:read", "days": "5"}, "a name says what the token is for"),
    ):
        answer = ben.send("/account/tokens", **fields)
        assert (answer.status_code, told in answer.text) == (422, True), fields
    assert 'value="operations"' not in ben.get("/account").text


def test_tokens_are_ended_by_their_holder_or_an_administrator(desk: Desk) -> None:
    mine, theirs = program(desk, "ben"), program(desk, "anna")
    with desk.database.reading() as connection:
        ids = {one.account.name: one.id for one in tokens.all_tokens(connection)}
    ben, admin = desk.browser("ben"), desk.browser("admin")
    assert ben.send(f"/account/tokens/{ids['anna']}/end").status_code == 404
    assert ben.send(f"/operations/tokens/{ids['anna']}/end").status_code == 403
    assert ben.send(f"/account/tokens/{ids['ben']}/end").status_code == 303
    assert mine.get("/me").status_code == 401
    assert "a test" in admin.get("/operations").text
    assert admin.send(f"/operations/tokens/{ids['anna']}/end").status_code == 303
    assert theirs.get("/me").status_code == 401


def test_the_account_of_a_program_sees_its_tokens_and_nothing_else(desk: Desk) -> None:
    holder = desk.browser("program")
    page = holder.send("/account/tokens", name="feed", scope="patients:read", days="90")
    assert secret_of(page.text)
    assert holder.get("/").status_code == 403
    with desk.database.writing() as connection:
        accounts.change(connection, "program", roles=["integration"], active=False)
    assert holder.get("/account").status_code == 303
