"""A second factor at the desk: set up with the password, asked for at sign-in, demanded, taken off."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from httpx import Response

from coordination.entries import Site
from coordination.saying import say
from store import access, accounts, factors
from store.begun import LASTS
from tests.web.conftest import NOON, PASSWORD, Browser, Desk
from tests.web.test_sign_in import typed_in


def code(secret: bytes, desk: Desk) -> str:
    return factors.code_at(secret, int(desk.now.timestamp()) // factors.STEP)


def set_up(desk: Desk, browser: Browser) -> tuple[bytes, list[str]]:
    """The secret and the recovery codes of a second factor that was just set up in a browser."""
    page = browser.send("/account/factor", password=PASSWORD)
    (shown,) = re.findall(r'<b class="mono">([A-Z2-7 ]+)</b>', page.text)
    secret = base64.b32decode(shown.replace(" ", ""))
    done = browser.send("/account/factor/confirm", code=code(secret, desk))
    assert done.status_code == 200
    desk.pass_(timedelta(minutes=1))
    return secret, re.findall(r"<li>([a-z0-9-]{19})</li>", done.text)


def typed_code(browser: Browser, typed: str) -> Response:
    page = browser.get("/sign-in/code")
    browser.form_key = re.findall(r'name="form_key" value="([^"]+)"', page.text)[-1]
    answer: Response = browser.send("/sign-in/code", code=typed)
    return answer


def test_it_is_set_up_with_the_password_and_a_code_and_asked_for_from_then_on(desk: Desk) -> None:
    here, there = desk.browser("anna"), desk.browser("anna")
    assert here.send("/account/factor", password="something else").status_code == 422
    page = here.send("/account/factor", password=PASSWORD)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert here.send("/account/factor/confirm", code="000000").status_code == 422
    assert typed_in(desk.browser(), "anna").headers["location"] == "/"
    secret, codes = set_up(desk, here)
    assert len(codes) == factors.RECOVERY_CODES
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    half = desk.browser()
    assert typed_in(half, "anna", to="/patients/1").headers["location"] == "/sign-in/code"
    assert half.get("/patients/1").headers["location"].startswith("/sign-in")
    assert "carepath" not in half.client.cookies
    assert typed_code(half, "000000").status_code == 422
    signed = typed_code(half, code(secret, desk))
    assert signed.headers["location"] == "/patients/1"
    assert half.get("/").status_code == 200
    assert "carepath-begun" not in half.client.cookies


def test_a_code_and_what_was_begun_count_once(desk: Desk) -> None:
    secret, codes = set_up(desk, desk.browser("anna"))
    one, other = desk.browser(), desk.browser()
    for browser in (one, other):
        typed_in(browser, "anna")
    begun = one.client.cookies["carepath-begun"]
    assert typed_code(one, code(secret, desk)).status_code == 303
    assert typed_code(other, code(secret, desk)).status_code == 422
    assert typed_code(other, codes[0]).status_code == 303
    again = desk.browser()
    again.client.cookies.set("carepath-begun", begun)
    assert again.get("/sign-in/code").headers["location"] == "/sign-in"
    with desk.database.reading() as connection:
        by = [one.asked for one in access.entries(connection) if one.what == "sign-in"]
    assert [("recovery" in one) for one in by] == [False, True]


def test_what_was_begun_is_over_after_some_minutes(desk: Desk) -> None:
    secret, _ = set_up(desk, desk.browser("anna"))
    browser = desk.browser()
    typed_in(browser, "anna")
    browser.get("/sign-in/code")
    desk.pass_(LASTS + timedelta(seconds=1))
    page = browser.send("/sign-in/code", code=code(secret, desk))
    assert "That took too long" in page.text
    assert browser.get("/sign-in/code").headers["location"] == "/sign-in"


def test_who_has_the_password_does_not_try_codes_without_end(desk: Desk) -> None:
    secret, codes = set_up(desk, desk.browser("anna"))
    browser = desk.browser()
    for _ in range(accounts.PATIENCE):
        typed_in(browser, "anna")
        typed_code(browser, "000000")
    for typed in (code(secret, desk), codes[0]):
        assert "too many tries" in typed_code(browser, typed).text


@pytest.mark.parametrize("do", ["codes", "off"])
def test_it_is_changed_only_with_password_and_code(desk: Desk, do: str) -> None:
    browser = desk.browser("anna")
    secret, codes = set_up(desk, browser)
    for fields in (
        {"password": PASSWORD, "code": "000000"},
        {"password": "something else", "code": code(secret, desk)},
    ):
        assert browser.send("/account/factor/change", do=do, **fields).status_code == 422
    right = {"password": PASSWORD, "code": code(secret, desk)}
    answer = browser.send("/account/factor/change", do=do, **right)
    assert answer.status_code == {"codes": 200, "off": 303}[do]
    assert codes[0] not in answer.text
    browser = desk.browser()
    assert (typed_in(browser, "anna").headers["location"] == "/") == (do == "off")


def test_an_administrator_takes_it_off_whoever_lost_it(desk: Desk) -> None:
    browser = desk.browser("anna")
    set_up(desk, browser)
    with desk.database.reading() as connection:
        (anna,) = (one for one in accounts.all_accounts(connection) if one.name == "anna")
    admin = desk.browser("admin")
    assert "10 recovery codes are left" in admin.get(f"/operations/accounts/{anna.id}").text
    assert admin.send(f"/operations/accounts/{anna.id}/factor-off").status_code == 303
    assert admin.send(f"/operations/accounts/{anna.id}/factor-off").status_code == 422
    assert admin.get("/operations/accounts/999").status_code == 404
    assert browser.get("/").status_code == 303
    assert typed_in(desk.browser(), "anna").headers["location"] == "/"
    with desk.database.reading() as connection:
        (entry,) = (one for one in access.entries(connection) if one.what == "factor off")
    assert (entry.who, entry.asked) == ("admin", '{"account":"anna"}')


def test_where_the_site_asks_for_it_nothing_else_is_shown_before(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Site(factor_roles=("auditor",)), recorder="lena", now=NOON)
    audit, anna = desk.browser("audit"), desk.browser("anna")
    assert anna.get("/").status_code == 200
    for path in ("/", "/deviations", "/account", "/patients/1"):
        assert audit.get(path).headers["location"] == "/account/factor", path
    assert (
        audit.send("/account/tokens", name="x", scope="audit:read").headers["location"] == "/account/factor"
    )
    assert "This site asks for a second factor of: auditor" in audit.get("/account/factor").text
    set_up(desk, audit)
    assert audit.get("/deviations").status_code == 200
    assert audit.get("/password").status_code == 200
