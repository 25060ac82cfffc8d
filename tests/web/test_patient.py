"""The page about one patient: what stands on it, for whom, and that it stays the same."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest

from coordination.entries import Comment
from coordination.saying import say
from store import access, identities, ledger
from store.merging import merge
from store.record import record
from store.recording import Entry, Recording
from tests.web.conftest import NOON, Desk

P = "/patients/1"


def text_of(page: str) -> str:
    """What is read on a page, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str) -> str:
    """The record in a page, without its frame."""
    return page[page.index('<div id="record"') : page.index("</main>")]


def said(desk: Desk, number: int, content: dict[str, object], recorder: str = "anna") -> tuple[str, ...]:
    """Something recorded about a patient by the desk's clock; answers the ids."""
    recording = Recording(f"#{number}", (Entry(content),))
    done = record(desk.database, recording, recorder=recorder, now=desk.now, derive=desk.place.derive)
    return done.added


def test_the_page_tells_state_steps_due_deviations_and_story(desk: Desk) -> None:
    page = desk.browser("anna").get(P)
    told = text_of(page.text)
    assert page.status_code == 200
    for heading in ("Next steps", "Due", "Deviations and data remarks", "Comments", "Companions", "Story"):
        assert heading in told
    assert "Definitions side by side" in told
    assert "are not clinically reviewed at this site" in told
    assert "not a medical device" in told
    with desk.database.reading() as connection:
        lines = ledger.lines(connection, 1)
    for line in lines:
        if line.kind == "event":
            assert f'id="{line.event_id}"' in page.text


def test_no_name_or_reference_stands_in_an_address(desk: Desk) -> None:
    with desk.database.reading() as connection:
        references = identities.references(connection)
    page = desk.browser("anna").get(P).text
    addresses = " ".join(re.findall(r'(?:href|action|src)="([^"]*)"', page))
    assert not [one for one in references if one in addresses]
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert not [one for one in references if one in title[1]]


def test_nothing_of_the_page_needs_what_the_policy_forbids(desk: Desk) -> None:
    for path in (P, f"{P}/pathway", f"{P}/access"):
        page = desk.browser("anna").get(path).text
        assert not re.search(r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*src=)', page), path


def test_each_look_stands_once_in_the_access_log_and_on_its_page(desk: Desk) -> None:
    browser = desk.browser("audit")
    browser.get(P)
    browser.get(f"{P}?as_of=2025-01-31")
    with desk.database.reading() as connection:
        looks = [(one.who, one.what, one.asked) for one in access.entries(connection, 1)]
    assert looks == [("audit", "patient", "{}"), ("audit", "patient", '{"as_of":"2025-01-31"}')]
    told = text_of(browser.get(f"{P}/access").text)
    assert "looked: page of the patient as of 2025-01-31" in told


def test_whoever_only_reads_finds_nothing_to_do(desk: Desk) -> None:
    for name, does in (("anna", True), ("ben", True), ("lena", True), ("audit", False)):
        page = desk.browser(name).get(P).text
        assert (f'href="{P}/record"' in page) == does, name
        assert (f'action="{P}/comment"' in page) == does, name


def test_the_way_is_told_in_words_beside_the_drawing(desk: Desk) -> None:
    page = desk.browser("anna").get(P).text
    table = text_of(page[page.index("The same as a table") : page.index('id="ns"')])
    found = re.findall(r'<text[^>]*class="h"[^>]*>([^<]+)</text>', page)
    assert found
    assert all(html.unescape(one).split(" ")[0] in table for one in found)


