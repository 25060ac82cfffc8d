"""What people do with one patient, in a browser: record, correct, unblock, race, review, look back."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import sign_in
from tests.browser.serving import Served
from tests.web.conftest import RECORDED
from tests.web.test_patient import said

BOARD: dict[str, object] = {
    "type": "board_held",
    "date": "2025-03-01",
    "question": "mdt",
    "decision": "recommended",
    "disciplines": ["medical_oncology", "radiation_oncology", "surgical_oncology"],
    "method": "stereotactic_rt",
    "targets": ["L1"],
    "overruled_guards": ["g-all-lesions-targetable"],
    "overrule_reason": "the other one is to be watched",
}
"""It recommends what the step is about; what it sets aside holds nothing back any more."""


def number(served: Served, reference: str) -> int:
    return served.desk.number(reference)


def fact(page: Page, what: str) -> str:
    """One of the large words in the head of the patient page."""
    return page.locator(".phead dl", has=page.get_by_text(what, exact=True)).locator("dd").first.inner_text()


def test_a_response_is_recorded_and_the_window_moves(page: Page, served: Served) -> None:
    patient = number(served, "V23")
    sign_in(page, "anna", f"/patients/{patient}")
    assert fact(page, "State") == "Systemic therapy running, no response yet"
    page.get_by_role("link", name="Record something").click()
    page.get_by_role("link", name="response assessment").click()
    page.get_by_label(re.compile("overall response")).select_option("PR")
    expect(page.locator("#preview")).to_contain_text("Response documented, window still open")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"/patients/{patient}([?#].*)?$"))
    assert fact(page, "State") == "Response documented, window still open"


def test_a_blocked_step_says_why_and_what_would_open_it_and_is_opened(page: Page, served: Served) -> None:
    patient = number(served, "V02")
    said(served.desk, patient, BOARD)
    sign_in(page, "anna", f"/patients/{patient}")
    expect(page.locator(".path ~ .drawn .word").first).to_have_attribute("title", re.compile(": "))
    step = page.locator(
        "article.step", has=page.get_by_role("heading", name="Start metastasis-directed therapy")
    )
    expect(step).to_contain_text("Cannot start yet")
    step.get_by_role("link", name="What would open it").click()
    expect(step.locator(".unblock li").first).to_be_visible()
    expect(step.get_by_text("Fail").first).to_be_visible()
    expect(step.locator(".verdict")).to_have_text("Cannot start yet: Counselling")
    page.get_by_role("link", name="Record something").click()
    page.get_by_role("link", name="counselling").click()
    page.get_by_label("survival benefit unknown").check()
    expect(page.locator("#preview table.diff")).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"/patients/{patient}([?#].*)?$"))
    expect(step.locator(".verdict")).to_have_text("Can be done now")


def test_a_slider_goes_back_day_by_day_with_the_keyboard(page: Page, served: Served) -> None:
    patient = number(served, "V02")
    sign_in(page, "anna", f"/patients/{patient}?as_of=2025-02-03")
    slider = page.get_by_role("slider", name="As of")
    expect(slider).to_have_attribute("aria-valuetext", "3 Feb 2025")
    slider.press("ArrowLeft")
    expect(page.locator("form.asof .said").first).to_have_text("2 Feb 2025")
    page.wait_for_url(re.compile(r"as_of=2025-02-02"))
    expect(slider).to_be_focused()
    expect(page.get_by_role("status").first).to_contain_text("You see 2 Feb 2025")


def test_a_correction_shows_what_it_changes_and_keeps_what_was_there(page: Page, served: Served) -> None:
    patient = number(served, "V02")
    sign_in(page, "anna", f"/patients/{patient}")
    entry = page.locator("#story li, .tl li", has_text="response assessment").first
    entry.get_by_role("link", name="Correct").click()
    page.get_by_label(re.compile("overall response")).select_option("PD")
    page.get_by_label(re.compile("^Why")).fill("read again")
    expect(page.locator("#preview")).to_contain_text("new systemic decision awaited")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(f"/patients/{patient}([?#].*)?$"))
    story = page.locator(".tl")
    expect(story.locator("del").first).to_be_visible()
    expect(story).to_contain_text("read again")


def test_two_browsers_one_patient_and_nothing_is_overwritten(
    page: Page, served: Served, chromium: Browser
) -> None:
    patient = number(served, "V02")
    form = f"/patients/{patient}/record?type=response_assessed"
    sign_in(page, "anna", "/account")
    page.goto(form)
    other = chromium.new_context(base_url=served.address).new_page()
    sign_in(other, "ben", "/account")
    other.goto(form)
    for one, answer in ((other, "SD"), (page, "PR")):
        one.get_by_label(re.compile("overall response")).select_option(answer)
        expect(one.locator("#preview table.diff")).to_be_visible()
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(re.compile(f"/patients/{patient}([?#].*)?$"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("ben recorded something")
    expect(page.get_by_label(re.compile("overall response"))).to_have_value("PR")
    other.context.close()


def test_a_lost_or_slow_network_is_told_and_what_was_typed_stays(page: Page, served: Served) -> None:
    patient = number(served, "V02")
    sign_in(page, "anna", "/account")
    page.goto(f"/patients/{patient}/record?type=response_assessed")
    page.context.set_offline(True)
    page.get_by_label(re.compile("overall response")).select_option("PR")
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_label(re.compile("overall response"))).to_have_value("PR")
    page.get_by_label(re.compile("^Note")).fill("again")
    page.get_by_label(re.compile("^Note")).blur()
    expect(page.locator("#preview table.diff")).to_be_visible()
    expect(page.locator("#offline")).to_be_hidden()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/record**", hold)  # now it is slow only
    page.get_by_label(re.compile("^Note")).fill("once more")
    page.get_by_label(re.compile("^Note")).blur()
    expect(page.locator("#status")).to_have_text("Updating")
    expect(page.locator("#preview")).to_have_class(re.compile("updating"))
    held[-1].continue_()
    expect(page.locator("#status")).to_be_empty()
    expect(page.locator("#preview")).not_to_have_class(re.compile("updating"))


def test_an_auditor_sees_last_month_as_it_was_known_then(page: Page, served: Served) -> None:
    patient = number(served, "V02")
    day = RECORDED.date() + timedelta(1)
    sign_in(page, "audit", f"/patients/{patient}")
    for name in ("As of", "Known at"):
        page.get_by_role("textbox", name=name).fill(str(day))
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Back to today")).to_be_visible()
    expect(page.get_by_role("link", name="Record something")).to_have_count(0)
    then = page.locator("#record").inner_text()
    said(served.desk, patient, {"type": "response_assessed", "date": "2025-02-01", "overall": "PD"})
    page.reload()
    assert page.locator("#record").inner_text() == then
    page.get_by_role("link", name="Back to today").click()
    expect(page.locator("#record")).to_contain_text("overall response PD")
    assert "overall response PD" not in then


def test_a_critical_deviation_is_judged_by_two_people(page: Page, served: Served, chromium: Browser) -> None:
    sign_in(page, "audit", "/account")
    page.goto("/deviations?weight=critical")
    page.locator("tr[data-row] a").first.click()
    expect(page.get_by_role("heading", name=re.compile("^Review D-"))).to_be_visible()
    address = page.locator("tr[data-row] a").first.get_attribute("href") or ""
    page.goto(address)
    page.get_by_label("unjustified").check()
    page.get_by_label(re.compile("^Comment")).fill("nothing on file explains it")
    page.get_by_role("button", name="Sign review").click()
    expect(page.get_by_text("needs a second person")).to_be_visible()
    other = chromium.new_context(base_url=served.address).new_page()
    sign_in(other, "second", "/account")
    other.goto(address)
    other.get_by_label("I agree").check()
    other.get_by_role("button", name="Sign review").click()
    expect(other.get_by_text("Second review: confirmed")).to_be_visible()
    other.context.close()
