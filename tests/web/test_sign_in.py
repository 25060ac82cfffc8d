"""Signing in: who gets in, who does not, and what a form must carry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from store import access, accounts
from store.accounts import NotAllowed
from store.database import open_database
from tests.keys import KEYS
from tests.web.conftest import NOON, PASSWORD, Browser, Desk
from web.app import application


def typed_in(browser: Browser, name: str, password: str = PASSWORD, to: str = "/"):  # type: ignore[no-untyped-def]
    """The answer to the form of the sign-in page, filled in."""
    page = browser.get("/sign-in")
    browser.form_key = re.findall(r'name="form_key" value="([^"]+)"', page.text)[-1]
    return browser.send("/sign-in", name=name, password=password, to=to)


def test_who_has_not_signed_in_is_asked_to_and_comes_back_where_they_were(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.get("/patients/1").headers["location"] == "/sign-in?to=/patients/1"
    assert typed_in(browser, "anna", to="/patients/1").headers["location"] == "/patients/1"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("to", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"])
def test_nobody_is_sent_to_another_place(desk: Desk, to: str) -> None:
    assert typed_in(desk.browser(), "anna", to=to).headers["location"] == "/"


def test_a_wrong_password_and_a_stranger_are_told_the_same(desk: Desk) -> None:
    """Time and again, so that trying does not tell who works here."""
    for _ in range(accounts.PATIENCE + 2):
        answers = [
            typed_in(desk.browser(), name, "something else that is long") for name in ("anna", "nobody")
        ]
        assert [one.status_code for one in answers] == [422, 422]
        said = r'role="alert">.*?<span[^>]*>(.*?)</span>'
        wrong, stranger = (re.findall(said, one.text) for one in answers)
        assert wrong == stranger
        assert "do not fit together" in wrong[0]


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_nobody_waits_for_a_password_that_is_looked_at(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look takes long: were others kept from writing meanwhile, a stranger could stop the desk."""
    looked = []

    def fits(hash_: str | None, password: str) -> bool:
        with desk.database.writing() as connection:
            looked.append(accounts.all_accounts(connection))
        return False

    monkeypatch.setattr(accounts, "_fits", fits)
    assert accounts.check(desk.database, name, PASSWORD, NOON) is None
    assert looked


def test_who_fails_time_and_again_has_to_wait_even_with_the_right_password(desk: Desk) -> None:
    for _ in range(accounts.PATIENCE):
        typed_in(desk.browser(), "anna", "something else that is long")
    assert typed_in(desk.browser(), "anna").status_code == 422
    desk.pass_(timedelta(minutes=1))
    assert typed_in(desk.browser(), "anna").status_code == 303


def test_a_sign_in_is_another_one_than_the_cookie_that_came_along(desk: Desk) -> None:
    browser = desk.browser()
    planted = "planted by somebody else"
    browser.client.cookies.set("carepath", planted, domain="testserver.local", path="/")
    typed_in(browser, "anna")
    assert browser.client.cookies["carepath"] != planted


def test_a_sign_in_ends_without_use_and_at_the_end_of_a_day(desk: Desk) -> None:
    browser = desk.browser("anna")
    for _ in range(3):
        desk.pass_(accounts.IDLE - timedelta(minutes=2))
        assert browser.get("/").status_code == 200
    desk.pass_(accounts.IDLE + timedelta(minutes=1))
    assert browser.get("/").status_code == 303
    browser = desk.browser("anna")
    found = []
    for _ in range(30):
        desk.pass_(timedelta(minutes=30))
        found.append(browser.get("/").status_code)
    assert found == [200] * 24 + [303] * 6


def test_a_clock_that_went_ahead_keeps_no_sign_in_open(desk: Desk) -> None:
    browser = desk.browser("anna")
    for put_right, status in ((accounts.IDLE / 2, 200), (timedelta(days=1), 303)):
        desk.pass_(-put_right)
        assert browser.get("/").status_code == status


def test_signing_out_ends_it_for_whoever_has_the_cookie(desk: Desk) -> None:
    browser = desk.browser("anna")
    secret = browser.client.cookies["carepath"]
    assert browser.send("/sign-out").headers["location"] == "/sign-in"
    thief = desk.browser()
    thief.client.cookies.set("carepath", secret)
    assert thief.get("/").status_code == 303


def test_a_form_of_another_sign_in_or_place_changes_nothing(desk: Desk) -> None:
    anna, ben = desk.browser("anna"), desk.browser("ben")
    anna.form_key = ben.form_key
    assert anna.send("/sign-out").status_code == 403
    again = desk.browser("anna")
    elsewhere = {"origin": "https://elsewhere.example"}
    key = {"form_key": again.form_key}
    assert again.client.post("/sign-out", data=key, headers=elsewhere).status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert again.client.post("/sign-out", data=key, headers=cross).status_code == 403
    assert again.get("/").status_code == 200