def test_a_comment_is_shown_as_it_was_typed_and_does_nothing_else(desk: Desk) -> None:
    with desk.database.writing() as connection:
        said_ = Comment(text="<script>alert(1)</script> & more")
        say(connection, said_, patient_id=1, recorder="anna", now=NOON)
    page = desk.browser("anna").get(P).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_a_correction_stands_beside_what_it_corrects_and_nothing_is_gone(desk: Desk) -> None:
    (entry,) = said(desk, 1, {"type": "response_assessed", "date": "2025-01-20", "overall": "PR"})
    desk.pass_(timedelta(hours=1))
    correction = {"target": entry, "field": "overall", "old": "PR", "new": "SD", "reason": "second reading"}
    said(desk, 1, {"type": "correction", "date": "2025-03-03", **correction}, "ben")
    page = desk.browser("anna").get(P).text
    row = page[page.index(f'id="{entry}"') :].split("</li>")[0]
    assert "<del>PR</del>" in row
    assert "<ins>SD</ins>" in row
    assert "second reading" in row
    assert "ben" in row


def test_what_was_taken_back_is_struck_through_and_still_there(desk: Desk) -> None:
    (entry,) = said(desk, 1, {"type": "follow_up_visit", "date": "2025-01-20"})
    desk.pass_(timedelta(hours=1))
    said(desk, 1, {"type": "retraction", "date": "2025-03-03", "target": entry, "reason": "wrong patient"})
    page = desk.browser("anna").get(P).text
    row = page[page.index(f'id="{entry}"') :].split("</li>")[0]
    assert "<del><b>follow-up visit</b>" in row
    assert "taken back" in text_of(row)


def test_last_months_page_is_the_same_to_the_byte(desk: Desk) -> None:
    asked = f"{P}?as_of=2025-03-03&known_at=2025-03-03T12:00"
    before = desk.browser("anna").get(asked).text
    desk.pass_(timedelta(days=30))
    said(desk, 1, {"type": "response_assessed", "date": "2025-01-20", "overall": "PR"})
    with desk.database.writing() as connection:
        say(connection, Comment(text="later"), patient_id=1, recorder="anna", now=desk.now)
    after = desk.browser("audit").get(asked).text
    assert part(before) == part(after)
    assert part(desk.browser("audit").get(P).text) != part(after)


def test_todays_page_is_that_of_its_moment_but_for_what_can_be_done(desk: Desk) -> None:
    desk.pass_(timedelta(minutes=5))
    to_review = r'<a href="/patients/1/deviations/[^>]*>(.*?)</a>'
    today = re.sub(to_review, r"\1", part(desk.browser("audit").get(P).text))
    moment = desk.now.isoformat().replace("+", "%2B")
    desk.pass_(timedelta(days=30))
    then = part(desk.browser("audit").get(f"{P}?as_of=2025-03-03&known_at={moment}").text)
    assert today == then


def test_a_page_of_the_past_says_so_and_takes_no_forms(desk: Desk) -> None:
    page = desk.browser("anna").get(f"{P}?as_of=2025-01-31").text
    assert "You see 31 Jan 2025, as known today" in text_of(page)
    assert f'href="{P}">Back to today' in page
    assert "<form" not in part(page)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("as_of=yesterday", 422),
        ("as_of=0001-01-01", 422),
        ("known_at=2025-13-01", 422),
        ("known_at=2025-01-01T25:00", 422),
        ("known_at=2001-01-01", 404),
        ("as_of=%00", 422),
    ],
)
def test_a_day_that_is_none_is_told_so(desk: Desk, asked: str, status: int) -> None:
    assert desk.browser("anna").get(f"{P}?{asked}").status_code == status


def test_nobody_stands_under_other_numbers(desk: Desk) -> None:
    for number in ("999", "x", "-1", "1e3", "9" * 30):
        assert desk.browser("anna").get(f"/patients/{number}").status_code == 404


def test_of_somebody_erased_only_the_number_is_left(desk: Desk) -> None:
    with desk.database.writing() as connection:
        identities.erase(connection, 1)
    page = desk.browser("anna").get(P)
    assert page.status_code == 200
    assert "<h1>#1</h1>" in page.text
    assert "identity erased" in page.text


