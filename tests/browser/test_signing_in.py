"""How people get in, in a browser: the first start, a second factor, a sign-in that ended meanwhile."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from store import accounts, factors
from store.database import open_database
from tests.browser.conftest import sign_in
from tests.browser.serving import Served
from tests.browser.test_accessible import RULES, told
from tests.keys import KEYS
from tests.web.conftest import PASSWORD, Desk
from web.app import application


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """A desk at which nobody may sign in yet."""
    database = open_database(f"sqlite:///{tmp_path / 'fresh.db'}", KEYS)
    desk = Desk(database)
    with Served(application(replace(desk.place, setup_code="abcd-efgh"))) as served:
        yield served
    database.close()


def test_from_the_code_in_the_terminal_to_the_first_coordinator(fresh: Served, chromium: Browser) -> None:
    admin = chromium.new_context(base_url=fresh.address).new_page()
    admin.goto("/")
    assert told(admin, {"runOnly": RULES}) == []
    admin.get_by_label("Code from the terminal").fill("abcd-efgh")
    admin.get_by_label(re.compile("^Your name")).fill("vera")
    for label in (re.compile("^Password, at least"), "The same again"):
        admin.get_by_label(label).fill(PASSWORD)
    admin.keyboard.press("Enter")
    admin.get_by_role("navigation", name="Main").get_by_role("link", name="Operations").click()
    add = admin.locator("form", has=admin.get_by_role("button", name="Add account"))
    add.get_by_label("Name").fill("anna")
    add.get_by_label("coordinator").check()
    add.get_by_role("button").click()
    given = admin.get_by_role("status").locator("b.mono").inner_text()
    anna = chromium.new_context(base_url=fresh.address).new_page()
    sign_in(anna, "anna", password=given)
    anna.get_by_label("Present password").fill(given)
    for label in (re.compile("^Password, at least"), "The same again"):
        anna.get_by_label(label).fill("a password of her own")
    anna.keyboard.press("Enter")
    expect(anna.get_by_role("heading", name="Tracking list", level=1)).to_be_visible()
    for one in (admin, anna):
        one.context.close()


def test_a_second_factor_is_set_up_and_asked_for(page: Page, served: Served) -> None:
    def code() -> str:
        return factors.code_at(secret, int(served.desk.now.timestamp()) // factors.STEP)

    sign_in(page, "anna", "/account/factor")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("img", name=re.compile("^Picture of the key"))).to_be_visible()
    assert told(page, {"runOnly": RULES}) == []
    secret = base64.b32decode(page.locator("b.mono").inner_text().replace(" ", ""))
    page.get_by_label(re.compile("^The six digits")).fill(code())
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(factors.RECOVERY_CODES)
    page.get_by_role("button", name="Sign out").click()
    served.desk.pass_(timedelta(minutes=1))
    sign_in(page, "anna", "/account")
    expect(page).to_have_url(re.compile("/sign-in/code$"))
    assert told(page, {"runOnly": RULES}) == []
    page.keyboard.type(code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")


def ends(served: Served) -> None:
    served.desk.pass_(accounts.IDLE + timedelta(minutes=1))


def test_a_comment_typed_while_the_sign_in_ended_is_not_lost(page: Page, served: Served) -> None:
    place = f"/patients/{served.desk.number('V02')}"
    sign_in(page, "anna", place)
    box = page.locator("form[action$='/comment'] [name=text]")
    box.fill("rang twice, calls back")
    ends(served)
    box.press("Control+Enter")
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    assert told(page, {"runOnly": RULES}) == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in, in another tab").click()
    sign_in(opened.value, "anna", "/account")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send what was typed").click()
    page.wait_for_url(re.compile(f"{place}([?#].*)?$"))
    expect(page.get_by_text("rang twice, calls back").first).to_be_visible()


def test_parts_of_a_page_lead_to_the_sign_in_and_back_and_what_is_typed_stays(
    page: Page, served: Served
) -> None:
    sign_in(page, "audit", "/deviations?weight=critical")
    ends(served)
    page.locator("tr[data-row] a").first.click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name").fill("anna")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deviations?weight=critical")
    page.goto(f"/patients/{served.desk.number('V02')}/record?type=response_assessed")
    ends(served)
    page.get_by_label(re.compile("overall response")).select_option("PR")
    expect(page.get_by_role("alert").filter(has_text="Your sign-in has ended")).to_be_visible()
    expect(page.get_by_label(re.compile("overall response"))).to_have_value("PR")