def test_the_password_is_kept_by_nobody_and_the_sign_in_stands_in_the_access_log(desk: Desk) -> None:
    typed_in(desk.browser(), "anna")
    with desk.database.reading() as connection:
        assert [one.what for one in access.entries(connection) if one.who == "anna"] == ["sign-in"]
    assert PASSWORD.encode() not in Path(str(desk.database.engine.url.database)).read_bytes()


def test_a_password_somebody_else_gave_has_to_be_changed_first(desk: Desk) -> None:
    with desk.database.writing() as connection:
        accounts.set_password(connection, "anna", PASSWORD, must_change=True)
    browser = desk.browser("anna")
    assert browser.get("/").headers["location"] == "/password"
    new = "another one, of many words"
    assert browser.send("/password", old="wrong, that one", password=new, again=new).status_code == 422
    assert browser.send("/password", old=PASSWORD, password=new, again=new + "!").status_code == 422
    assert browser.send("/password", old=PASSWORD, password="short", again="short").status_code == 422
    assert browser.send("/password", old=PASSWORD, password=PASSWORD, again=PASSWORD).status_code == 422
    assert browser.send("/password", old=PASSWORD, password=new, again=new).status_code == 303
    with desk.database.reading() as connection:
        *_, last = (one for one in access.entries(connection) if one.what == "sign-in")
    assert last.asked == '{"by":"new password"}'
    assert browser.get("/").status_code == 200


def test_the_first_administrator_is_who_reads_the_terminal(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'carepath.db'}", KEYS)
    fresh = Desk(database)
    fresh.place = replace(fresh.place, setup_code="abcd-efgh")
    fresh.app = application(fresh.place)
    browser = fresh.browser()
    assert browser.get("/").headers["location"].startswith("/sign-in")
    assert browser.get("/sign-in").headers["location"] == "/first-start"
    page = browser.get("/first-start")
    browser.form_key = re.findall(r'name="form_key" value="([^"]+)"', page.text)[-1]
    new = {"name": "vera", "password": PASSWORD, "again": PASSWORD}
    assert browser.send("/first-start", code="guess", **new).status_code == 422
    assert browser.send("/first-start", code="abcd-efgh", **{**new, "again": "x"}).status_code == 422
    assert browser.send("/first-start", code="abcd-efgh", **new).status_code == 303
    assert browser.get("/").status_code == 200
    assert fresh.browser().get("/first-start").status_code == 404
    database.close()


@pytest.mark.parametrize(
    ("name", "begins"), [("anna", "/"), ("admin", "/operations"), ("program", "/account")]
)
def test_everybody_begins_on_a_page_that_is_for_them(desk: Desk, name: str, begins: str) -> None:
    browser = desk.browser()
    assert typed_in(browser, name).headers["location"] == begins
    assert browser.get(begins).status_code == 200
    assert f'href="{begins}"' in browser.get("/nowhere").text.partition("alone card")[2]


def test_the_last_administrator_stays_one(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="nobody would be left"), desk.database.writing() as connection:
        accounts.change(connection, "admin", roles=["coordinator"])
    with desk.database.writing() as connection:
        accounts.change(connection, "anna", roles=["coordinator", "administrator"], teams=["ward"])
        accounts.change(connection, "admin", active=False)
    assert typed_in(desk.browser(), "admin").status_code == 422


def test_accounts_that_cannot_be_are_refused(desk: Desk) -> None:
    for name, roles, password, told in (
        ("anna", ["auditor"], PASSWORD, "already"),
        ("new", ["boss"], PASSWORD, "no role 'boss'"),
        ("new", [], PASSWORD, "at least one role"),
        (" ", ["auditor"], PASSWORD, "readable"),
        ("new", ["auditor"], "too short", "at least 12"),
        ("new", ["auditor"], "x" * 300, "at most 200"),
        ("new", ["auditor"], "aaaaaaaaaaaaaaaa", "easy to guess"),
    ):
        with pytest.raises(NotAllowed, match=told), desk.database.writing() as connection:
            accounts.add(connection, name, roles, password, NOON)
    with pytest.raises(NotAllowed, match="no account"), desk.database.writing() as connection:
        accounts.change(connection, "nobody", active=False)


OURS = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


