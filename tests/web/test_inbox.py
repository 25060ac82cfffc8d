"""The inbox on a page, and calendars by their secret addresses."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from coordination.entries import Board, Person, Team
from coordination.saying import say
from notifications.address import address
from notifications.sweep import sweep
from store import access, accounts
from store.library import shipped
from tests.store.cast import at
from tests.web.conftest import NOON, Desk
from tests.web.programs import client
from tests.web.test_patient import text_of
from web.client import ApiError

ADDRESS = re.compile(r"http://testserver(/calendar/[\w-]{43}\.ics)")


def told(desk: Desk) -> None:
    """Everybody is told what is due by now."""
    derive, now = shipped(desk.database), at("2025-03-03", "08:00")
    sweep(desk.database, now=now, derive=derive)
    address(desk.database, "w1", now=now, derive=derive)


def entries(desk: Desk, what: str) -> list[tuple[str, dict[str, str]]]:
    with desk.database.reading() as connection:
        return [(one.who, json.loads(one.asked)) for one in access.entries(connection) if one.what == what]


def test_what_somebody_was_told_leads_to_where_it_is_done(desk: Desk) -> None:
    told(desk)
    browser = desk.browser("anna")
    page = browser.get("/inbox").text
    links = re.findall(r'href="(/patients/\d+/tasks/\w+)"', page)
    assert links
    assert browser.get(links[0]).status_code == 200
    assert f"{len(links)} to see to" in page
    assert entries(desk, "inbox") == [("anna", {"owner": "anna", "shown": str(len(links))})]
    assert "Zu erledigen" in browser.get("/inbox", **{"accept-language": "de"}).text


def test_why_it_stands_so_is_told_in_the_language_of_who_reads(desk: Desk) -> None:
    told(desk)
    desk.pass_(timedelta(60))
    browser = desk.browser("anna")
    english, german = (
        text_of(browser.get("/inbox?all=1", **{"accept-language": one}).text) for one in ("en", "de")
    )
    assert re.search(r"escalated again since \d+ \w+ 2025", english)
    assert re.search(r"erneut eskaliert seit \d+\. \w+\.? 2025", german)
    assert "since" not in german


def test_an_empty_inbox_does_not_hide_what_is_overdue(desk: Desk) -> None:
    desk.pass_(timedelta(100))
    browser = desk.browser("anna")
    page = browser.get("/inbox").text
    assert "0 to see to" in page
    (late,) = re.findall(r"<b>\d+ things are overdue</b> of (\d+) patients, ", page)
    assert f"{late} patients" in browser.get("/?owner=anna&due=overdue").text


def test_an_inbox_is_read_by_its_owner_and_their_team(desk: Desk) -> None:
    told(desk)
    assert "not among the people" in desk.browser("audit").get("/inbox").text
    assert desk.browser("ben").get("/inbox?of=anna").status_code == 404
    assert "/tasks/" in desk.browser("ben").get("/inbox?of=ward").text
    assert desk.browser("lena").get("/inbox?of=ward").status_code == 404


def test_who_is_limited_to_a_team_reads_nothing_of_others(desk: Desk) -> None:
    told(desk)
    with desk.database.writing() as connection:
        say(connection, Team(name="south", members=("ben",)), recorder="lena", now=NOON)
        accounts.change(connection, "anna", teams=["south"])
    page = desk.browser("anna").get("/inbox").text
    assert "0 to see to" in page
    assert "Overdue, told" not in page


def made(desk: Desk, name: str, calendar: str) -> str:
    page = desk.browser(name).send("/account/calendar/new", calendar=calendar)
    found = ADDRESS.search(page.text)
    assert found, page.text
    return found[1]


def test_a_calendar_is_read_by_its_address_until_it_is_replaced_or_revoked(desk: Desk) -> None:
    first = made(desk, "anna", "anna")
    nobody = desk.browser()
    answer = nobody.get(first)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "BEGIN:VEVENT" in answer.text
    again = nobody.get(first, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    second = made(desk, "anna", "anna")
    assert nobody.get(first).status_code == 404
    assert nobody.get(second).text == answer.text
    assert first not in desk.browser("anna").get("/account").text
    desk.browser("anna").send("/account/calendar/revoke", calendar="anna")
    assert nobody.get(second).status_code == 404
    looks = entries(desk, "calendar")
    assert [one[0] for one in looks] == ["whoever knows the address"] * 2
    assert {one[1]["owner"] for one in looks} == {"anna"}


def test_who_has_left_or_is_at_rest_has_no_calendar_any_more(desk: Desk) -> None:
    for name, leave in (("anna", _put_to_rest), ("ben", _let_go)):
        path = made(desk, name, name)
        leave(desk, name)
        assert desk.browser().get(path).status_code == 404


def _put_to_rest(desk: Desk, name: str) -> None:
    with desk.database.writing() as connection:
        accounts.change(connection, name, active=False)


def _let_go(desk: Desk, name: str) -> None:
    with desk.database.writing() as connection:
        say(connection, Person(name=name, active=False), recorder="lena", now=NOON)


@pytest.mark.parametrize(("name", "calendar"), [("ben", "anna"), ("audit", "audit"), ("anna", "nobody")])
def test_nobody_makes_the_address_of_somebody_elses_calendar(desk: Desk, name: str, calendar: str) -> None:
    for do in ("new", "revoke"):
        assert desk.browser(name).send(f"/account/calendar/{do}", calendar=calendar).status_code == 404


def test_the_calendar_of_a_board_tells_its_meetings(desk: Desk) -> None:
    with desk.database.writing() as connection:
        board = Board(name="breast board", meetings=(at("2025-03-06", "15:00"),))
        say(connection, board, recorder="lena", now=NOON)
    assert "SUMMARY:breast board" in desk.browser().get(made(desk, "audit", "breast board")).text


def test_a_program_reads_the_inbox_of_its_account(desk: Desk) -> None:
    told(desk)
    with client(desk, "anna") as api:
        found = api.inbox()
        assert found.of == "anna"
        assert {one.standing for one in found.lines} == {"open"}
        first = found.lines[0]
        assert first.key in [one.key for one in api.due(first.number).open]
        assert api.inbox("ward").of == "ward"
        with pytest.raises(ApiError, match="404"):
            api.inbox("ben")
