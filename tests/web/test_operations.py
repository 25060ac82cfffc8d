"""Accounts as an administrator looks after them, and as their holders do."""

from __future__ import annotations

import re

from store import access, accounts
from store.accounts import Account
from tests.web.conftest import Desk


def account(desk: Desk, name: str) -> Account:
    with desk.database.reading() as connection:
        return next(one for one in accounts.all_accounts(connection) if one.name == name)


def test_an_account_is_added_with_a_password_that_is_shown_once(desk: Desk) -> None:
    admin = desk.browser("admin")
    page = admin.send("/operations/accounts", name="vera", role=["coordinator", "auditor"], team="ward")
    (password,) = re.findall(r'<b class="mono">([^<]+)</b>', page.text)
    vera = account(desk, "vera")
    assert vera.roles == frozenset({"coordinator", "auditor"})
    assert vera.teams == frozenset({"ward"})
    assert vera.must_change
    assert accounts.check(desk.database, "vera", password, desk.now) is not None
    assert password not in admin.get("/operations").text
    with desk.database.reading() as connection:
        entries = [one for one in access.entries(connection) if one.what == "account new"]
    assert [(one.who, '"account":"vera"' in one.asked) for one in entries] == [("admin", True)]


def test_roles_rest_and_new_passwords_end_what_was_begun(desk: Desk) -> None:
    admin, anna = desk.browser("admin"), desk.browser("anna")
    number = account(desk, "anna").id
    assert admin.send(f"/operations/accounts/{number}", role="auditor").status_code == 303
    assert anna.get("/").status_code == 303
    anna = desk.browser("anna")
    assert anna.send("/bulk", number="1", comment="x").status_code == 403
    admin.send(f"/operations/accounts/{number}", do="rest")
    assert anna.get("/").status_code == 303
    assert "at rest" in admin.get("/operations").text
    assert 'value="wake"' in admin.get(f"/operations/accounts/{number}").text
    admin.send(f"/operations/accounts/{number}", do="wake")
    page = admin.send(f"/operations/accounts/{number}", do="password")
    assert 'class="mono"' in page.text
    assert account(desk, "anna").must_change
    with desk.database.reading() as connection:
        looks = [one for one in access.entries(connection) if one.who == "admin"]
    logged = [one.what for one in looks if one.what.startswith("account")]
    assert logged == ["account changed", "account at rest", "account woken", "account new password"]


def test_what_cannot_be_is_refused_with_a_reason(desk: Desk) -> None:
    admin = desk.browser("admin")
    number = account(desk, "admin").id
    for path, fields, told in (
        ("/operations/accounts", {"name": "anna", "role": "auditor"}, "already"),
        ("/operations/accounts", {"name": "vera"}, "at least one role"),
        ("/operations/accounts", {"name": "vera", "role": "boss"}, "no role"),
        ("/operations/accounts", {"name": "vera", "role": "auditor", "team": "none such"}, "no such team"),
        (f"/operations/accounts/{number}", {"do": "rest"}, "nobody would be left"),
    ):
        answer = admin.send(path, **fields)
        assert answer.status_code == 422, fields
        assert told in answer.text, fields
    assert admin.send("/operations/accounts/999", do="rest").status_code == 404


def test_somebody_sees_where_they_are_signed_in_and_can_end_it(desk: Desk) -> None:
    here, there = desk.browser("anna"), desk.browser("anna")
    page = here.get("/account").text
    assert page.count(">test</span></td>") == 2
    assert page.count("this browser") == 1
    here.send("/account/sign-out-everywhere")
    assert there.get("/").status_code == here.get("/").status_code == 303


def test_a_standstill_of_the_workers_is_told(desk: Desk) -> None:
    assert "nothing is sent" in desk.browser("admin").get("/operations/messages").text
