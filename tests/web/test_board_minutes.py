"""The minutes of a meeting, who signed which text, and the letter about a decision."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest

from coordination.entries import Postponed, Team, Unlisted
from store import access, accounts
from store.record import record
from store.recording import Entry, Recording
from tests.web.conftest import Browser, Desk
from tests.web.test_board import KEY, NEXT, THURSDAY, asked_of, at_desk, board, listed
from tests.web.test_patient import text_of

__all__ = ["board"]
PAGE = f"/board/minutes?board=Breast&meeting={KEY}"
HELD: dict[str, object] = {
    "type": "board_held",
    "date": "2025-03-06",
    "question": "initial",
    "decision": "systemic_first",
    "decision_text": "Letrozole <b>",
    "disciplines": ["medical_oncology"],
    "targets": ["L1"],
    "uncovered_lesions": {"L2": "too near the bowel"},
}


def say(desk: Desk, reference: str, entry: dict[str, object]) -> None:
    record(desk.database, Recording(reference, (Entry(entry),), source="test"), recorder="anna", now=desk.now,
           derive=desk.place.derive)  # fmt: skip


@pytest.fixture
def held(board: Desk) -> Desk:
    """A meeting with one decision, one put off, one taken off and one about whom nothing was recorded."""
    for n in (1, 2, 3, 4):
        listed(board, asked_of(board, f"W-{n}", full=n == 1))
        board.pass_(timedelta(minutes=1))
    put_off = Postponed(
        board="Breast", question="initial", meeting=THURSDAY, to=NEXT, code="pathology-missing"
    )
    at_desk(board, put_off, about=board.number("W-2"))
    off = Unlisted(board="Breast", question="initial", meeting=THURSDAY, reason="treated elsewhere")
    at_desk(board, off, about=board.number("W-3"))
    board.now = THURSDAY + timedelta(minutes=30)
    say(board, "W-1", HELD)
    return board


def digest_of(browser: Browser) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', browser.get(PAGE).text)
    assert found
    return found[1]


def sign(browser: Browser, digest: str):  # type: ignore[no-untyped-def]
    return browser.send("/board/minutes/sign", board="Breast", meeting=KEY, digest=digest)


def test_everybody_who_was_listed_stands_in_the_minutes_decided_or_not(held: Desk) -> None:
    page = held.browser("audit").get(PAGE)
    told = text_of(page.text)
    assert told.index("1. W-1") < told.index("2. W-2") < told.index("3. W-3") < told.index("4. W-4")
    for words in ("systemic first", "medical oncology", "L2: too near the bowel", "Quorum 1 of 3",
                  "the pathology result is missing", "to 13 Mar, 16:00", "treated elsewhere",
                  "No decision recorded", "Not signed yet"):  # fmt: skip
        assert words in told, words
    assert "Letrozole &lt;b&gt;" in page.text
    assert "/board/minutes/sign" not in page.text


def test_the_chair_signs_the_text_and_a_change_after_it_shows(held: Desk) -> None:
    browser = held.browser("lena")
    digest = digest_of(browser)
    text = browser.get(f"/board/minutes.txt?board=Breast&meeting={KEY}")
    assert hashlib.sha256(text.content).hexdigest() == digest
    for _ in range(2):
        assert sign(browser, digest).status_code == 303
    page = browser.get(PAGE).text
    assert page.count("<b>lena</b>") == 1
    assert "Not signed yet" not in page
    say(held, "W-4", {**HELD, "decision": "systemic_only"})
    told = text_of(browser.get(PAGE).text)
    assert "Changed since it was signed" in told
    assert "the text has changed since" in told
    assert sign(browser, digest).status_code == 409
    assert sign(browser, digest_of(browser)).status_code == 303
    assert browser.get(PAGE).text.count("<b>lena</b>") == 2


def test_while_the_board_meets_the_minutes_of_a_second_viewer_grow(held: Desk) -> None:
    browser, asks = held.browser("audit"), {"hx-request": "true"}
    page = browser.get(PAGE).text
    found = re.search(r'hx-get="([^"]+)" hx-trigger="every 10s, again"', page)
    assert found
    again = found[1].replace("&amp;", "&")
    assert browser.get(again, **asks).status_code == 204
    with held.database.reading() as connection:
        looks = len(list(access.entries(connection)))
    say(held, "W-4", {**HELD, "decision": "systemic_only"})
    grown = browser.get(again, **asks)
    assert grown.status_code == 200
    assert "systemic only" in text_of(grown.text)
    assert f'hx-get="{again}"' not in grown.text.replace("&amp;", "&")
    with held.database.reading() as connection:
        assert len(list(access.entries(connection))) == looks + 1, "what is not shown is no look"
    held.now = THURSDAY + timedelta(hours=2, minutes=1)
    assert "hx-trigger" not in browser.get(PAGE).text


def test_nobody_else_signs_and_nothing_before_the_meeting(held: Desk) -> None:
    assert sign(held.browser("anna"), "0" * 64).status_code == 403
    held.now = THURSDAY - timedelta(hours=1)
    page = sign(held.browser("lena"), "0" * 64)
    assert page.status_code == 409
    assert "nothing to sign" in page.text
    assert held.browser("lena").get("/board/minutes?board=Breast&meeting=x").status_code == 404


def test_who_sees_only_a_team_reads_its_part_and_signs_nothing(held: Desk) -> None:
    at_desk(held, Team(name="north", members=("ben",)))
    with held.database.writing() as connection:
        accounts.change(connection, "lena", teams=["north"])
    browser = held.browser("lena")
    page = browser.get(PAGE).text
    assert "W-1" not in page
    assert "4 patients of other teams" in page
    assert browser.get(f"/board/minutes.txt?board=Breast&meeting={KEY}").status_code == 403
    assert sign(browser, "0" * 64).status_code == 403


def test_a_letter_says_what_was_recorded_and_no_more_in_both_languages(held: Desk) -> None:
    number, browser = held.number("W-1"), held.browser("ben")
    event = re.search(r"letter\?event=(e\d+)", browser.get(PAGE).text)
    assert event
    path = f"/patients/{number}/board/letter?event={event[1]}"
    english = browser.get(f"{path}&language=en").text
    german = browser.get(f"{path}&language=de").text
    assert "Draft for the clinician" in english
    assert "systemic first" in english
    assert "Letrozole &lt;b&gt;" in english
    assert "Entwurf" in german
    assert "Systemtherapie zuerst" in german
    assert "Method" not in text_of(english)
    assert browser.get(f"{path}&language=fr").status_code == 404
    assert browser.get(f"/patients/{number}/board/letter?event=e01").status_code == 404


def test_a_meeting_for_which_nobody_was_listed(board: Desk) -> None:
    page = board.browser("ben").get("/board/minutes?board=Breast&meeting=2025-03-13T15:00Z").text
    assert "Nobody was listed." in page
