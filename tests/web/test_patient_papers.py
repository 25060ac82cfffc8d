"""The case summary and the timeline: what stands on them, as of when, and where they may not be had."""

from __future__ import annotations

from datetime import timedelta

from store import access, identities
from tests.web.conftest import Desk
from tests.web.test_patient import said, text_of

P = "/patients/1"


def test_the_case_summary_asks_one_question_and_can_be_kept_as_a_file(desk: Desk) -> None:
    browser = desk.browser("lena")
    page = browser.get(f"{P}/brief")
    assert page.status_code == 200
    told = text_of(page.text)
    for part in ("Question", "What happened", "Where the patient stands", "Definitions"):
        assert part in told
    file = browser.get(f"{P}/brief.html")
    assert file.headers["content-disposition"] == 'attachment; filename="case-summary-1-2025-03-03.html"'
    assert file.text.startswith("<!doctype html>") or "<html" in file.text
    assert "<script" not in file.text
    with desk.database.reading() as connection:
        assert [one.what for one in access.entries(connection, 1)] == ["patient brief", "patient brief file"]


def test_the_name_of_the_file_tells_nothing(desk: Desk) -> None:
    with desk.database.reading() as connection:
        (reference,) = identities.named(connection, [1]).values()
    file = desk.browser("lena").get(f"{P}/brief.html")
    assert reference not in file.headers["content-disposition"]


def test_another_question_is_chosen_and_one_that_is_none_is_not_found(desk: Desk) -> None:
    browser = desk.browser("lena")
    assert browser.get(f"{P}/brief?step=restage").status_code == 200
    assert browser.get(f"{P}/brief?step=nothing").status_code == 404
    assert browser.get(f"{P}/brief.html?step=nothing").status_code == 404


def test_papers_of_the_past_stay_the_same(desk: Desk) -> None:
    asked = "as_of=2025-03-03&known_at=2025-03-03T12:00"
    before = [desk.browser("lena").get(f"{P}/{one}?{asked}").text for one in ("brief.html", "timeline")]
    desk.pass_(timedelta(days=1))
    said(desk, 1, {"type": "response_assessed", "date": "2025-02-20", "overall": "PD"})
    after = [desk.browser("lena").get(f"{P}/{one}?{asked}").text for one in ("brief.html", "timeline")]
    assert before[0] == after[0]
    assert [one[one.index("<table") : one.index("</main>")] for one in before[1:]] == [
        one[one.index("<table") : one.index("</main>")] for one in after[1:]
    ]


def test_the_timeline_tells_every_entry_by_its_state(desk: Desk) -> None:
    (entry,) = said(desk, 1, {"type": "response_assessed", "date": "2025-02-20", "overall": "PD"})
    desk.pass_(timedelta(minutes=1))
    said(desk, 1, {"type": "retraction", "date": "2025-03-03", "target": entry, "reason": "wrong one"})
    page = desk.browser("audit").get(f"{P}/timeline")
    assert page.status_code == 200
    assert "<del>response assessment</del>" in page.text
    table = page.text[page.text.index("<table") :]
    assert table.count("<tbody>") == table.count('class="stretch"') + ("What lies ahead" in page.text)


def test_a_merged_record_has_no_papers(desk: Desk) -> None:
    for path in ("brief", "brief.html", "timeline"):
        assert desk.browser("lena").get(f"/patients/999/{path}").status_code == 404
