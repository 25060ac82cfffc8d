"""A coordinator's morning in a browser: sign in, narrow the list, act on several, by keyboard only."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from store import access
from tests.browser.conftest import sign_in
from tests.browser.serving import Served
from tests.web.conftest import PASSWORD
from tests.web.test_tracking import said


def test_the_morning_round_by_keyboard_only(page: Page, served: Served) -> None:
    sign_in(page, "anna")
    expect(page.get_by_role("heading", name="Tracking list")).to_be_visible()
    rows = page.locator("tr[data-row]")
    numbers = [int(rows.nth(n).get_by_role("checkbox").get_attribute("value") or 0) for n in range(2)]
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("called the ward")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_title("called the ward").filter(visible=True)).to_have_count(2)
    for number in numbers:
        assert said(served.desk, number).comments[-1][1:] == ("anna", "called the ward")


def test_keys_are_quiet_while_somebody_types(page: Page) -> None:
    sign_in(page, "anna")
    page.keyboard.press("/")
    page.keyboard.type("jxg?")
    expect(page.locator("#q")).to_have_value("jxg?")
    expect(page.locator("tr.cur")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_words_with_a_meaning_tell_it_when_pointed_at_touched_or_asked_for_by_key(page: Page) -> None:
    sign_in(page, "anna")
    head = page.locator("thead .word", has_text="Response window")
    expect(head).to_have_attribute("title", re.compile("^response window: The minimum span"))
    words = page.get_by_role("region", name="Words")
    page.locator("legend .word", has_text="pathway").click()  # as a touch does
    expect(words.get_by_role("definition")).to_have_text(re.compile("^The course of care"))
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    page.keyboard.press("w")
    expect(words.get_by_text("metastasis-directed therapy", exact=False).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()


def test_a_filter_narrows_the_list_as_it_is_ticked(page: Page) -> None:
    sign_in(page, "anna", "/")
    page.goto("/?owner=")
    before = page.locator("tr[data-row]").count()
    page.locator("input[name=due][value=soon]").check()
    page.wait_for_url("**due=soon**")
    assert 0 < page.locator("tr[data-row]").count() < before


def test_everything_works_without_script(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(base_url=served.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=due][value=soon]").check()
    page.get_by_role("button", name="Show").click()
    page.locator("tr[data-row] input").first.check()
    page.get_by_placeholder("Comment").fill("without script")
    page.get_by_role("button", name="Do it for the selected").click()
    expect(page.get_by_title("without script").filter(visible=True)).to_be_visible()
    context.close()


def test_who_was_signed_out_meanwhile_comes_back_to_the_same_page(page: Page, served: Served) -> None:
    sign_in(page, "anna")
    page.goto("/?owner=")
    page.context.clear_cookies()
    page.goto("/account")
    page.wait_for_url("**/sign-in?to=/account")
    sign_in(page, "anna", "/account")
    expect(page.get_by_role("heading", name="anna")).to_be_visible()
    with served.desk.database.reading() as connection:
        assert [one.what for one in access.entries(connection)].count("sign-in") == 2
