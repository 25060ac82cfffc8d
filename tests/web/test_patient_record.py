"""Recording, correcting, taking back: previewed, saved once, and never over what somebody else recorded."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pathways.vocabulary import load_vocabulary
from store import identities, ledger
from tests.web.conftest import Browser, Desk
from tests.web.test_patient import said, text_of
from web.pages.patient_fields import BEFORE, LATER
from web.pages.patient_record import NOT_TYPED

KINDS = [one for one in load_vocabulary().events if one not in NOT_TYPED]


def hidden(page: str) -> dict[str, str]:
    """What a form sends along: the end of the record as seen, and the name of this form."""
    return {
        name: re.findall(rf'name="{name}" value="([^"]*)"', page)[-1]
        for name in ("sequence", "once", "type", "rows")
        if f'name="{name}"' in page
    }


def entries(desk: Desk, number: int = 1) -> list[tuple[str, str]]:
    """What was recorded on the pages: ids and kinds."""
    with desk.database.reading() as connection:
        lines = ledger.lines(connection, number)
    return [(str(one.event_id), str(one.type)) for one in lines if one.source == "web"]


def opened(browser: Browser, path: str) -> dict[str, str]:
    page = browser.get(path)
    assert page.status_code == 200
    return hidden(page.text)


RESPONSE = {"v.date": "2025-02-20", "v.overall": "PD"}
NEW = "/patients/1/record"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_with_each_of_its_fields(desk: Desk, kind: str) -> None:
    page = desk.browser("anna").get(f"{NEW}?type={kind}").text
    for name, field in load_vocabulary().events[kind].fields.items():
        if name in LATER:
            continue
        parts = field.of if field.type == "mapping" else None
        wanted = [f"{name}.{one}" for one in parts] if parts else [name]
        for one in wanted:
            assert f'id="f-{BEFORE}{one}"' in page or f'name="{one}.0.' in page, one


def test_what_would_change_is_shown_and_nothing_is_saved(desk: Desk) -> None:
    browser = desk.browser("anna")
    page = browser.get(f"{NEW}?type=response_assessed")
    shut = re.compile(r'value="save"[^>]*disabled')
    assert shut.search(page.text), "nothing was previewed yet"
    page = browser.send(NEW, **hidden(page.text), **RESPONSE, do="preview")
    told = text_of(page.text)
    assert page.status_code == 200
    assert not shut.search(page.text)
    assert "State" in told
    assert "After saving" in told
    assert 'value="PD" selected' in page.text
    assert not entries(desk)


def test_what_was_seen_is_saved_once_though_it_was_sent_twice(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    first = browser.send(NEW, **form, **RESPONSE, do="save")
    again = browser.send(NEW, **form, **RESPONSE, do="save")
    (saved,) = entries(desk)
    assert saved[1] == "response_assessed"
    assert first.headers["location"] == f"/patients/1#{saved[0]}"
    assert again.status_code == 303


def test_whoever_was_overtaken_is_told_by_whom_and_overwrites_nothing(desk: Desk) -> None:
    anna, ben = desk.browser("anna"), desk.browser("ben")
    form = opened(anna, f"{NEW}?type=response_assessed")
    theirs = opened(ben, f"{NEW}?type=follow_up_visit")
    desk.pass_(timedelta(minutes=2))
    assert ben.send(NEW, **theirs, **{"v.date": "2025-02-25"}, do="save").status_code == 303
    page = anna.send(NEW, **form, **RESPONSE, do="save")
    told = text_of(page.text)
    assert page.status_code == 409
    assert "ben recorded something" in told
    assert "follow-up visit" in told
    assert "nothing is overwritten" in told
    assert 'value="PD" selected' in page.text
    assert [kind for _, kind in entries(desk)] == ["follow_up_visit"]
    again = {**form, **hidden(page.text)}
    assert anna.send(NEW, **again, **RESPONSE, do="save").status_code == 303
    assert len(entries(desk)) == 2


def test_who_looks_again_is_told_of_what_came_between(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    said(desk, 1, {"type": "follow_up_visit", "date": "2025-02-25"}, "ben")
    page = browser.send(NEW, **form, **RESPONSE, do="preview")
    assert page.status_code == 200
    assert "ben recorded something" in text_of(page.text)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"v.date": "", "v.overall": "PD"}, "On which day was it?"),
        ({"v.date": "2025-02-31", "v.overall": "PD"}, "This is no day"),
        ({"v.date": "2025-02-20"}, "This is needed"),
        ({"v.date": "2025-02-20", "v.overall": "XX"}, "one of CR, PR, SD, PD, NE"),
        ({"v.date": "2025-02-20", "v.overall": "PD", "v.time": "25:99"}, "day"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_kept_as_typed(
    desk: Desk, fields: dict[str, str], told: str
) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    for do in ("preview", "save"):
        page = browser.send(NEW, **form, **fields, do=do)
        assert page.status_code == 422
        assert told in text_of(page.text)
    assert not entries(desk)


def test_braces_that_were_typed_are_told_as_they_are(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    page = browser.send(NEW, **form, **{**RESPONSE, "v.overall": "{x} <b>"}, do="preview")
    assert page.status_code == 422
    assert "{x} &lt;b&gt;" in page.text


def test_a_part_that_a_script_asks_for_is_no_error(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    fields = {**form, "v.date": "", "do": "preview", "form_key": browser.form_key}
    page = browser.client.post(NEW, data=fields, headers={"hx-request": "true"})
    assert page.status_code == 200
    assert "On which day was it?" in page.text


LESIONS = {
    "v.date": "2025-02-20",
    "v.modality": "ct",
    "v.complete": "true",
    "v.findings.ascites": "none",
    "v.findings.pleural_effusion": "null",
    "lesions.0.id": "L1",
    "lesions.0.organ": "liver",
    "lesions.0.diameter_mm": "18.5",
    "lesions.0.solid": "null",
    "lesions.1.id": "L2",
    "lesions.1.organ": "bone",
}


def test_a_list_of_lesions_is_recorded_with_units_and_what_is_unknown(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=imaging_done")
    answer = browser.send(NEW, **form, **LESIONS, do="save")
    assert answer.status_code == 303
    ((id, _),) = entries(desk)
    page = text_of(browser.get("/patients/1").text)
    assert f"{id} · web" in page
    with desk.database.reading() as connection:
        line = next(one for one in ledger.lines(connection, 1) if one.event_id == id)
    fields = ledger.event_of(line).fields
    assert fields["findings"] == {"ascites": "none", "pleural_effusion": None}
    assert fields["lesions"] == (
        {"id": "L1", "organ": "liver", "diameter_mm": 18.5, "solid": None},
        {"id": "L2", "organ": "bone"},
    )


def test_rows_are_added_and_a_lesion_without_a_name_is_not_taken(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=imaging_done")
    page = browser.send(NEW, **form, **LESIONS, do="rows").text
    assert 'name="lesions.5.id"' in page
    assert 'value="18.5"' in page
    nameless = {"v.date": "2025-02-20", "lesions.0.organ": "liver", "lesions.1.diameter_mm": "much"}
    page = browser.send(NEW, **form, **nameless, do="save")
    assert page.status_code == 422
    assert "needed for every lesion" in text_of(page.text)


def test_that_no_lesion_is_there_is_something_else_than_silence(desk: Desk) -> None:
    browser = desk.browser("anna")
    for fields, there in (({"no_lesion": "1"}, True), ({}, False)):
        form = opened(browser, f"{NEW}?type=imaging_done")
        day = f"2025-02-{20 + there}"
        assert browser.send(NEW, **form, **fields, **{"v.date": day}, do="save").status_code == 303
        with desk.database.reading() as connection:
            line = ledger.lines(connection, 1)[-1]
        assert ("lesions" in ledger.event_of(line).fields) == there


def test_several_codes_and_pairs_are_read(desk: Desk) -> None:
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=board_held")
    fields = {
        "v.date": "2025-02-20",
        "v.question": "mdt",
        "v.decision": "deferred",
        "v.disciplines": ["medical_oncology", "radiology"],
        "uncovered_lesions.0.key": "L1",
        "uncovered_lesions.0.value": "out of reach",
    }
    assert browser.send(NEW, **form, **fields, do="save").status_code == 303
    with desk.database.reading() as connection:
        content = ledger.event_of(ledger.lines(connection, 1)[-1]).fields
    assert content["disciplines"] == ("medical_oncology", "radiology")
    assert content["uncovered_lesions"] == {"L1": "out of reach"}


@pytest.fixture
def entry(desk: Desk) -> str:
    """A response of which the desk knows the id."""
    (id,) = said(desk, 1, {"type": "response_assessed", "date": "2025-02-10", "overall": "SD"})
    desk.pass_(timedelta(minutes=1))
    return id


def test_a_correction_is_previewed_and_saved_with_its_reason(desk: Desk, entry: str) -> None:
    browser, place = desk.browser("anna"), f"/patients/1/entries/{entry}/amend"
    form = opened(browser, place)
    typed = {**form, "v.date": "2025-02-10", "v.overall": "PD"}
    page = browser.send(place, **typed, do="preview")
    assert page.status_code == 200
    assert "<del" in page.text
    assert "After saving" in page.text
    assert browser.send(place, **typed, do="save").status_code == 422
    assert not entries(desk)
    assert browser.send(place, **typed, reason="second reading", do="save").status_code == 303
    assert [kind for _, kind in entries(desk)] == ["correction"]
    row = browser.get("/patients/1").text.split(f'id="{entry}"')[1].split("</li>")[0]
    assert "<del>SD</del>" in row
    assert "<ins>PD</ins>" in row


def test_what_nobody_said_and_nobody_knows_is_no_correction(desk: Desk, entry: str) -> None:
    browser, place = desk.browser("anna"), f"/patients/1/entries/{entry}/amend"
    form = opened(browser, place)
    typed = {**form, "v.date": "2025-02-12", "v.overall": "SD", "v.pattern": "null", "reason": "typing error"}
    assert browser.send(place, **typed, do="save").status_code == 303
    assert browser.send(place, **typed, do="save").status_code == 303
    assert len(entries(desk)) == 1


def test_a_correction_of_nothing_or_to_nothing_is_not_taken(desk: Desk, entry: str) -> None:
    browser, place = desk.browser("anna"), f"/patients/1/entries/{entry}/amend"
    form = opened(browser, place)
    for typed, told in (
        ({"v.date": "2025-02-10", "v.overall": "SD"}, "Nothing was changed yet"),
        ({"v.date": "2025-02-10", "v.overall": ""}, "What is it instead?"),
        ({"v.date": "", "v.overall": "SD"}, "What is it instead?"),
        ({"v.date": "2025-02-10", "v.overall": "XX"}, "one of CR, PR, SD, PD, NE"),
    ):
        page = browser.send(place, **form, **typed, reason="x", do="save")
        assert page.status_code == 422
        assert told in text_of(page.text)


def test_two_who_correct_the_same_do_not_overwrite_one_another(desk: Desk, entry: str) -> None:
    anna, ben = desk.browser("anna"), desk.browser("ben")
    place = f"/patients/1/entries/{entry}/amend"
    form, theirs = opened(anna, place), opened(ben, place)
    typed = {"v.date": "2025-02-10", "reason": "second reading"}
    assert ben.send(place, **theirs, **typed, **{"v.overall": "PR"}, do="save").status_code == 303
    desk.pass_(timedelta(minutes=1))
    page = anna.send(place, **form, **typed, **{"v.overall": "PD"}, do="save")
    assert page.status_code == 409
    told = text_of(page.text)
    assert "ben recorded something" in told
    assert "Yours, not saved" in told
    assert len(entries(desk)) == 1


def test_decisions_that_rested_on_what_is_corrected_are_told(desk: Desk) -> None:
    number = desk.number("V29")
    with desk.database.reading() as connection:
        lines = ledger.lines(connection, number)
    first = next(one for one in lines if one.type == "response_assessed")
    browser, place = desk.browser("anna"), f"/patients/{number}/entries/{first.event_id}/amend"
    typed = {"v.date": str(first.day), "v.overall": "PD"}
    told = text_of(browser.send(place, **opened(browser, place), **typed, do="preview").text)
    assert "Decisions taken earlier that rested on it" in told
    assert "not met now" in told or "taken in" in told


def test_the_lesions_of_an_imaging_are_corrected_as_a_list(desk: Desk) -> None:
    content = {"type": "imaging_done", "date": "2025-02-10", "modality": "ct"}
    (id,) = said(desk, 1, {**content, "lesions": [{"id": "L1", "organ": "bone", "status": "active"}]})
    desk.pass_(timedelta(minutes=1))
    browser, place = desk.browser("anna"), f"/patients/1/entries/{id}/amend"
    form = opened(browser, place)
    typed = {"v.date": "2025-02-10", "v.modality": "ct", "reason": "seen again"}
    same = {"lesions.0.id": "L1", "lesions.0.organ": "bone", "lesions.0.status": "active"}
    page = browser.send(place, **form, **typed, **same, do="preview")
    assert "Nothing was changed yet" in text_of(page.text)
    more = {**same, "lesions.1.id": "L2", "lesions.1.organ": "liver"}
    assert browser.send(place, **form, **typed, **more, do="save").status_code == 303
    assert "L2" in text_of(browser.get("/patients/1").text)


def test_what_was_known_from_the_beginning_is_corrected(desk: Desk) -> None:
    browser, place = desk.browser("anna"), "/patients/1/entries/facts/amend"
    page = browser.get(place).text
    selects = re.findall(r'<select id="f-(v\.[^"]+)" name="[^"]+">(.*?)</select>', page, re.S)
    chosen = ((name, re.search(r'value="([^"]*)" selected', body)) for name, body in selects)
    typed = {name: found[1] for name, found in chosen if found}
    inputs = r'<input type="(?:date|text)" id="f-(v\.[^"]+)" name="[^"]+" value="([^"]*)"'
    typed |= dict(re.findall(inputs, page))
    unknown = dict.fromkeys(re.findall(r'name="(v\.[^"]+\?)" value="1" checked', page), "1")
    typed |= {"v.performance_status": "2"}
    answer = browser.send(place, **hidden(page), **typed, **unknown, reason="charts", do="save")
    assert answer.status_code == 303, text_of(answer.text)
    assert [kind for _, kind in entries(desk)] == ["correction"]


def test_an_entry_is_taken_back_for_a_reason_once(desk: Desk, entry: str) -> None:
    browser, place = desk.browser("anna"), f"/patients/1/entries/{entry}/retract"
    page = browser.get(place).text
    assert "After saving" in page
    form = hidden(page)
    assert browser.send(place, **form, do="save").status_code == 422
    for _ in range(2):
        assert browser.send(place, **form, reason="other patient", do="save").status_code == 303
    assert [kind for _, kind in entries(desk)] == ["retraction"]
    assert browser.get(place).status_code == 404


def test_a_reason_that_names_the_patient_is_not_kept(desk: Desk, entry: str) -> None:
    with desk.database.reading() as connection:
        (reference,) = identities.named(connection, [1]).values()
    browser, place = desk.browser("anna"), f"/patients/1/entries/{entry}/retract"
    form = opened(browser, place)
    page = browser.send(place, **form, reason=f"not {reference}", do="save")
    assert page.status_code == 422
    assert "it names a patient" in text_of(page.text)
    assert not entries(desk)


@pytest.mark.parametrize("do", ["preview", "save"])
def test_a_note_that_names_the_patient_is_told_at_once_and_not_kept(desk: Desk, do: str) -> None:
    with desk.database.reading() as connection:
        (reference,) = identities.named(connection, [1]).values()
    browser = desk.browser("anna")
    form = opened(browser, f"{NEW}?type=response_assessed")
    page = browser.send(NEW, **form, **RESPONSE, **{"v.note": f"{reference} phoned"}, do=do)
    assert re.search(r'id="e-v.note">.*it names a patient', page.text)
    assert not entries(desk)


def test_what_cannot_be_recorded_corrected_or_taken_back_is_not_there(desk: Desk, entry: str) -> None:
    browser = desk.browser("anna")
    for path, status in (
        (f"{NEW}?type=nothing", 422),
        (f"{NEW}?type=correction", 422),
        ("/patients/1/entries/e999/amend", 404),
        ("/patients/1/entries/facts/retract", 404),
        ("/patients/1/entries/e999/retract", 404),
    ):
        assert browser.get(path).status_code == status
    assert browser.get(NEW).status_code == 200
    assert browser.send(NEW, type="response_assessed", sequence="x").status_code == 422
