"""Every page has a rule, and every rule holds: made from the pages themselves."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from coordination.entries import Team
from coordination.saying import say
from store import access, accounts
from store.site_copy import contents
from tests.web.conftest import NOON, ROLES, Desk
from web.app import HEADERS, pages
from web.rules import ANYBODY, Page

PAGES = [pytest.param(page, id=f"{page.method} {page.path}") for page in pages()]
GUARDED = [page for page in pages() if page.allowed != ANYBODY]


def asked(desk: Desk, page: Page, name: str, number: int = 1) -> int:
    """The status with which somebody's request for a page is answered."""
    browser = desk.browser(name)
    path = page.path.replace(":path", "").format_map(defaultdict(lambda: "x", number=number, event="e01"))
    answer = browser.get(path) if page.method == "GET" else browser.send(path)
    return int(answer.status_code)


@pytest.mark.parametrize("page", PAGES)
def test_only_those_whom_the_rule_names_get_in(desk: Desk, page: Page) -> None:
    for name, (role,) in ROLES.items():
        turned_away = bool(page.allowed) and role not in page.allowed
        assert (asked(desk, page, name) == 403) == turned_away, role


@pytest.mark.parametrize("page", [one for one in PAGES if one.values[0] in GUARDED])
def test_nobody_gets_in_without_a_sign_in(desk: Desk, page: Page) -> None:
    assert asked(desk, page, "") in (303, 403)


ABOUT = [one for one in GUARDED if one.about_patient]


@pytest.mark.parametrize("page", [pytest.param(one, id=f"{one.method} {one.path}") for one in ABOUT])
def test_who_is_limited_to_a_team_sees_only_its_patients(desk: Desk, page: Page) -> None:
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        for name in ("anna", "ben", "lena", "audit"):
            accounts.change(connection, name, teams=["north"])
    name = next(name for name, (role,) in ROLES.items() if role in page.allowed)
    own, other = (next(n for n in range(1, 20) if owner(desk, n) == who) for who in ("anna", "ben"))
    assert asked(desk, page, name, other) == 403
    assert asked(desk, page, name, own) != 403


def owner(desk: Desk, number: int) -> str:
    from store import desk as said

    with desk.database.reading() as connection:
        return said.owners_of(connection, [number])[number] or ""


def test_who_says_why_sees_a_patient_of_another_team_and_that_is_kept(desk: Desk) -> None:
    with desk.database.writing() as connection:
        accounts.change(connection, "lena", teams=["elsewhere"])
    browser = desk.browser("lena")
    assert browser.send("/other-team/1", reason="no").status_code == 422
    assert browser.send("/other-team/9999", reason="on call tonight").status_code == 404
    assert browser.send("/other-team/1", reason="on call tonight").headers["location"] == "/patients/1"
    with desk.database.reading() as connection:
        (entry,) = (one for one in access.entries(connection) if one.what == "other-team")
    assert (entry.who, entry.patient_id, entry.reason) == ("lena", 1, "on call tonight")


def test_every_answer_carries_what_keeps_browsers_safe(desk: Desk) -> None:
    browser = desk.browser("anna")
    for path in ("/", "/sign-in", "/nowhere", "/healthz", "/static/desk.css"):
        answer = browser.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
    assert browser.get("/").headers["cache-control"] == "no-store"
    assert "unsafe" not in HEADERS["content-security-policy"]


def test_no_form_is_taken_that_a_page_of_ours_did_not_make(desk: Desk) -> None:
    """Every form there is: with another key, and from another place with the right one."""
    browser = desk.browser("anna")
    with desk.database.reading() as connection:
        before = contents(connection)
    forms = [re.sub(r"\{[^}]+\}", "1", one.path) for one in pages() if one.method == "POST"]
    for path in forms:
        assert browser.client.post(path, data={"form_key": "x" * 64}).status_code == 403, path
        elsewhere = browser.client.post(
            path, data={"form_key": browser.form_key}, headers={"sec-fetch-site": "cross-site"}
        )
        assert elsewhere.status_code == 403, path
    with desk.database.reading() as connection:
        assert contents(connection) == before
    assert len(forms) > 50
