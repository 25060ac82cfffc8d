"""Planning the meetings of a board on a page."""

from __future__ import annotations

from datetime import timedelta

from coordination.site_desk import SiteDesk
from tests.web.conftest import Desk
from tests.web.test_board import KEY, NEXT, asked_of, board, listed
from tests.web.test_patient import text_of

__all__ = ["board"]
USUAL = {"minutes": "60", "closes_days": "2", "active": "yes", "weeks": "1"}


def site(desk: Desk) -> SiteDesk:
    with desk.database.reading() as connection:
        return SiteDesk.read(connection)


def test_a_board_is_planned_with_its_weekly_meetings(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert "A new board" in browser.get("/board/plan").text
    made = browser.send("/board/plan", **{**USUAL, "weeks": "3"}, name="Breast", place="Room 4",
                        chair="lena", day="2025-03-27", time="16:00", capacity="8",
                        question=["initial", "mdt"])  # fmt: skip
    assert made.headers["location"] == "/board?board=Breast"
    breast = site(desk).boards["Breast"]
    hours = {at.strftime("%H:%M") for at in breast.meetings}
    assert (len(breast.meetings), hours) == (3, {"16:00"})
    assert (breast.capacity, breast.questions, breast.chair) == (8, ("initial", "mdt"), "lena")
    assert browser.send("/board/plan", **USUAL, name="Breast").status_code == 422


def test_what_does_not_fit_is_told_at_its_field_and_what_was_typed_stays(desk: Desk) -> None:
    browser = desk.browser("lena")
    wrong = {"minutes": "2", "closes_days": "x", "capacity": "0", "day": "2025-03-27", "time": "late"}
    page = browser.send(
        "/board/plan", **{**USUAL, **wrong}, name="Bre;st", place="Room <4>", question="nothing"
    )
    assert page.status_code == 422
    for name in ("minutes", "closes_days", "capacity", "time", "question"):
        assert f'id="e-{name}"' in page.text, name
    assert 'value="Room &lt;4&gt;"' in page.text
    assert browser.send("/board/plan", **USUAL, name="Bre;st").status_code == 422
    assert browser.send("/board/plan", **USUAL, name="").status_code == 422
    assert browser.get("/board/plan?board=None").status_code == 404
    assert not site(desk).boards


def test_a_meeting_that_does_not_take_place_leaves_its_patients_on_top(board: Desk) -> None:
    listed(board, asked_of(board, "W-1"))
    browser = board.browser("lena")
    assert f'value="{KEY}"' in browser.get("/board/plan?board=Breast").text
    browser.send("/board/plan", **USUAL, board="Breast", chair="lena", cancel=KEY)
    assert site(board).boards["Breast"].meetings == (NEXT,)
    page = browser.get("/board").text
    assert page.index("On no meeting that lies ahead") < page.index("W-1")


def test_without_a_meeting_that_lies_ahead_the_page_says_so(board: Desk) -> None:
    board.now = NEXT + timedelta(days=1)
    told = board.browser("lena").get("/board").text
    assert "No meeting lies ahead." in told
    assert "/board/plan?board=Breast" in told


def test_a_meeting_that_is_moved_takes_its_list_along_and_its_minutes_say_so(board: Desk) -> None:
    number = asked_of(board, "W-1")
    listed(board, number)
    browser = board.browser("lena")
    assert "Move a meeting" in browser.get("/board/plan?board=Breast").text
    wrong = browser.send("/board/move", board="Breast", moves=KEY, to_day="", to_time="late")
    assert wrong.status_code == 422
    assert 'id="e-to_day"' in wrong.text
    assert 'id="e-to_time"' in wrong.text
    past = browser.send("/board/move", board="Breast", moves=KEY, to_day="2025-03-03", to_time="08:00")
    assert "does not lie ahead" in past.text
    moved = browser.send("/board/move", board="Breast", moves=KEY, to_day="2025-03-10", to_time="15:00")
    assert moved.headers["location"] == "/board?board=Breast&meeting=2025-03-10T14%3A00Z"
    page = browser.get("/board").text
    assert "On no meeting that lies ahead" not in page
    assert "W-1" in page
    minutes = text_of(browser.get(f"/board/minutes?board=Breast&meeting={KEY}").text)
    assert "This meeting does not take place" in minutes
    assert "to 10 Mar, 15:00: the meeting is held at another time" in minutes
    assert browser.send("/board/move", board="Breast", moves=KEY).status_code == 422
    assert board.browser("ben").send("/board/move", board="Breast", moves=KEY).status_code == 403
