"""Papers as PDF: read back, the same every time, and what was typed is text on them, never markup."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from coordination.entries import Team
from engine.event import Event
from store import access, accounts
from tests.web.conftest import Desk
from tests.web.test_board import KEY, at_desk
from tests.web.test_board_minutes import board, held
from tests.web.test_patient import said
from web.press import Paper, facts, heading, item, items, note, paragraph, part, pressed, table

__all__ = ["board", "held"]
HOSTILE = '#import "@preview/x:1": * #read("/etc/passwd") *b* _i_ \\ $x$ @r <a> `r` // c /* d */ ~ [y] = z'
MINUTES = f"/board/minutes.pdf?board=Breast&meeting={KEY}"


def read(made: bytes) -> tuple[PdfReader, str]:
    """The file, and its text with single blanks."""
    file = PdfReader(BytesIO(made))
    return file, " ".join(" ".join(page.extract_text() for page in file.pages).split())


def every_part(text: str) -> Paper:
    """A paper that has a text in every place there is."""
    blocks = [
        heading(text),
        paragraph(text),
        paragraph([part(text, how) for how in ("plain", "strong", "soft", "struck")], soft=True),
        note(text),
        items([item(text, text, text, [text], [item(text)])]),
        facts([(text, text)]),
        table([text], [[text], [[part(text, "struck")]]]),
    ]
    return Paper(text, text, text, blocks, lead=[text], use=text)


def test_what_was_typed_is_text_and_never_markup() -> None:
    _, text = read(pressed(every_part(HOSTILE)))
    assert text.replace(" ", "").count(HOSTILE.replace(" ", "")) >= 18


def test_texts_of_any_kind_make_a_paper() -> None:
    for odd in ("", " ", "a\nb", "{x} %s \x00 \ufffe", "أحمد 李 Ж", "x" * 3000):
        assert pressed(every_part(odd)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "told"), [("李 Na", True), ("أحمد", True), ("Øvre Ćirić Жанна Ἀθηνᾶ", False)]
)
def test_letters_that_the_fonts_lack_are_told_on_top(name: str, told: bool) -> None:
    _, text = read(pressed(Paper("Case", "P1", "today", [paragraph(name)])))
    assert ("may stand as boxes" in text) is told


def test_a_paper_has_title_language_tags_and_no_date(desk: Desk) -> None:
    made = desk.browser("anna").get("/patients/1/timeline.pdf", **{"accept-language": "de"}).content
    file, text = read(made)
    root = file.root_object
    assert file.metadata is not None
    assert file.metadata.title == "Zeitachse"
    assert str(root["/Lang"]) == "de"
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert "/CreationDate" not in file.metadata
    assert "Gedruckt am 3. März 2025, 11:00, Stand 3. März 2025, bekannt am 3. März 2025, 11:00" in text
    assert "kein Medizinprodukt" in text
    assert "Seite 1 von" in text


def test_the_case_summary_tells_question_reference_and_page_on_every_page(desk: Desk) -> None:
    number, anna = desk.number("V02"), desk.browser("anna")
    answer = anna.get(f"/patients/{number}/brief.pdf?step=mdt_start&as_of=2025-03-01&known_at=2025-02-10")
    file, text = read(answer.content)
    assert answer.headers["content-type"] == "application/pdf"
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="case-summary-{number}-2025-03-01.pdf"'
    )
    assert "as of 1 Mar 2025, known at 10 Feb 2025" in text
    assert "Start metastasis-directed therapy" in text
    pages = [page.extract_text() for page in file.pages]
    for place, page in enumerate(pages, 1):
        assert f"V02 · #{number}" in page
        assert f"Page {place} of {len(pages)}" in page
        assert "not a medical device" in page
    with desk.database.reading() as connection:
        looks = [one.what for one in access.entries(connection) if one.patient_id == number]
    assert looks == ["patient brief pdf"]


def test_the_same_paper_is_the_same_to_the_byte(desk: Desk) -> None:
    anna, path = desk.browser("anna"), f"/patients/{desk.number('V02')}/timeline.pdf"
    assert anna.get(path).content == anna.get(path).content


def test_the_timeline_strikes_through_what_was_taken_back_and_keeps_it(desk: Desk) -> None:
    (entry,) = said(desk, 1, {"type": "follow_up_visit", "date": "2025-03-01", "note": HOSTILE[:40]})
    said(desk, 1, {"type": "retraction", "date": "2025-03-03", "target": entry, "reason": "twice"})
    _, text = read(desk.browser("anna").get("/patients/1/timeline.pdf").content)
    assert "follow-up visit" in text.replace("- ", "-")
    assert entry in text


def test_the_minutes_tell_everybody_who_was_listed_and_that_they_are_a_draft(held: Desk) -> None:
    answer = held.browser("lena").get(MINUTES)
    _, text = read(answer.content)
    assert answer.headers["content-disposition"] == 'attachment; filename="minutes-2025-03-06.pdf"'
    for told in ("1. W-1", "4. W-4", "Letrozole <b>", "L2: too near the bowel", "Not signed yet: a draft"):
        assert told in text
    assert "Taken off: treated elsewhere" in text
    assert "No decision recorded" in text


def test_minutes_of_other_teams_patients_are_not_handed_out(held: Desk) -> None:
    at_desk(held, Team(name="north", members=("ben",)))
    with held.database.writing() as connection:
        accounts.change(connection, "lena", teams=["north"])
    assert held.browser("lena").get(MINUTES).status_code == 403


@pytest.mark.parametrize(("language", "told"), [("en", "Dear colleague"), ("de", "Sehr geehrte")])
def test_the_letter_is_a_draft_in_its_own_language(held: Desk, language: str, told: str) -> None:
    number = held.number("W-1")
    event = _decision(held, number)
    path = f"/patients/{number}/board/letter.pdf?event={event.id}&language={language}"
    file, text = read(held.browser("anna").get(path).content)
    assert told in text
    assert "Letrozole <b>" in text
    assert str(file.root_object["/Lang"]) == language
    assert held.browser("anna").get(f"/patients/{number}/board/letter.pdf?event=e99").status_code == 404


def _decision(desk: Desk, number: int) -> Event:
    from coordination.boards import seen
    from store.settle import Reckoning

    with desk.database.reading() as connection:
        at = Reckoning.at(desk.now, desk.place.derive)
        found = seen(connection, number, at)
    assert found is not None
    return next(one for one in found.events if one.type == "board_held")


@pytest.mark.parametrize("outside", ["", "?for=outside"])
def test_the_report_on_deviations_is_that_of_the_page(desk: Desk, outside: str) -> None:
    audit = desk.browser("audit")
    answer = audit.get(f"/deviations/report.pdf{outside}")
    _, text = read(answer.content)
    assert answer.headers["content-disposition"] == 'attachment; filename="deviations-2025-03-03.pdf"'
    assert "Definitions" in text
    assert ("Register" in text) == (not outside)
    assert ("For this house alone" in text) == (not outside)