def test_the_whole_pathway_is_drawn_with_the_way(desk: Desk) -> None:
    browser = desk.browser("anna")
    page = browser.get(f"{P}/pathway").text
    assert "<svg" in page
    assert "current" in page
    assert browser.get(f"{P}/pathway?part=nothing").status_code == 404


def test_a_step_that_is_held_back_tells_why_and_what_would_open_it(desk: Desk) -> None:
    number = desk.number("V02")
    page = desk.browser("anna").get(f"/patients/{number}").text
    step = text_of(page[page.index('id="ns"') : page.index('id="pf"')])
    assert "Cannot start yet" in step
    assert "What would open it" in step
    assert "Fail" in step
    place = html.unescape(re.findall(r'href="([^"]*/steps/[^"]*/openings[^"]*)"', page)[0])
    ways = text_of(part_of(desk.browser("anna").get(place).text))
    assert "tumour board" in ways or "treating clinician" in ways


def test_a_condition_that_holds_nothing_back_is_never_told_as_failed(desk: Desk) -> None:
    page = desk.browser("anna").get(f"/patients/{desk.number('V02')}").text
    rows = re.findall(r"<tr><td class=\"w1\">.*?</tr>", page[page.index('id="ns"') :], re.S)
    told = {text_of(row).split()[0] for row in rows if "(for information" in row or "(only " in row}
    assert "Not" in told
    assert "Fail" not in told
    assert "crit-c" not in "".join(row for row in rows if "(for information" in row)


def test_companions_tell_since_when_in_words_and_by_which_entry(desk: Desk) -> None:
    page = desk.browser("anna").get(P).text
    told = page[page.index('id="co"') : page.index('id="st"')]
    assert re.search(r'\(<a href="#e\d+" class="nw">\d+ [A-Z][a-z]{2}( \d{4})?</a> \w', told)
    assert not re.search(r"\d{4}-\d\d-\d\d", told)


def part_of(page: str) -> str:
    """What would open a step, in the page about it."""
    return page[page.index('class="unblock"') : page.index("</main>")]


def test_what_opens_a_step_is_told_as_of_the_day_and_of_offered_steps_only(desk: Desk) -> None:
    number, anna = desk.number("V02"), desk.browser("anna")
    page = anna.get(f"/patients/{number}?as_of=2025-01-20").text
    place = html.unescape(re.findall(r'href="([^"]*/steps/[^"]*/openings[^"]*)"', page)[0])
    assert place.endswith("&as_of=2025-01-20")
    assert "On 20 Jan 2025" in text_of(anna.get(place).text)
    assert anna.get(f"/patients/{number}/steps/none/openings?part=none").status_code == 404


def test_the_past_is_chosen_by_days_that_are_spelled_out(desk: Desk) -> None:
    page = desk.browser("anna").get(f"{P}?as_of=2025-02-03&known_at=2025-02-04").text
    bar = page[page.index('class="card asof"') : page.index('id="record"')]
    assert re.findall(r'<input type="date"[^>]*name="(\w+)" value="([^"]*)"', bar) == [
        ("as_of", "2025-02-03"),
        ("known_at", "2025-02-04"),
    ]
    assert re.findall(r'class="said[^>]*>([^<]*)<', bar) == ["3 Feb 2025", "4 Feb 2025"]
    sliders = re.findall(r'<input type="range"[^>]*data-first="([^"]*)"[^>]*max="(\d+)" value="(\d+)"', bar)
    first, last, there = sliders[0]
    assert NOON.date() - date.fromisoformat(first) == timedelta(int(last))
    assert date.fromisoformat(first) + timedelta(int(there)) == date(2025, 2, 3)
    assert "name=" not in "".join(re.findall(r'<input type="range"[^>]*>', bar))


