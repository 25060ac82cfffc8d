"""The register of an earlier day: what it told then, and the same to the byte whatever was said since."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from coordination.entries import Team
from coordination.saying import say
from store import accounts
from store.desk import patients_of
from tests.web.conftest import NOON, Desk
from tests.web.programs import client
from tests.web.test_deviations import judged, shown
from tests.web.test_operations_record import at_once, looks
from tests.web.test_patient import said, text_of
from web.app import application
from web.client import ApiError
from web.jobs import Jobs

THEN = "/deviations/then"


def at_leisure(desk: Desk) -> Desk:
    """The same desk; what takes long is done at once."""
    desk.place = replace(desk.place, jobs=Jobs(at_once))
    desk.app = application(desk.place)
    return desk


def rows(page: str) -> set[tuple[str, ...]]:
    """Number, weight, status and review of each row, without the days since."""
    found = re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL)
    cells = [
        [re.sub(r"<[^>]*>|\d+ d\b", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)]
        for row in found
    ]
    return {tuple(one) for one in cells}


def test_last_days_register_is_told_again_whatever_was_said_since(desk: Desk) -> None:
    browser = at_leisure(desk).browser("audit")
    place, other = shown(browser.get("/deviations").text)[:2]
    assert judged(browser, place, note="nothing on file") == 303
    now = browser.get("/deviations")
    desk.pass_(timedelta(days=1))
    browser = desk.browser("audit")
    assert browser.send(THEN, day=str(NOON.date())).status_code == 303
    then = browser.get(THEN).text
    assert len(rows(then)) == 5
    assert rows(then) == rows(now.text)
    assert f'known_at={NOON.date()}"' in then
    table = browser.get(f"{THEN}.csv").content

    assert judged(browser, other, note="nothing on file") == 303
    wrong = desk.number("V02")
    said(desk, wrong, {"type": "metastasis_suspected", "date": "2025-02-10"})
    browser.send(THEN, day=str(NOON.date()))
    assert browser.get(f"{THEN}.csv").content == table
    assert rows(browser.get("/deviations").text) != rows(then)
    assert any("2025-03-03" in asked for _, asked in looks(desk, "register then"))


def test_programs_read_the_same_register_patients_after_patients(desk: Desk) -> None:
    browser = at_leisure(desk).browser("audit")
    place = shown(browser.get("/deviations").text)[0]
    assert judged(browser, place, note="nothing on file") == 303
    desk.pass_(timedelta(days=1))
    browser = desk.browser("audit")
    browser.send(THEN, day=str(NOON.date()))
    table = list(csv.DictReader(io.StringIO(browser.get(f"{THEN}.csv").text)))
    pages = list(client(desk, "audit").deviations_then(NOON.date(), limit=2))
    assert len(pages) > 2
    found = [one for page in pages for one in page.deviations]
    assert sorted((str(one.number), one.code, one.review, one.reviewer or "") for one in found) == sorted(
        (one["number"], one["code"], one["review"], one["reviewer"]) for one in table
    )
    assert sum(page.patients for page in pages) == int(
        text_of(browser.get(THEN).text).split(" patients were known")[0].split()[-1]
    )
    with pytest.raises(ApiError, match="422") as told:
        next(client(desk, "audit").deviations_then(NOON.date() + timedelta(1)))
    assert told.value.problem.faults[0].parameter == "day"


def test_who_is_limited_to_a_team_is_told_of_no_other_patient(desk: Desk) -> None:
    desk.pass_(timedelta(days=1))

    def numbers() -> set[int]:
        asking = client(desk, "audit")
        return {one.number for page in asking.deviations_then(NOON.date()) for one in page.deviations}

    whole = numbers()
    with desk.database.writing() as connection:
        say(connection, Team(name="north", members=("anna",)), recorder="lena", now=NOON)
        accounts.change(connection, "audit", teams=["north"])
        annas = {*patients_of(connection, "anna")}
    assert set() < numbers() == whole & annas < whole


def test_before_anything_was_recorded_nothing_was_known(desk: Desk) -> None:
    browser = at_leisure(desk).browser("audit")
    browser.send(THEN, day="2024-12-31")
    page = browser.get(THEN).text
    assert "0 patients were known" in page
    assert "No deviation was found. Nothing had been recorded here by then" in page


def test_only_a_day_that_is_over_and_only_for_who_asked(desk: Desk) -> None:
    browser = at_leisure(desk).browser("audit")
    assert browser.get(f"{THEN}.csv").status_code == 404
    for day in ("", str(NOON.date()), "soon"):
        assert browser.send(THEN, day=day).status_code == 422
    browser.send(THEN, day="2025-02-28")
    assert "You see 28 Feb 2025 as known then." in browser.get(f"{THEN}?weight=critical").text
    assert "You see" not in desk.browser("second").get(THEN).text
