"""Pictures of the pages, in light and dark: `python -m tests.browser.pictures [FOLDER]`.

They show the demonstration on a fixed day. The two that the README shows stand in docs/images; they are made
anew with `python -m tests.browser.pictures docs/images --only list,patient`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from playwright.sync_api import sync_playwright

from cli.demo import fill
from cli.demo_accounts import give_passwords
from cli.demo_names import give_names
from cli.web_house import house
from cli.workplace import workplace
from store.sqlite import embedded_url
from tests.browser.serving import Served
from tests.chromium import OPTIONS, found_browser
from web.app import application
from web.place import Place

NOW = datetime(2026, 11, 23, 7, 42, tzinfo=timezone(timedelta(hours=1)))
PAGES = {
    "list": ("anna", "/"),
    "print": ("anna", "/list/print"),
    "views": ("anna", "/views"),
    "inbox": ("anna", "/inbox"),
    "account": ("anna", "/account"),
    "patient": ("anna", "/patients/138"),
    "record": ("anna", "/patients/138/record?type=response_assessed"),
    "imaging": ("anna", "/patients/138/record?type=imaging_done"),
    "timeline": ("anna", "/patients/138/timeline"),
    "brief": ("anna", "/patients/138/brief"),
    "new": ("anna", "/patients/new"),
    "identity": ("anna", "/patients/138/identity"),
    "merge": ("anna", "/patients/138/merge?other=139"),
    "move": ("anna", "/patients/138/entries/e01/move?to=139"),
    "board": ("anna", "/board"),
    "board-live": ("anna", "/patients/37/board?question=mdt"),
    "board-candidates": ("anna", "/board/candidates"),
    "board-plan": ("anna", "/board/plan?board=breast-board"),
    "minutes": ("lena", "/board/minutes"),
    "deviations": ("audit", "/deviations"),
    "figures": ("audit", "/deviations/figures"),
    "pathways": ("audit", "/pathways"),
    "pathway": ("audit", "/pathways/oligometastatic-breast"),
    "statements": ("audit", "/statements"),
    "differences": ("audit", "/pathways/differences"),
    "dry-runs": ("lena", "/pathways/changes"),
    "operations": ("admin", "/operations"),
    "people": ("admin", "/operations/people"),
    "person": ("admin", "/operations/desk/person?name=anna"),
    "site": ("admin", "/operations/site"),
    "ladder": ("admin", "/operations/desk/ladder"),
    "channels": ("admin", "/operations/channels"),
    "messages": ("admin", "/operations/messages"),
    "upkeep": ("admin", "/operations/record"),
    "settings": ("admin", "/operations/settings"),
}
WIDTH, HEIGHT = 1440, 900
PAPER = 1050
"""Pixels that a landscape page is wide."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="build/pictures")
    parser.add_argument("--only", default=",".join(PAGES))
    parser.add_argument("--width", type=int, action="append", help="of the window; may be said several times")
    parser.add_argument("--german", action="store_true")
    parser.add_argument("--paper", action="store_true", help="as it is printed, too")
    said = parser.parse_args()
    folder = Path(said.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        os.environ.update(XDG_DATA_HOME=made, CAREPATH_USER="demo")
        with workplace(embedded_url(Path(made)), begins=True) as here:
            here = here.at(NOW)
            fill(here, Path(made))
            give_names(here)
            here.bring_up_to_date()
            house_ = house(here)
            place = Place(here.database, here.derive, lambda: NOW, secure=False, demo=True, house=house_)
            with Served(application(place)) as served:
                password, names = give_passwords(here), said.only.split(",")
                for width in said.width or [WIDTH]:
                    shoot(served.address, password, folder, names, width, german=said.german)
                if said.paper:
                    shoot(served.address, password, folder, names, PAPER, paper=True, german=said.german)


def shoot(
    address: str,
    password: str,
    folder: Path,
    wanted: list[str],
    width: int,
    *,
    paper: bool = False,
    german: bool = False,
) -> None:
    """Each page, in light and dark; on paper in light, as German pages are, too."""
    ending = "" if width == WIDTH else "-paper" if paper else f"-{width}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found_browser(), args=list(OPTIONS))
        for scheme in ("light",) if paper or german else ("light", "dark"):
            for name in wanted:
                who, path = PAGES[name]
                size = {"width": width, "height": HEIGHT}
                context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]  # a literal of two words
                page = context.new_page()
                page.goto("/sign-in")
                page.get_by_label("Name").fill(who)
                page.get_by_label("Password").fill(password)
                page.get_by_role("button", name="Sign in").click()
                if german:
                    page.get_by_role("button", name="DE", exact=True).click()
                page.goto(path)
                if paper:
                    page.emulate_media(media="print")
                page.screenshot(path=folder / f"desk-{name}{ending}-{scheme}.png", full_page=paper or german)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