def test_what_was_typed_when_the_sign_in_ended_is_sent_after_the_next(desk: Desk) -> None:
    browser = desk.browser("anna")
    key = {"form_key": browser.form_key}
    comment = {"text": 'rang <b>twice</b> "today"', "rows": ["1", "2"]}
    desk.pass_(accounts.IDLE + timedelta(minutes=1))
    ended = browser.client.post("/patients/1/comment", data=key | comment, headers=OURS)
    assert ended.status_code == 401
    assert 'name="text" value="rang &lt;b&gt;twice&lt;/b&gt; &#34;today&#34;"' in ended.text
    assert ended.text.count('name="rows"') == 2
    typed_in(browser, "anna")
    again = browser.client.post("/patients/1/comment", data=key | comment, headers=OURS)
    assert (again.status_code, "in the name of anna" in again.text) == (403, True)
    fresh = {"form_key": re.findall(r'name="form_key" value="([^"]+)"', again.text)[-1]}
    assert browser.client.post("/patients/1/comment", data=fresh | comment, headers=OURS).status_code == 303
    assert "rang &lt;b&gt;twice" in browser.get("/patients/1").text


def test_nothing_is_shown_again_that_is_secret_or_came_from_elsewhere(desk: Desk) -> None:
    browser = desk.browser("anna")
    wrong = {"form_key": "of another sign-in"}
    for headers in ({}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "cross-site"}):
        answer = browser.client.post("/patients/1/comment", data=wrong | {"text": "planted"}, headers=headers)
        assert (answer.status_code, "planted" in answer.text) == (403, False), headers
    answer = browser.client.post("/password", data=wrong | {"old": PASSWORD, "again": "x"}, headers=OURS)
    assert (answer.status_code, PASSWORD in answer.text) == (403, False)


def test_signing_out_of_what_has_ended_leads_to_the_sign_in(desk: Desk) -> None:
    browser = desk.browser("anna")
    desk.pass_(accounts.IDLE + timedelta(minutes=1))
    answer = browser.client.post("/sign-out", data={"form_key": browser.form_key}, headers=OURS)
    assert answer.headers["location"] == "/sign-in?to=/"


def test_a_part_of_a_page_leads_its_page_to_the_sign_in_and_back(desk: Desk) -> None:
    browser = desk.browser("anna")
    desk.pass_(accounts.IDLE + timedelta(minutes=1))
    part = {"hx-request": "true", "hx-current-url": "http://testserver/deviations?weight=critical&page=2"}
    answer = browser.get("/board/decisions", **part)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?to=/deviations%3Fweight%3Dcritical%26page%3D2"
    back = typed_in(browser, "anna", to="/deviations?weight=critical&page=2")
    assert back.headers["location"] == "/deviations?weight=critical&page=2"
    desk.pass_(accounts.IDLE + timedelta(minutes=1))
    typed = browser.client.post(
        "/patients/1/record", data={"do": "preview"}, headers=OURS | {"hx-request": "true"}
    )
    assert (typed.status_code, "hx-redirect" in typed.headers) == (401, False)


def test_with_https_cookies_are_for_this_host_alone_and_travel_only_so(desk: Desk) -> None:
    desk.place = replace(desk.place, secure=True)
    client = TestClient(application(desk.place), base_url="https://testserver", follow_redirects=False)
    form = client.get("/sign-in")
    key = re.findall(r'name="form_key" value="([^"]+)"', form.text)[-1]
    signed = client.post("/sign-in", data={"form_key": key, "name": "anna", "password": PASSWORD})
    assert signed.headers["strict-transport-security"].startswith("max-age=")
    said = [*form.headers.get_list("set-cookie"), *signed.headers.get_list("set-cookie")]
    assert {one.split("=")[0] for one in said} == {f"__Host-carepath{end}" for end in ("", "-form", "-begun")}
    for one in said:
        assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in one.split(";")}, one
        assert "domain" not in one.lower()
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in?to=", "/looks"])
@pytest.mark.parametrize(
    "to", ["//elsewhere.example", "/\\elsewhere.example", "/\t//x", "javascript:1", "/ä", ""]
)
def test_no_door_leads_to_another_place(desk: Desk, path: str, to: str) -> None:
    browser = desk.browser("anna")
    if path == "/looks":
        answer = browser.send(path, back=to, language="de")
    else:
        answer = browser.get(path + quote(to))
    assert answer.headers["location"] == "/"


def test_whom_a_page_is_for_is_told_in_the_language_of_who_asks(desk: Desk) -> None:
    browser = desk.browser("admin")
    assert "It is for: auditor, chair, clinician, coordinator." in browser.get("/deviations").text
    browser.client.cookies.set("look", "de..")
    told = browser.get("/deviations").text
    assert "Sie ist für: " in told
    assert "Koordination" in told
