"""Typing what a board decides while it is held."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from coordination.held_board import lesions, may_overrule, quorum
from coordination.patient_desk import PatientDesk
from store import desk as said
from store import ledger
from store.errors import Busy
from store.record import record
from store.recording import Entry, Recording
from tests.web.conftest import Browser, Desk
from tests.web.test_board import KEY, THURSDAY, asked_of, board, listed
from tests.web.test_patient import text_of

__all__ = ["board"]
USUAL = {
    "board": "Breast",
    "meeting": KEY,
    "question": "initial",
    "v.question": "initial",
    "v.date": "2025-03-06",
}


@pytest.fixture
def held(board: Desk) -> tuple[Desk, Browser, int]:
    """Two patients on the list of a meeting that has begun."""
    number = asked_of(board, "W-1", full=True)
    listed(board, number)
    listed(board, asked_of(board, "W-2"))
    board.now = THURSDAY + timedelta(minutes=5)
    return board, board.browser("lena"), number


def form_of(browser: Browser, number: int) -> dict[str, str]:
    """The hidden fields of the form as it is opened."""
    page = browser.get(f"/patients/{number}/board?board=Breast&meeting={KEY}&question=initial").text
    names = ("once", "sequence")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}  # type: ignore[index]


def recorded(desk: Desk, number: int) -> list[str]:
    with desk.database.reading() as connection:
        return [str(one.type) for one in ledger.lines(connection, number) if one.source == "web"]


def test_the_case_stands_beside_the_form(held: tuple[Desk, Browser, int]) -> None:
    _, browser, number = held
    page = browser.get(f"/patients/{number}/board?board=Breast&meeting={KEY}&question=initial")
    told = text_of(page.text)
    assert page.status_code == 200
    for words in (
        "1 of 2",
        "First board",
        "Quorum not said yet",
        "mdtbc-board-disciplines",
        "L1",
        "Ready 3 of 3",
    ):
        assert words in told, words
    assert 'data-key="n"' in page.text
    assert 'data-key="p"' not in page.text
    assert 'value="systemic_first"' in page.text


def test_what_would_change_is_shown_before_it_is_saved(held: tuple[Desk, Browser, int]) -> None:
    desk, browser, number = held
    three = ["medical_oncology", "radiation_oncology"]
    page = browser.send(f"/patients/{number}/board", **USUAL, **form_of(browser, number), do="preview",
                        **{"v.decision": "systemic_first", "v.disciplines": three,
                           "v.written_input": "surgical_oncology"})  # fmt: skip
    told = text_of(page.text)
    assert page.status_code == 200
    assert "Quorum 3 of 3" in told
    assert "no change" not in told.split("State")[1][:60]
    assert 'value="systemic_first" checked' in page.text
    assert recorded(desk, number) == []


def test_saving_records_the_decision_and_goes_on_to_the_next_patient(held: tuple[Desk, Browser, int]) -> None:
    desk, browser, number = held
    fields = {**USUAL, **form_of(browser, number), "do": "save", "v.decision": "systemic_first",
              "v.decision_text": "Letrozole", "target": "L1", "action.0.what": "Call the ward",
              "action.0.owner": "anna", "action.0.on": "2025-03-10"}  # fmt: skip
    for _ in range(2):
        saved = browser.send(f"/patients/{number}/board", **fields)
        assert saved.status_code == 303
        assert saved.headers["location"].startswith(f"/patients/{desk.number('W-2')}/board?board=Breast")
    assert recorded(desk, number) == ["board_held"]
    with desk.database.reading() as connection:
        comments = PatientDesk.of(said.about(connection, number)).comments
    assert [one.text for one in comments] == [
        "Board Breast on 2025-03-06: Call the ward (anna, by 2025-03-10)"
    ]
    told = text_of(browser.get(f"/board?board=Breast&meeting={KEY}").text)
    assert "Decided" in told
    assert "systemic first" in told


def test_what_is_to_be_done_is_kept_with_the_decision_or_neither_is(
    held: tuple[Desk, Browser, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, browser, number = held
    fields = {**USUAL, **form_of(browser, number), "do": "save", "v.decision": "systemic_first",
              "target": "L1", "action.0.what": "Call the ward"}  # fmt: skip

    def busy(*_: object, **__: object) -> None:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr("web.pages.patient_saving.say_about", busy)
        assert browser.send(f"/patients/{number}/board", **fields).status_code == 503
    assert recorded(desk, number) == []
    assert browser.send(f"/patients/{number}/board", **fields).status_code == 303
    with desk.database.reading() as connection:
        (comment,) = PatientDesk.of(said.about(connection, number)).comments
    assert comment.text.endswith("Call the ward")


def test_the_last_one_leads_back_to_the_board(held: tuple[Desk, Browser, int]) -> None:
    desk, browser, _ = held
    last = desk.number("W-2")
    fields = {**USUAL, **form_of(browser, last), "do": "save", "v.decision": "deferred"}
    saved = browser.send(f"/patients/{last}/board", **fields)
    assert saved.headers["location"] == "/board?board=Breast&meeting=2025-03-06T15%3A00Z"


def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_saved(held: tuple[Desk, Browser, int]) -> None:
    desk, browser, number = held
    wrong = {"v.date": "2026-01-01", "target": "L9", "overrule": "g-nothing", "action.0.owner": "anna",
             "why.L1": "too <small>"}  # fmt: skip
    page = browser.send(
        f"/patients/{number}/board", **{**USUAL, **wrong}, **form_of(browser, number), do="save"
    )
    assert page.status_code == 422
    for name in ("v.date", "v.decision", "target", "overrule", "v.overrule_reason", "action.0.what"):
        assert f'id="e-{name}"' in page.text, name
    assert "too &lt;small&gt;" in page.text
    named = {**USUAL, "v.decision": "deferred", "action.0.what": "Tell W-1 about it"}
    page = browser.send(f"/patients/{number}/board", **named, **form_of(browser, number), do="save")
    assert page.status_code == 422
    assert recorded(desk, number) == []


def test_who_was_overtaken_sees_by_whom_and_overwrites_nothing(held: tuple[Desk, Browser, int]) -> None:
    desk, browser, number = held
    opened = form_of(browser, number)
    meanwhile = {"type": "counselling_documented", "date": "2025-03-06", "topics": ["alternatives"]}
    record(desk.database, Recording("W-1", (Entry(meanwhile),), source="test"), recorder="ben", now=desk.now,
           derive=desk.place.derive)  # fmt: skip
    fields = {**USUAL, **opened, "do": "save", "v.decision": "systemic_first"}
    page = browser.send(f"/patients/{number}/board", **fields)
    assert page.status_code == 409
    assert "ben recorded something" in text_of(page.text)
    assert 'value="systemic_first" checked' in page.text
    assert recorded(desk, number) == []


def test_without_a_meeting_or_a_question_there_is_no_form(held: tuple[Desk, Browser, int]) -> None:
    _, browser, number = held
    assert browser.get(f"/patients/{number}/board?board=Breast&meeting={KEY}").status_code == 200
    assert browser.get("/patients/1/board?board=Breast").status_code == 422
    assert browser.get(f"/patients/{number}/board?board=Breast&meeting=x").status_code == 404
    assert browser.get("/patients/99999/board?board=Breast").status_code == 404


def test_who_wrote_counts_towards_the_disciplines() -> None:
    none, two = quorum(()), quorum({"medical_oncology", "surgical_oncology", "radiology"})
    assert (none.met, none.there) == (False, ())
    assert (two.met, two.there) == (False, ("medical_oncology", "surgical_oncology"))
    assert quorum(none.asked).met


def test_lesions_are_those_of_the_last_imaging_that_lists_any() -> None:
    assert lesions([]) == (None, ())
    assert may_overrule([], [], None) == ()


def test_nothing_is_recorded_of_a_meeting_that_lies_ahead(board: Desk) -> None:
    number, browser = asked_of(board, "W-1", full=True), board.browser("lena")
    listed(board, number)
    opened = form_of(browser, number)
    fields = {**USUAL, **opened, "do": "save", "v.date": "2025-03-03", "v.decision": "systemic_first"}
    page = browser.send(f"/patients/{number}/board", **fields)
    assert page.status_code == 422
    assert "The meeting lies ahead" in page.text
    assert recorded(board, number) == []
