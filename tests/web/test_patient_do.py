"""What is done about a patient at the desk, on its pages: what is taken, what is not, what is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from coordination.entries import Phrase, Site
from coordination.patient_desk import PatientDesk
from coordination.saying import say
from store import desk as said
from store import identities, ledger
from tests.web.conftest import NOON, Desk
from tests.web.test_patient import said as recorded
from tests.web.test_patient import text_of

TASK = re.compile(r'href="(/patients/\d+/tasks/[0-9a-f]+)"')


def notes(desk: Desk, number: int = 1) -> PatientDesk:
    with desk.database.reading() as connection:
        return PatientDesk.of(said.about(connection, number))


def reports(desk: Desk, number: int) -> list[str]:
    """The kinds of what was recorded by the desk's pages."""
    with desk.database.reading() as connection:
        return [str(one.type) for one in ledger.lines(connection, number) if one.source == "web"]


@pytest.fixture
def due(desk: Desk) -> tuple[int, str]:
    """A patient for whom something is due, and the page of that."""
    browser = desk.browser("anna")
    for number in range(1, 60):
        page = browser.get(f"/patients/{number}").text
        if found := TASK.search(page[page.index('id="du"') :] if 'id="du"' in page else ""):
            return number, found[1]
    raise AssertionError("nobody has anything due")


def test_a_comment_is_noted_once_though_it_was_sent_twice(desk: Desk) -> None:
    browser = desk.browser("anna")
    for _ in range(2):
        assert (
            browser.send("/patients/1/comment", text="Called the ward").headers["location"]
            == "/patients/1#cm"
        )
    assert [(one.by, one.text) for one in notes(desk).comments] == [("anna", "Called the ward")]
    desk.pass_(timedelta(hours=1))
    browser.send("/patients/1/comment", text="Called the ward")
    assert len(notes(desk).comments) == 2
    assert "Called the ward" in text_of(browser.get("/patients/1").text)


def test_a_phrase_stands_before_what_was_typed(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Phrase(name="called", text="Called, no answer."), recorder="anna", now=NOON)
    browser = desk.browser("anna")
    assert "Called, no answer." in browser.get("/patients/1").text
    browser.send("/patients/1/comment", phrase="called", text="Again tomorrow.")
    assert notes(desk).comments[-1].text == "Called, no answer. Again tomorrow."


def test_a_comment_that_says_nothing_or_who_it_is_is_not_taken(desk: Desk) -> None:
    browser = desk.browser("anna")
    with desk.database.reading() as connection:
        (reference,) = identities.named(connection, [1]).values()
    for text in ("", f"about {reference}"):
        page = browser.send("/patients/1/comment", text=text)
        assert page.status_code == 422
        assert f">{text}</textarea>" in page.text
    assert not notes(desk).comments


def test_a_patient_is_given_to_somebody_who_works_here(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert browser.send("/patients/1/assign", owner="ward", clinician="lena").status_code == 303
    assert (notes(desk).owner, notes(desk).clinician) == ("ward", "lena")
    for fields in ({"owner": "stranger"}, {"owner": ""}, {"owner": "anna", "clinician": "stranger"}):
        page = browser.send("/patients/1/assign", **fields)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
    assert notes(desk).owner == "ward"
    browser.send("/patients/1/assign", owner="nobody")
    assert notes(desk).owner is None
    assert "Until now" in text_of(browser.get("/patients/1/assign").text)


def test_something_due_is_taken_on_and_put_off(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    browser = desk.browser("anna")
    until = str((desk.now + timedelta(5)).date())
    assert browser.send(f"{place}/wait", kind="mine", until=until, reason="on my desk").status_code == 303
    assert [str(one.until) for one, _ in notes(desk, number).acknowledged.values()] == [until]
    page = text_of(browser.get(f"/patients/{number}").text)
    assert "Waiting 5 d" in page
    assert "on my desk" in page
    assert (
        browser.send(f"{place}/wait", kind="later", until=until, reason="results awaited").status_code == 303
    )
    assert len(notes(desk, number).snoozed) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "mine", "until": "", "reason": "x"}, "Until when?"),
        ({"kind": "mine", "until": "2025-03-03", "reason": "x"}, "does not lie ahead"),
        ({"kind": "mine", "until": "2125-03-03", "reason": "x"}, "at most"),
        ({"kind": "later", "until": "2025-05-03", "reason": "x"}, "puts things off for 14 days at most"),
        ({"kind": "mine", "until": "2025-03-09", "reason": ""}, "Why?"),
        ({"kind": "other", "until": "2025-03-09", "reason": "x"}, "Choose one of the list"),
        ({"kind": "mine", "until": "soon", "reason": "x"}, "This is no day"),
        ({"kind": "mine", "until": "2025-03-09", "reason": "x\x07"}, "cannot be seen"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    desk: Desk, due: tuple[int, str], fields: dict[str, str], told: str
) -> None:
    number, place = due
    page = desk.browser("anna").send(f"{place}/wait", **fields)
    assert page.status_code == 422
    assert told in text_of(page.text)
    assert 'aria-invalid="true"' in page.text or "kind" in page.text
    assert not notes(desk, number).acknowledged


