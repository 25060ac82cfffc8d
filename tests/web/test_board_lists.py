"""Who is put on the list of a board's meeting on its pages, taken off, and put off."""

from __future__ import annotations

from datetime import timedelta

from coordination.patient_desk import Listing, PatientDesk
from store import desk as said
from tests.web.conftest import Desk
from tests.web.test_board import KEY, NEXT, THURSDAY, asked_of, board, listed
from tests.web.test_patient import text_of

__all__ = ["board"]
LATER = "2025-03-13T15:00Z"


def there(desk: Desk, number: int) -> Listing | None:
    with desk.database.reading() as connection:
        found = PatientDesk.of(said.about(connection, number)).listings
    return found.get(("Breast", "initial"))


def test_a_candidate_is_added_to_the_next_meeting_with_room_by_one_button(board: Desk) -> None:
    number = asked_of(board, "W-1")
    added = board.browser("anna").send(f"/patients/{number}/board/list", board="Breast", priority="routine")
    assert added.headers["location"] == "/board?board=Breast&meeting=2025-03-06T15%3A00Z"
    found = there(board, number)
    assert found
    assert (found.meeting, found.noted.by, found.entry.step) == (THURSDAY, "anna", "board_initial")
    again = board.browser("anna").send(f"/patients/{number}/board/list", board="Breast")
    assert again.status_code == 422
    assert "is listed for Thu 2025-03-06 16:00 already" in again.text


def test_a_full_meeting_names_the_next_and_takes_more_only_with_a_reason(board: Desk) -> None:
    for name in ("W-1", "W-2"):
        listed(board, asked_of(board, name))
    number, browser = asked_of(board, "W-3"), board.browser("anna")
    path = f"/patients/{number}/board/list"
    page = browser.send(path, board="Breast", meeting=KEY, priority="urgent")
    assert page.status_code == 422
    assert "all 2 places of 2025-03-06 are taken; the next one with room is 2025-03-13 16:00" in page.text
    assert '<option value="urgent" selected>' in page.text
    assert "--over" not in page.text
    assert browser.send(path, board="Breast", meeting=KEY, over="yes").status_code == 422
    assert there(board, number) is None
    browser.send(path, board="Breast", meeting=KEY, over="yes", reason="the chair agreed", priority="urgent")
    found = there(board, number)
    assert found
    assert (found.entry.over, found.entry.priority, found.entry.reason) == (
        True,
        "urgent",
        "the chair agreed",
    )
    told = text_of(browser.get("/board").text)
    assert "beyond the places" in told
    assert told.index("W-3") < told.index("W-1")


def test_a_closed_list_takes_nobody_without_a_reason(board: Desk) -> None:
    number = asked_of(board, "W-1")
    board.now = THURSDAY - timedelta(days=1)
    browser = board.browser("anna")
    path = f"/patients/{number}/board/list"
    page = browser.send(path, board="Breast", meeting=KEY)
    assert "the list of 2025-03-06 was closed after 2025-03-04" in page.text
    assert 'id="e-late"' in page.text
    browser.send(path, board="Breast", meeting=KEY, late="yes", reason="came in today")
    found = there(board, number)
    assert found
    assert found.entry.late


def test_for_the_record_takes_no_place(board: Desk) -> None:
    number, browser = asked_of(board, "W-1"), board.browser("anna")
    browser.send(f"/patients/{number}/board/list", board="Breast", standard="yes")
    found = there(board, number)
    assert found
    assert found.entry.discussion == "standard_of_care"
    assert "2 places left" in text_of(browser.get("/board").text)


def test_a_question_that_nobody_asks_needs_a_reason(board: Desk) -> None:
    number, browser = asked_of(board, "W-1"), board.browser("ben")
    path = f"/patients/{number}/board/list"
    form = browser.get(f"{path}?board=Breast").text
    assert "The pathways ask: initial" in text_of(form)
    page = browser.send(path, board="Breast", question="liver_modality")
    assert page.status_code == 422
    assert 'id="e-reason"' in page.text
    assert browser.send(path, board="Breast", question="nothing").status_code == 422
    assert browser.send(path, board="Nothing").status_code == 404
    assert browser.send(path, board="Breast", meeting="2025-03-07T15:00Z").status_code == 422
    assert browser.send("/patients/9999/board/list", board="Breast").status_code == 404


def test_taken_off_with_a_reason_that_names_nobody(board: Desk) -> None:
    number, browser = asked_of(board, "W-1"), board.browser("anna")
    listed(board, number)
    path = f"/patients/{number}/board/remove"
    assert "listed for 6 Mar, 16:00" in text_of(browser.get(f"{path}?board=Breast&question=initial").text)
    assert browser.send(path, board="Breast", question="initial").status_code == 422
    named = browser.send(path, board="Breast", question="initial", reason="W-1 is in another house")
    assert named.status_code == 422
    assert "W-1 is in another house" in named.text
    assert there(board, number)
    browser.send(path, board="Breast", question="initial", reason="treated elsewhere")
    assert there(board, number) is None
    assert browser.send(path, board="Breast", question="initial", reason="again").status_code == 422


def test_put_off_with_a_coded_reason_to_a_meeting_or_to_none_yet(board: Desk) -> None:
    number, browser = asked_of(board, "W-1"), board.browser("anna")
    listed(board, number)
    path = f"/patients/{number}/board/defer"
    form = browser.get(f"{path}?board=Breast&question=initial&meeting={KEY}").text
    assert f'value="{KEY}" selected' not in form
    said_ = {"board": "Breast", "question": "initial"}
    wrong = browser.send(path, **said_, code="other", meeting="")
    assert wrong.status_code == 422
    assert all(f'id="e-{name}"' in wrong.text for name in ("reason", "meeting"))
    assert browser.send(path, **said_, code="bad", meeting="none").status_code == 422
    assert "listed for this meeting already" in browser.send(path, **said_, code="no-time", meeting=KEY).text
    moved = browser.send(path, **said_, code="pathology-missing", meeting=LATER, back=KEY)
    assert moved.headers["location"].endswith("meeting=2025-03-06T15%3A00Z")
    found = there(board, number)
    assert found
    assert (found.meeting, found.put_off[-1][0].code) == (NEXT, "pathology-missing")
    browser.send(path, **said_, code="no-time", meeting="none")
    found = there(board, number)
    assert found
    assert found.meeting is None
    assert "put off 2 times" in text_of(browser.get("/board").text)


def test_nobody_who_has_died_is_put_on_a_list(board: Desk) -> None:
    from store.record import record
    from store.recording import Entry, Recording

    number = asked_of(board, "W-1")
    died = Recording("W-1", (Entry({"type": "death", "date": "2025-02-20"}),), source="test")
    record(board.database, died, recorder="anna", now=board.now, derive=board.place.derive)
    page = board.browser("anna").send(f"/patients/{number}/board/list", board="Breast")
    assert page.status_code == 422
    assert "the patient died on 2025-02-20" in page.text
