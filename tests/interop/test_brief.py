"""The brief as Markdown and HTML: what stands on it, that nothing typed by anybody gets out of its place, and
that a long, an unknown and an empty story still make a page.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from engine.brief import Brief, brief
from engine.event import Event
from engine.replay import Enrolment, replay_patient
from engine.snapshot import Deviation
from interop.brief_page import MOST_BOARDS, MOST_EVENTS, brief_page
from interop.brief_render import as_html, as_markdown
from interop.case import Case
from interop.case_file import read_cases
from interop.plain_text import LONGEST, one_line
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import AS_SHIPPED, Review, SignOffs, content_fingerprint
from pathways.intended_use import IN_SHORT
from pathways.library import all_pathways
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import correction, d, retraction, story, told

CATALOGUE = load_catalogue()
ENROLLED = [Enrolment(one, DEFAULT_SETTINGS) for one in all_pathways()]
EXAMPLES = Path(__file__).parents[1] / "examples"


def case(name: str) -> Case:
    (found,) = [one for one in read_cases(EXAMPLES / f"{name}.yaml") if isinstance(one, Case)]
    return found


def about(
    *entries: Event,
    as_of: str = "2025-01-28",
    signed: SignOffs = AS_SHIPPED,
    reference: str = "V12",
    facts: Mapping[str, object] | None = None,
) -> Brief:
    patient = story(*entries, **(facts or {}))
    snapshot = replay_patient(ENROLLED, patient, d(as_of), date.max)
    return brief(reference, ENROLLED, patient, snapshot, CATALOGUE, signed)


def example(name: str = "pet-unknown-then-corrected", *more: Event, as_of: str = "2025-01-28") -> Brief:
    found = case(name)
    return about(*found.story.entries, *more, as_of=as_of, facts=found.story.facts)


def text_of(html: str) -> str:
    """What a reader of the page sees."""

    reader = Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.seen).split())


class Reader(HTMLParser):
    """Collects the text between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, _: object) -> None:
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside not in ("style", "title"):
            self.seen.append(data)


def tags(html: str) -> set[str]:
    return set(re.findall(r"<([a-z][a-z0-9]*)", html))


PARTS = (
    "Start metastasis-directed therapy",
    "cannot be done yet",
    "A valid board on metastasis-directed therapy; Counselling",
    "13 mm, active",
    "corrected 27 Jan 2025: modality, unknown to CT",
    "ABC-7 consensus as quoted by AGO 2024.1D",
    "NRG-BR002 inclusion criteria",
    "board: question initial",
    "Staging is complete (204 d)",
    "Whether ablating every metastasis prolongs life is not known (Level II, Grade C)",
    "No or limited axillary nodes at the primary diagnosis (not known: axillary nodes at primary)",
    "LoE 2b, GR B, AGO +/-",
    "grade not in source",
    "page dated 2025-11-03, pending human review",
    "statements behind this are not clinically reviewed at this site.",
    "it is not a medical device",
    "born 12 Apr 1970, 54 years, female, postmenopausal",
    "Known from the beginning: ",
    "C10 start of the response clock",
)


@pytest.mark.parametrize("part", PARTS)
def test_both_pages_hold_what_a_board_asks_for(part: str) -> None:
    found = example()
    assert part in text_of(as_html(found))
    assert part in re.sub(r"\\(?=\W)", "", as_markdown(found)).replace("**", "")