def test_a_day_among_the_values_is_spelled_out_in_the_language_of_who_reads(desk: Desk) -> None:
    said(desk, 1, {"type": "response_assessed", "date": "2025-01-20", "overall": "PR"})
    target = {"target": "facts", "field": "primary.diagnosis_date", "new": "2019-03-06", "reason": "letter"}
    said(desk, 1, {"type": "correction", "date": "2025-03-03", **target}, "ben")
    browser = desk.browser("anna")
    english = part(browser.get(P).text)
    browser.send("/looks", language="de", back=P)
    german = part(browser.get(P).text)
    assert "6 Mar 2019" in english
    assert "6. März 2019" in german.replace("\N{NO-BREAK SPACE}", " ")
    assert not re.search(r"2019-\d", text_of(english + german))


def test_what_is_unknown_is_never_told_as_failed_and_can_be_answered(desk: Desk) -> None:
    number = desk.number("V43")
    said(desk, number, {"type": "metastasis_suspected", "date": "2025-02-10"})
    desk.pass_(timedelta(minutes=1))
    lesion = {"id": "L1", "organ": "bone", "status": "active", "solid": True, "local_treatable": True}
    content = {"purpose": "staging", "complete": None, "lesions": [lesion], "findings": {"ascites": None}}
    (entry,) = said(desk, number, {"type": "imaging_done", "date": "2025-02-12", **content})
    page = desk.browser("anna").get(f"/patients/{number}").text
    steps = page[page.index('id="ns"') : page.index('id="pf"')]
    assert "Missing" in steps
    assert "radiology" in steps
    assert f"/patients/{number}/entries/{entry}/amend?field=" in steps
    place = f"/patients/{number}/entries/{entry}/amend?field=complete"
    assert 'class="control asked"' in desk.browser("anna").get(place).text


def test_what_no_entry_carries_is_answered_by_a_finding(desk: Desk) -> None:
    number = desk.number("V43")
    lesion = {"id": "L1", "organ": "bone", "status": "active"}
    said(desk, number, {"type": "imaging_done", "date": "2024-10-01", "complete": True, "lesions": [lesion]})
    for day in ("2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01"):
        desk.pass_(timedelta(seconds=1))
        dose = {"type": "bma_given", "drug": "zoledronate", "planned_interval": "monthly"}
        said(desk, number, {**dose, "date": day})
    page = desk.browser("anna").get(f"/patients/{number}").text
    (asked,) = set(re.findall(r'href="(/patients/\d+/record\?type=finding_recorded&amp;field=[^"]+)"', page))
    form = desk.browser("anna").get(html.unescape(asked)).text
    assert form.count('class="control asked"') == 1


def test_known_at_a_day_counts_all_of_that_day(desk: Desk) -> None:
    with desk.database.writing() as connection:
        say(connection, Comment(text="late that day"), patient_id=1, recorder="anna", now=NOON)
    browser = desk.browser("anna")
    assert "late that day" in browser.get(f"{P}?known_at=2025-03-03").text
    assert "late that day" not in browser.get(f"{P}?known_at=2025-03-02").text


def test_a_record_that_was_merged_leads_to_the_one_that_goes_on(desk: Desk) -> None:
    visit, derive = Entry({"type": "follow_up_visit", "date": "2025-01-20"}), desk.place.derive
    new = Recording("twin", (visit,), facts={})
    twin = record(desk.database, new, recorder="anna", now=desk.now, derive=derive).patient_id
    desk.pass_(timedelta(minutes=1))
    merge(desk.database, "#1", f"#{twin}", "one person", recorder="anna", now=desk.now, derive=derive)
    browser = desk.browser("anna")
    assert browser.get(f"/patients/{twin}").headers["location"] == P
    assert "part of this record since" in text_of(browser.get(P).text)
    for path in ("access", "pathway", "brief", "timeline"):
        assert browser.get(f"/patients/{twin}/{path}").status_code == 404
    for path in ("assign", "pause", "record", "entries/e01/amend"):
        assert browser.get(f"/patients/{twin}/{path}").status_code == 409
    assert browser.send(f"/patients/{twin}/comment", text="where is it").status_code == 409
