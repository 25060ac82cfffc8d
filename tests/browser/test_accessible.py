"""Every page read by axe-core (WCAG 2.2 AA): no violation; some in the dark theme as well."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import sign_in
from tests.browser.serving import Served
from web.app import pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AS = {
    "anna": (
        "/?owner=",
        "/?due=none&day=0&flag=undetermined",
        "/account",
        "/patients/{number}",
        "/patients/{number}/record?type=imaging_done",
        "/patients/{number}/entries/e01/amend",
        "/patients/{number}/merge?other=1",
        "/patients/{number}/entries/e01/move?to=1",
        "/nowhere",
    ),
    "audit": ("/pathways", "/pathways/bone-health", "/statements", "/statements/mdtbc-elig-response-3-6m"),
    "admin": ("/operations", "/operations/accounts/1", "/operations/desk/ladder", "/password"),
    "lena": (),
}
IN_THE_DARK = ("/?owner=", "/patients/{number}", "/deviations", "/operations")
"""Between them these have every component; every pair of colours is computed in tests/web/test_static.py."""
NOT_PAGES = (".xlsx", ".pdf", ".txt", ".html", ".zip", ".csv", ".json")
"""Files."""
OF_A_BOARD = ("/board/candidates", "/board/minutes", "/patients/{number}/board")
"""They need a board with a meeting: test_board.py has one."""


def paths() -> dict[str, list[str]]:
    """The pages named above, and all others that need nothing but a patient, each as somebody who may.

    What is there before somebody has signed in is read in test_signing_in.py.
    """
    wanted = {name: list(found) for name, found in AS.items()}
    named = {path.split("?")[0] for found in AS.values() for path in found}
    for page in pages():
        open_ = page.path.replace("{number}", "").count("{")
        if page.method == "POST" or open_ or page.path in named or page.path.endswith(NOT_PAGES):
            continue
        if not page.allowed or page.path.startswith(OF_A_BOARD):
            continue
        roles = {"anna": "coordinator", "audit": "auditor", "admin": "administrator", "lena": "chair"}
        wanted[next(name for name, role in roles.items() if role in page.allowed)].append(page.path)
    return wanted


def told(page: Page, rules: dict[str, object]) -> list[str]:
    few = {"resultTypes": ["violations"]}  # a third of the time went into telling what is right
    violations = Axe().run(page, options={**rules, **few}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in violations]


def test_no_page_shuts_anybody_out(page: Page, served: Served) -> None:
    found: dict[str, list[str]] = {}
    number = str(served.desk.number("V02"))
    page.goto("/sign-in")
    found["/sign-in"] = told(page, {"runOnly": RULES})
    for name, some in paths().items():
        page.context.clear_cookies()
        sign_in(page, name, "/account")
        for path in some:
            page.goto(path.replace("{number}", number))
            found[path] = told(page, {"runOnly": RULES})
            if path in IN_THE_DARK:
                page.emulate_media(color_scheme="dark")
                found[f"{path} in the dark"] = told(page, {"runOnly": ["color-contrast"]})
                page.emulate_media(color_scheme="light")
    assert {path: some for path, some in found.items() if some} == {}
