"""Every page read by axe-core (WCAG 2.2 AA), in light and dark: no violation."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Served, sign_in

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "": ("/sign-in",),
    "anna": (
        "/",
        "/?owner=&due=overdue&flag=blocked",
        "/?due=none&day=0&flag=undetermined",
        "/account",
        "/nowhere",
    ),
    "admin": ("/operations", "/password"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(chromium: Browser, served: Served, scheme: str) -> None:
    found: dict[str, list[str]] = {}
    axe = Axe()
    for name, paths in PAGES.items():
        context = chromium.new_context(base_url=served.address, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        if name:
            sign_in(page, name, "/account")
        for path in paths:
            page.goto(path)
            told = [
                f"{one['id']}: {one['nodes'][0]['html'][:120]}"
                for one in axe.run(page, options=RULES).response["violations"]
            ]
            if told:
                found[path] = told
        context.close()
    assert found == {}
