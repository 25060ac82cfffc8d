"""Whether the commands, the list in the desk and the API tell the same of each patient."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from store import accounts
from store.database import open_database
from store.desk_list import DUE
from tests.keys import KEYS
from tests.passwords import PASSWORD
from tests.web.conftest import Desk
from tests.web.programs import program

Told = dict[str, tuple[Any, ...]]
"""By reference, what is to be the same."""
_row: Any = re.compile(r"<tr data-row>.*?</tr>", re.DOTALL)


def assert_told_alike(run: Callable[..., Any], url: str, now: datetime) -> int:
    """Compares all patients of a database, whole answers of each among them; answers how many there are."""
    database = open_database(url, KEYS)
    desk = Desk(database, now)
    with database.writing() as connection:
        accounts.add(connection, "reader", ("coordinator",), PASSWORD, now, must_change=False)
    listed = {one["patient"]: one for one in run("list", "--limit", 0, "--json").lines}
    late_ = [one for one in run("due", "--json").lines if one["status"] in ("overdue", "escalated")]
    due = Counter(one["patient"] for one in late_)
    api = program(desk, "reader")
    rows = {one["reference"]: one for one in _pages(api, f"/patients?limit=100&due={_every}")}
    assert {name: _of_command(one) for name, one in listed.items()} == {
        name: _of_api(one) for name, one in rows.items()
    }
    assert _of_page(desk) == {
        name: (one["state_title"], one["next"] and one["next"]["title"], one["due"] == "overdue")
        for name, one in rows.items()
    }
    for name, row in rows.items():
        shown, answered = run("show", name, "--json").lines[0], api.get(f"/patients/{row['number']}").json()
        both = shown.keys() & answered.keys() - {"known_at"}
        assert {key: shown[key] for key in both} == {key: answered[key] for key in both}, name
        assert len(both) > 15
        late = [one for one in shown["due"] if one["status"] in ("overdue", "escalated") and one["chase"]]
        assert len(late) == row["overdue"] == due[name], name
    database.close()
    return len(rows)


_every = "&due=".join(DUE)


def _pages(api: Any, path: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        answer = api.get(path + (f"&cursor={cursor}" if cursor else "")).json()
        yield from answer["patients"]
        cursor = answer["next"]


def _of_command(one: dict[str, Any]) -> tuple[Any, ...]:
    work = one["work"] or {}
    step = work.get("next") or {}
    counts = (one["overdue"], one["open_deviations"], one["blocked"], one["undetermined"])
    return (one["state"], one["days_in_state"], step.get("title"), step.get("on"), one["owner"], *counts)


def _of_api(one: dict[str, Any]) -> tuple[Any, ...]:
    step = one["next"] or {}
    counts = (one["overdue"], one["deviations"], one["blocked"], one["undetermined"])
    return (one["state"], one["days_in_state"], step.get("title"), step.get("on"), one["owner"], *counts)


def _of_page(desk: Desk) -> Told:
    """Every row of the tracking list as a person reads it: state, next step, and whether it is overdue."""
    browser = desk.browser("reader")
    found: Told = {}
    for at in range(1, 100):
        page = browser.get(f"/?owner=&page={at}&due={_every}").text
        before = len(found)
        for row in _row.findall(page):
            cells = [_text(one) for one in re.findall(r"<t[dh][^>]*>.*?</t[dh]>", row, re.DOTALL)]
            name = cells[1].split("|")[-1].split(" · ")[-1].strip()
            title = (
                None
                if "Nothing recorded" in cells[4] or "nothing any" in cells[4]
                else cells[4].split("|")[0]
            )
            found[name] = (cells[3].split("|")[0], title, "Overdue" in cells[5])
        if len(found) == before:
            return found
    raise AssertionError("the list has no last page")


def _text(cell: str) -> str:
    parts = (html.unescape(one).strip() for one in re.sub(r"<[^>]*>", "|", cell).split("|"))
    return "|".join(one for one in parts if one)
