"""A real browser against a real server in this process, with the patients of tests/web."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

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


class Served:
    """The application at an address."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(desk.app, log_level="error", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> Served:
        self._thread.start()
        while not self._server.started:
            sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture
def served(desk: Desk) -> Iterator[Served]:
    with Served(desk) as made:
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
        r"status of 4|net::ERR_INTERNET_DISCONNECTED|^htmx:"
    )  # refused, or offline on purpose
    assert [one for one in complaints if not expected.search(one)] == []


def sign_in(page: Page, name: str, to: str = "/") -> None:
    """By the keyboard, as a person does it."""
    page.goto(f"/sign-in?to={to}")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
