"""A real browser against a real server in this process, with the patients of tests/web."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.serving import Served
from tests.chromium import OPTIONS, found_browser
from tests.web.conftest import PASSWORD, Desk
from tests.web.conftest import desk as desk
from tests.web.conftest import filled as filled
from tests.web.conftest import quick_hashes as quick_hashes


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found_browser(), args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture
def served(desk: Desk) -> Iterator[Served]:
    with Served(desk.app) as made:
        made.desk = desk
        yield made


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=served.address, viewport={"width": 1440, "height": 900})
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that may complain of nothing: neither script nor policy."""
    made, complaints = context.new_page(), list[str]()
    made.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    expected = re.compile(
        r"status of 4|Status Error Code 4|net::ERR_INTERNET_DISCONNECTED|^htmx:"
    )  # refused, or offline on purpose
    assert [one for one in complaints if not expected.search(one)] == []


def sign_in(page: Page, name: str, to: str = "/", password: str = PASSWORD) -> None:
    """By the keyboard, as a person does it."""
    page.goto(f"/sign-in?to={to}")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in?" not in url and not url.endswith("/sign-in"))