def test_only_who_works_here_takes_something_on(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    with desk.database.writing() as connection:
        from store import accounts
        from tests.web.conftest import PASSWORD

        accounts.add(connection, "guest", ["clinician"], PASSWORD, NOON, must_change=False)
    fields = {"kind": "mine", "until": "2025-03-09", "reason": "x"}
    assert desk.browser("guest").send(f"{place}/wait", **fields).status_code == 422
    assert not notes(desk, number).acknowledged


def test_how_far_something_has_come_is_reported_and_shown(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    browser = desk.browser("anna")
    assert browser.send(f"{place}/report", status="ordered").status_code == 303
    desk.pass_(timedelta(minutes=5))
    booked = {"status": "booked", "on": "2025-03-20", "place": "CT, house 3"}
    assert browser.send(f"{place}/report", **booked).status_code == 303
    assert reports(desk, number) == ["task_progress"] * 2
    page = browser.get(f"/patients/{number}").text
    assert "Ordered, booked, done, reported: 2 of 4" in page
    assert "CT, house 3" in page
    assert "2 reports" in text_of(page)


def test_a_report_that_is_sent_twice_is_recorded_once(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    browser = desk.browser("anna")
    once = re.findall(r'name="once" value="([^"]+)"', browser.get(place).text)[0]
    for _ in range(2):
        assert browser.send(f"{place}/report", status="ordered", once=once).status_code == 303
        desk.pass_(timedelta(seconds=3))
    assert reports(desk, number) == ["task_progress"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "How far has it come?"),
        ({"status": "finished"}, "Choose one of the list"),
        ({"status": "booked"}, "On which day?"),
        ({"status": "deferred", "reason": "x"}, "Until when?"),
        ({"status": "booked", "on": "2126-01-01"}, "at most"),
        ({"status": "declined"}, "A reason of the list, or in words"),
        ({"status": "declined", "reason_code": "limited-time"}, "no reason that ends it for good"),
        ({"status": "declined", "reason_code": "because"}, "Choose one of the list"),
    ],
)
def test_a_report_that_does_not_fit_is_not_recorded(
    desk: Desk, due: tuple[int, str], fields: dict[str, str], told: str
) -> None:
    number, place = due
    page = desk.browser("anna").send(f"{place}/report", **fields)
    assert page.status_code == 422
    assert told in text_of(page.text)
    assert not reports(desk, number)


def test_what_is_declined_ends_and_is_shown_as_given_up(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    browser = desk.browser("anna")
    declined = {"status": "declined", "reason_code": "patient-refuses"}
    assert browser.send(f"{place}/report", **declined).status_code == 303
    assert "Not to be done" in text_of(browser.get(f"/patients/{number}").text)
    assert browser.get(place).status_code == 404


def test_a_reason_names_nobody(desk: Desk, due: tuple[int, str]) -> None:
    number, place = due
    with desk.database.reading() as connection:
        (reference,) = identities.named(connection, [number]).values()
    for path, fields in (
        ("report", {"status": "booked", "on": "2025-03-20", "place": f"with {reference}"}),
        ("report", {"status": "declined", "reason": reference}),
        ("wait", {"kind": "mine", "until": "2025-03-09", "reason": reference}),
    ):
        page = desk.browser("anna").send(f"{place}/{path}", **fields)
        assert page.status_code == 422
        assert "it names a patient" in text_of(page.text)


def test_a_step_gets_a_working_date_on_a_working_day(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Site(zone="Europe/Berlin"), recorder="anna", now=NOON)
    browser = desk.browser("anna")
    pages = ((number, browser.get(f"/patients/{number}").text) for number in range(1, 60))
    steps = ((n, TASK.search(page[page.index('id="ns"') : page.index('id="pf"')])) for n, page in pages)
    number, place = next((n, found[1]) for n, found in steps if found)
    assert browser.send(f"{place}/plan", on="2025-03-08").status_code == 422
    assert browser.send(f"{place}/plan", on="2025-01-08").status_code == 422
    assert browser.send(f"{place}/plan", on="2025-03-10", reason="as agreed").status_code == 303
    assert [str(one.on) for one in notes(desk, number).working_dates.values()] == ["2025-03-10"]
    assert "a working date given here" in text_of(browser.get(f"/patients/{number}").text)


def test_notices_are_paused_for_a_reason_and_go_on_again(desk: Desk, due: tuple[int, str]) -> None:
    number, _ = due
    browser, place = desk.browser("anna"), f"/patients/{due[0]}/pause"
    for fields in ({"do": "pause"}, {"do": "pause", "code": "other"}, {"do": "resume"}, {}):
        assert browser.send(place, **fields).status_code == 422
    assert browser.send(place, do="pause", code="patient-away").status_code == 303
    assert text_of(browser.get(f"/patients/{number}").text).count("the patient is away for some time") == 2
    desk.pass_(timedelta(hours=1))
    assert "Send notices again" in text_of(browser.get(place).text)
    assert browser.send(place, do="pause", code="patient-away").status_code == 422
    assert browser.send(place, do="resume").status_code == 303
    assert reports(desk, number) == ["pathway_paused", "pathway_resumed"]


def test_of_whoever_has_died_nothing_is_paused_and_nothing_reminded(desk: Desk) -> None:
    recorded(desk, 1, {"type": "death", "date": "2025-02-28"})
    browser = desk.browser("anna")
    assert "no reminders any more" in text_of(browser.get("/patients/1").text)
    assert browser.get("/patients/1/pause").status_code == 422
    assert browser.send("/patients/1/pause", do="pause", code="too-ill").status_code == 422


def test_what_the_sources_date_gets_no_other_date(desk: Desk, due: tuple[int, str]) -> None:
    assert desk.browser("anna").send(f"{due[1]}/plan", on="2025-03-10").status_code == 422


def test_what_is_not_to_be_done_any_more_is_not_found(desk: Desk) -> None:
    for path in ("", "/wait", "/report", "/plan"):
        browser = desk.browser("anna")
        place = f"/patients/1/tasks/0000{path}"
        answer = browser.send(place) if path else browser.get(place)
        assert answer.status_code == 404
