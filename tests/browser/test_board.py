"""A meeting of a tumour board in a browser: from its agenda to its minutes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.serving import Served
from tests.browser.test_accessible import RULES, told
from tests.web.test_board import KEY, THURSDAY, asked_of, board, listed
from tests.web.test_board_live import recorded
from tests.web.test_board_minutes import held

__all__ = ["board", "held"]


@pytest.mark.usefixtures("board")
def test_a_meeting_from_its_agenda_to_its_signed_minutes(
    page: Page, served: Served, chromium: Browser
) -> None:
    desk = served.desk
    first, second = asked_of(desk, "W-1", full=True), asked_of(desk, "W-2")
    listed(desk, first)
    sign_in(page, "lena", "/board?board=Breast")

    # the list is prepared: somebody who is to come is added to it
    wanted = page.locator("#candidates tr", has_text="W-2")
    expect(page).to_have_title(re.compile("^Board"))  # what was loaded into the page does not rename it
    wanted.get_by_role("button", name="Add").click()
    agenda = page.locator("table.agenda tbody tr")
    expect(agenda).to_have_count(2)
    # all of the page is there: a part still asked for would lead to the sign-in once everybody is signed out
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)

    # it begins: the first patient by keyboard, the decision is typed, what it changes is seen, it is saved
    desk.now = THURSDAY + timedelta(minutes=5)  # by then everybody is signed out
    sign_in(page, "lena", "/account")
    page.goto(f"/board?board=Breast&meeting={KEY}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/patients/{first}/board"))
    page.get_by_role("radio", name="systemic first").focus()
    page.keyboard.press("Space")
    expect(page.locator("#preview table.diff")).to_be_visible()
    assert recorded(desk, first) == []
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"/patients/{second}/board"))
    assert recorded(desk, first) == ["board_held"]

    # the next one is put off, while somebody else has the minutes open
    other = chromium.new_context(base_url=served.address).new_page()
    sign_in(other, "audit", "/account")
    other.goto(f"/board/minutes?board=Breast&meeting={KEY}")
    expect(other.locator("ol.minuted")).to_contain_text("systemic first")
    expect(other.locator("ol.minuted")).not_to_contain_text("Put off")
    page.keyboard.press("v")
    page.locator("#f-code").select_option("pathology-missing")
    page.locator("#f-meeting").select_option("none")
    page.get_by_role("button", name="Put off").click()
    page.wait_for_url("**/board?**")
    other.evaluate("htmx.trigger('#minutes', 'again')")
    expect(other.locator("ol.minuted")).to_contain_text("the pathology result is missing")
    other.context.close()

    # the chair signs
    page.goto(f"/board/minutes?board=Breast&meeting={KEY}")
    expect(page.locator("ol.minuted")).to_contain_text("the pathology result is missing")
    page.get_by_role("button", name="Sign these minutes").click()
    expect(page.get_by_text("as it stands").first).to_be_visible()


@pytest.mark.usefixtures("held")
def test_no_page_of_a_board_shuts_anybody_out(page: Page, served: Served) -> None:
    decided, open_ = (served.desk.number(one) for one in ("W-1", "W-4"))
    at = f"board=Breast&meeting={KEY}"
    about = f"{at}&question=initial"
    sign_in(page, "lena", "/account")
    found: dict[str, list[str]] = {}
    for path in (
        f"/board?{at}",
        f"/board/candidates?{at}",
        f"/board/minutes?{at}",
        f"/patients/{open_}/board?{about}",
        f"/patients/{open_}/board/list?{about}",
        f"/patients/{open_}/board/defer?{about}",
        f"/patients/{open_}/board/remove?{about}",
        f"/patients/{decided}/board/letter?event=e04",
    ):
        answer = page.goto(path)
        assert answer
        assert answer.ok, path
        found[path] = told(page, {"runOnly": RULES})
    assert {path: some for path, some in found.items() if some} == {}
