"""The page of a board: its next meeting, who is on the list with what is missing, who else is to come."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.entries import Assigned, Board, Listed, Postponed, Site, Team
from coordination.entries import Entry as CoordinationEntry
from coordination.saying import say
from store import access, accounts, identities
from store.record import record
from store.recording import Entry, Recording
from tests.web.conftest import NOON, Desk
from tests.web.test_patient import text_of

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2025, 3, 6, 16, tzinfo=BERLIN)
NEXT = THURSDAY + timedelta(weeks=1)
KEY = "2025-03-06T15:00Z"


def asked_of(desk: Desk, reference: str, *, full: bool = False) -> int:
    """A patient about whom the first board is to be asked: staged, without a tissue result."""
    entries: list[dict[str, object]] = [
        {"type": "metastasis_suspected", "date": "2025-01-20"},
        {
            "type": "imaging_done",
            "date": "2025-01-22",
            "purpose": "staging",
            "modality": "pet_ct",
            "complete": True,
            "lesion_count_total": 1,
            "lesions": [{"id": "L1", "organ": "liver"}],
        },
    ]
    tissue = {"type": "tissue_result", "date": "2025-01-25", "method": "histology", "site": "liver"}
    entries += [{**tissue, "metastasis_confirmed": True}] if full else []
    named = tuple(Entry(one) for one in entries)
    record(
        desk.database,
        Recording(reference, named, facts={}, source="test"),
        recorder="anna",
        now=NOON - timedelta(days=1),
        derive=desk.place.derive,
    )
    number = desk.number(reference)
    at_desk(desk, Assigned(owner="anna"), about=number)
    return number


def at_desk(desk: Desk, *entries: CoordinationEntry, about: int | None = None) -> None:
    with desk.database.writing() as connection:
        if about is not None:
            identities.head_of(connection, about, to_write=True)
        for one in entries:
            say(connection, one, patient_id=about, recorder="lena", now=desk.now)


@pytest.fixture
def board(desk: Desk) -> Desk:
    """A board that meets on two Thursdays, with two places each."""
    breast = Board(name="Breast", place="Room 4", chair="lena", meetings=(THURSDAY, NEXT), capacity=2)
    at_desk(desk, Site(zone="Europe/Berlin"), breast)
    return desk


def listed(desk: Desk, number: int, meeting: datetime = THURSDAY, question: str = "initial") -> None:
    entry = Listed(board="Breast", question=question, meeting=meeting, step="board_initial")
    at_desk(desk, entry, about=number)


def test_where_no_board_is_planned_the_page_says_so_and_who_can_plan_one(desk: Desk) -> None:
    assert '<a href="/board/plan">' in desk.browser("anna").get("/board").text
    told = desk.browser("ben").get("/board").text
    assert "No board planned." in told
    assert "/board/plan" not in told


def test_the_next_meeting_stands_on_the_page_with_what_is_missing_and_who_can_provide_it(board: Desk) -> None:
    number = asked_of(board, "W-1")
    listed(board, number)
    page = board.browser("anna").get("/board")
    told = text_of(page.text)
    assert page.status_code == 200
    for words in ("Breast, Thu 6 Mar", "16:00 to 17:00", "Room 4", "chair lena", "1 patient", "1 place left"):
        assert words in told, words
    assert "closes after Tue 4 Mar" in told
    assert "Missing 1 of 3" in told
    assert "no waiver of biopsy or tissue result is recorded (anna)" in told
    assert f'href="/patients/{number}/board?board=Breast&amp;meeting=2025-03-06T15%3A00Z' in page.text


def test_a_name_is_shown_as_text(board: Desk) -> None:
    number = asked_of(board, "W-1")
    with board.database.writing() as connection:
        person = identities.person_of(connection, number)
        assert person is not None
        identities.keep(connection, number, replace(person, name="<script>x</script>"))
    listed(board, number)
    assert "<script>x" not in board.browser("anna").get("/board").text


def test_another_meeting_is_chosen_by_its_address(board: Desk) -> None:
    browser = board.browser("ben")
    assert "Thu 13 Mar" in text_of(browser.get("/board?board=Breast&meeting=2025-03-13T15:00Z").text)
    assert browser.get("/board?board=Breast&meeting=2025-03-14T15:00Z").status_code == 404
    assert browser.get("/board?board=Nothing").status_code == 404
    assert browser.get("/board/candidates?board=Nothing").status_code == 404


def test_candidates_are_those_on_no_list(board: Desk) -> None:
    one, two = asked_of(board, "W-1"), asked_of(board, "W-2", full=True)
    listed(board, one)
    page = board.browser("anna").get("/board/candidates?board=Breast&most=50").text
    assert f'href="/patients/{two}"' in page
    assert f'href="/patients/{one}"' not in page
    assert f'action="/patients/{two}/board/list"' in page
    assert "Ready 3 of 3" in text_of(page)
    assert "/board/list" not in board.browser("audit").get("/board/candidates?board=Breast&most=50").text


def test_there_are_more_candidates_than_a_page_shows(board: Desk) -> None:
    asked_of(board, "W-1"), asked_of(board, "W-2")
    page = board.browser("anna").get("/board/candidates?board=Breast&most=1").text
    assert "most=2" in page
    assert page.count('/board/list"') == 1


def test_whose_meeting_is_over_or_does_not_take_place_stands_on_top(board: Desk) -> None:
    one, two, three = (asked_of(board, f"W-{n}") for n in (1, 2, 3))
    listed(board, one)
    listed(board, two, datetime(2025, 3, 7, 16, tzinfo=BERLIN))
    listed(board, three)
    put_off = Postponed(board="Breast", question="initial", meeting=THURSDAY, to=None, code="no-time")
    at_desk(board, put_off, about=three)
    board.pass_(timedelta(days=4))
    page = board.browser("anna").get("/board").text
    told = text_of(page)
    assert told.index("On no meeting that lies ahead") < told.index("Agenda")
    assert "decision of 6 Mar not recorded" in told
    assert "the meeting of 7 Mar does not take place" in told
    assert "put off to no meeting yet" in told
    assert page.count("/board/defer?") == 3


def test_a_decision_of_the_day_stands_beside_the_patient(board: Desk) -> None:
    number = asked_of(board, "W-1", full=True)
    listed(board, number)
    board.now = THURSDAY + timedelta(minutes=10)
    held = {"type": "board_held", "date": "2025-03-06", "question": "initial", "decision": "systemic_first"}
    record(
        board.database, Recording("W-1", (Entry(held),), source="test"), recorder="anna", now=board.now,
        derive=board.place.derive,
    )  # fmt: skip
    told = text_of(board.browser("anna").get("/board").text)
    assert "Decided systemic first" in told
    assert "Letter, draft" in told
    assert "1 of 1 recorded for this day" in told


def test_decisions_that_wait_are_told_after_the_days_of_the_site(board: Desk) -> None:
    number = asked_of(board, "W-1", full=True)
    held = {"type": "board_held", "date": "2025-02-03", "question": "initial", "decision": "systemic_first"}
    record(
        board.database, Recording("W-1", (Entry(held),), source="test"), recorder="anna", now=NOON,
        derive=board.place.derive,
    )  # fmt: skip
    browser = board.browser("anna")
    page = browser.get("/board/decisions").text
    assert f'href="/patients/{number}"' in page
    assert "Overdue" in text_of(page)
    assert f'href="/patients/{number}"' in browser.get("/board/decisions?all=yes").text


def test_who_is_limited_to_teams_sees_how_many_others_are_listed_and_not_who(board: Desk) -> None:
    number = asked_of(board, "W-1")
    listed(board, number)
    at_desk(board, Team(name="north", members=("ben",)))
    with board.database.writing() as connection:
        accounts.change(connection, "anna", teams=["north"])
    browser = board.browser("anna")
    page = browser.get("/board")
    assert "W-1" not in page.text
    assert "1 patient of another team is listed as well." in page.text
    assert "W-1" not in browser.get("/board/candidates?board=Breast&most=99").text
    assert "W-1" not in browser.get("/board/decisions?all=yes").text


def test_every_look_is_kept(board: Desk) -> None:
    listed(board, asked_of(board, "W-1"))
    browser = board.browser("anna")
    for path in ("/board", "/board/candidates", "/board/decisions"):
        browser.get(path)
    with board.database.reading() as connection:
        looks = [one.what for one in access.entries(connection) if one.what.startswith("board")]
    assert looks == ["board", "board candidates", "board decisions"]


def test_the_page_in_german(board: Desk) -> None:
    listed(board, asked_of(board, "W-1"))
    page = board.browser("anna").get("/board", **{"accept-language": "de"}).text
    assert "Tagesordnung" in page
    assert not re.search(r"\bAgenda\b", page)
    assert date(2025, 3, 6).strftime("%d").lstrip("0") in page


def test_what_the_board_needs_stands_among_what_is_due_on_the_page_of_the_patient(board: Desk) -> None:
    number = asked_of(board, "W-1")
    listed(board, number)
    page = text_of(board.browser("anna").get(f"/patients/{number}").text)
    assert "For Breast on Thu 6 Mar: Tissue proof or documented waiver" in page