def test_the_markdown_reads_as_text_and_has_every_heading() -> None:
    told_ = as_markdown(example())
    headings = re.findall(r"^#+ (.+)$", told_, re.MULTILINE)
    assert headings[:5] == [
        "Brief for the board: V12",
        "Question",
        "Conditions (with the age of the facts)",
        "Boards so far",
        "Imaging",
    ]
    assert headings[-2:] == ["Left open by the sources", "Sources"]
    assert "\n\n\n" not in told_
    assert not re.search(r"[ \t]+$", told_, re.MULTILINE)
    assert told_.endswith(f"\n{IN_SHORT} MDT is metastasis-directed therapy.\n")


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    html = as_html(example())
    assert tags(html) & {"script", "link", "img", "iframe", "object", "base", "form"} == set()
    assert not re.search(r"\sstyle=|\son[a-z]+=|https?://|url\(|@import", html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;"
    assert policy in html
    assert "size: A4" in style


HOSTILE = (
    "<script>alert(1)</script>",
    "</style></head><body onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
    "](javascript:alert(1)) [x](http://example.org) ![i](x)",
    "| a | b |",
    "**bold** _it_ `code` ~~~",
    "# heading",
    "first\nsecond\r\n# third\n---",
    "\u202egnp.exe\u0000\u001b[31m\ufeff",
    "&lt;b&gt; &amp;",
    "1. one",
    "=====",
)


def hostile_story(text: str) -> Iterator[Event]:
    lesion = {"id": text[:40], "organ": "liver", "status": "active", "location_detail": text}
    yield told("e1", "metastasis_suspected", "2024-01-01", note=text)
    yield told(
        "e2", "imaging_done", "2024-01-02", modality="pet_ct", complete=True, lesions=(lesion,), note=text
    )
    yield told("e3", "board_held", "2024-01-03", question="initial", decision="other", decision_text=text)
    yield told("e4", "response_assessed", "2024-01-04", overall="PR", source=text)
    yield correction("c1", "e4", "source", text + text, "2024-01-05")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_typed_stays_text(text: str) -> None:
    found = about(*hostile_story(text), reference=text, facts={"sex": text})
    html, markdown = as_html(found), as_markdown(found)
    plain, plain_markdown = as_html(about(*hostile_story("x"))), as_markdown(about(*hostile_story("x")))
    assert tags(html) == tags(plain)
    assert html.count("<li") == plain.count("<li")
    assert one_line(text, 400) in text_of(html)
    assert not re.search(r"[\u202e\u0000\u001b\ufeff]", html + markdown)
    kinds = [token.type for token in MarkdownIt("commonmark").enable("table").parse(markdown)]
    assert kinds == [t.type for t in MarkdownIt("commonmark").enable("table").parse(plain_markdown)]
    inline = [
        child.type
        for token in MarkdownIt("commonmark").enable("table").parse(markdown)
        for child in token.children or ()
    ]
    assert set(inline) <= {
        "text",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "softbreak",
        "text_special",
    }


def test_a_very_long_story_is_told_by_its_end_and_its_beginning() -> None:
    first = told("e0", "metastasis_suspected", "2020-01-01")
    days = [date(2020, 1, 2) + timedelta(n) for n in range(2000)]
    many = [told(f"r{n}", "response_assessed", str(day), overall="PR") for n, day in enumerate(days)]
    note = told("n1", "response_assessed", "2025-07-01", overall="SD", source="word " * 5000)
    page = brief_page(about(first, *many, note, as_of="2025-07-02"))
    assert len(page.history) == MOST_EVENTS + 1
    assert page.history[0].text.endswith("… (shortened)")
    assert len(page.history[0].text) < LONGEST + 60
    assert page.history[-1].text == "suspicion of metastasis"
    assert page.earlier == f"{len(many) + 2 - MOST_EVENTS - 1} events between them not shown"
    assert len(as_html(about(first, *many, as_of="2025-07-02"))) < 100_000


def test_doses_do_not_crowd_out_what_a_board_decides_by() -> None:
    tissue = told("t1", "tissue_result", "2024-01-02", site="bone", method="histology", her2="negative")
    start = told("s1", "systemic_started", "2024-01-03", line=1, regimen_class="chemotherapy")
    doses = [told(f"d{n}", "bma_given", f"2024-02-{n:02}", drug="denosumab") for n in range(1, 21)]
    first = told("e0", "metastasis_suspected", "2024-01-01")
    page = brief_page(about(first, tissue, start, *doses, as_of="2024-03-01"))
    kinds = [one.text.partition(":")[0] for one in page.history]
    assert kinds[-3:] == ["start of systemic therapy", "tissue result", "suspicion of metastasis"]
    assert kinds[:-3] == ["dose of a bone-modifying drug"] * (MOST_EVENTS - 2)
    assert page.earlier == f"{23 - MOST_EVENTS - 1} events between them not shown"


def test_what_concerns_the_liver_alone_is_not_asked_without_liver_lesions() -> None:
    assert "liver" not in " ".join(one.text for one in brief_page(example()).profiles).lower()


def test_many_boards_are_told_by_the_latest() -> None:
    boards = [
        told(f"b{n}", "board_held", f"2024-01-{n:02}", question="other", decision="other")
        for n in range(1, 10)
    ]
    found = about(*boards)
    page = brief_page(found)
    assert [one.mark for one in page.boards][:2] == ["9 Jan 2024", "8 Jan 2024"]
    assert (len(page.boards), page.earlier_boards) == (MOST_BOARDS, 3)
    assert "\n\nAnd 3 earlier.\n\n## Imaging" in as_markdown(found)
    assert "And 3 earlier." in text_of(as_html(found))


def test_the_page_says_which_imagings_it_leaves_out() -> None:
    found = about(*(told(f"i{n}", "imaging_done", f"2024-0{n}-01", modality="ct") for n in range(1, 10)))
    assert "\n\nNot shown: 5 imagings.\n\n" in as_markdown(found)
    assert "Not shown: 5 imagings." in text_of(as_html(found))


def test_nothing_recorded() -> None:
    found = about()
    page = brief_page(found)
    assert page.who == "Nothing is known about the person"
    assert page.imaging.columns == ()
    for told_ in (text_of(as_html(found)), as_markdown(found)):
        for part in ("No imaging is recorded.", "No board is recorded.", "Nothing is recorded."):
            assert part in told_


def test_no_step_is_offered() -> None:
    found = example("pet-unknown-then-corrected", told("x1", "death", "2025-01-20"))
    assert found.question is None
    for told_ in (text_of(as_html(found)), as_markdown(found)):
        assert "No step can be taken now." in told_
        assert "No condition is attached to this step." in told_


def test_unknown_everything() -> None:
    entries = (
        told("e1", "metastasis_suspected", "2024-01-01"),
        told("e2", "imaging_done", "2024-01-02", modality=None, purpose=None, complete=None, lesions=None),
        told(
            "e3",
            "tissue_result",
            "2024-01-03",
            method=None,
            metastasis_confirmed=None,
            er=None,
            pr=None,
            her2=None,
        ),
        told(
            "e4", "board_held", "2024-01-04", question="initial", decision="systemic_first", disciplines=None
        ),
        told("e5", "systemic_started", "2024-01-05", regimen_class=None),
    )
    found = about(*entries, facts={"sex": None, "birth_date": None, "menopausal_status": "unknown"})
    page = brief_page(found)
    assert page.who == "menopausal status unknown"
    assert page.missing
    assert {one.mark for one in page.missing} == {"unknown"}
    assert "not known:" in text_of(as_html(found))
    assert "## Missing data" in as_markdown(found)


def test_steps_that_cannot_be_judged_say_so() -> None:
    found = example()
    assert found.question
    unsure = replace(found, question=replace(found.question, verdict="undetermined", held=("g-counselling",)))
    assert brief_page(unsure).question.mark == "cannot be judged"
    assert brief_page(unsure).question.note == "Counselling"
    by_state = replace(found, question=replace(found.question, verdict="blocked", held=()))
    assert brief_page(by_state).question.note == "by the state of the patient"


def test_what_was_written_later_overruled_or_taken_back_is_marked() -> None:
    late = told("x1", "finding_recorded", "2025-01-01", documented="2025-01-09", ascites="none")
    back = retraction("x2", "e05", "2025-01-10")
    page = brief_page(example("pet-unknown-then-corrected", late, back))
    assert "written 9 Jan 2025" in {one.note for one in page.history}
    assert page.earlier == "1 entry taken back"


def test_a_condition_that_a_board_overruled_is_told_as_such() -> None:
    found = example()
    conditions = tuple(
        replace(one, verdict=replace(one.verdict, result="overruled")) for one in found.conditions
    )
    overruled = replace(found, conditions=conditions)
    assert brief_page(overruled).lifted[0] == ("overruled", "Staging is complete", "", ())
    assert "- **overruled**: Staging is complete\n" in as_markdown(overruled)
    assert "overruled Staging is complete" in text_of(as_html(overruled))


def test_open_departures_are_told() -> None:
    departure = Deviation("d-x", "No board was held", "major", "open", ("e1",), ("mdtbc-board-mandatory",))
    found = replace(example(), deviations=(departure,))
    assert "major No board was held d-x" in text_of(as_html(found))
    assert "## Open departures\n\n- major: No board was held (d-x)\n" in as_markdown(found)


def test_where_it_is_not_known_whether_a_feature_concerns_the_patient() -> None:
    known = case("lesion-count-corrected-after-board").story
    facts = {name: one for name, one in known.facts.items() if name != "primary.surgery_date"}
    found = about(*known.entries, as_of="2025-01-23", facts=facts)
    (item,) = [one for one in brief_page(found).prognosis if one.mark == "may concern"]
    assert "Registry: below 55 years (met)" in item.text
    assert item.note == "not known: surgery date of the primary"


def test_a_feature_that_speaks_against_says_so() -> None:
    lesion = {"id": "L1", "organ": "liver", "status": "active"}
    scan = told("i1", "imaging_done", "2024-01-02", complete=True, lesions=(lesion,))
    found = example("progression-recorded-late", scan, as_of="2025-02-02")
    shown = tuple(replace(one, applies=True) for one in found.shown)
    items = brief_page(replace(found, shown=shown)).prognosis
    assert "Registry: liver involved (speaks against when met)" in " ".join(one.text for one in items)


def test_all_signed_off_needs_no_line() -> None:
    found = example()
    reviews = [
        Review(one.id, content_fingerprint(one), "agrees", "Dr Roth", date(2025, 1, 1))
        for one in found.statements.values()
    ]
    case_ = case("pet-unknown-then-corrected")
    signed = about(*case_.story.entries, facts=case_.story.facts, signed=SignOffs.of_history(reviews))
    assert signed.tally.text == ""
    for told_ in (as_html(signed), as_markdown(signed)):
        assert "clinically reviewed" not in told_
        assert "not a medical device" in told_
