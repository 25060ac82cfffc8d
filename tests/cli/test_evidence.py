"""What the sources say at a decision, on the pages and as JSON: displays, ages, sources, sign-off."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from cli.evidence_view import HEADINGS, ages_words, evidence
from engine.decision import Aged, Ages
from engine.evidence import Shown
from pathways.checks.declared import KINDS
from pathways.guidelines.catalogue import load_catalogue
from tests.cli.conftest import Clock, Run

STATEMENTS = load_catalogue().statements
BEFORE = ("V12", "mdt_start", "--as-of", "2025-02-03")


def flat(text: str) -> str:
    return " ".join(text.split())


def part(out: str, title: str) -> str:
    """One part of a page, up to the next empty line."""
    return out.partition(f"\n{title}\n")[2].partition("\n\n")[0]


def test_every_kind_has_its_place_on_the_page() -> None:
    assert {*HEADINGS, "source"} == set(KINDS)


def test_limits_say_whether_the_patient_was_told(run: Run, clinic: Path) -> None:
    limits = part(run("why", *BEFORE).out, HEADINGS["limit"])
    assert " told      Whether ablating every metastasis prolongs life is not known" in limits
    assert " not told  Quality of life was not measured" in limits
    assert "ombc-lat-individual-os-unknown (Level II, Grade C); mdtbc-counsel-os-unknown" in flat(limits)
    assert "(grade not in source)" in limits


def test_prognostic_features_are_met_not_met_or_unknown_and_block_nothing(run: Run, clinic: Path) -> None:
    out = run("why", *BEFORE).out
    assert "Verdict: allowed" in out
    shown = part(out, HEADINGS["prognosis"])
    for mark in (" met      Below 55 years", " not met  Bone only", " unknown  No or limited axillary nodes"):
        assert mark in shown
    assert "missing: axillary nodes at primary" in shown
    assert "4 years, 4 months, 6 days" in flat(shown)


def test_recommendations_come_with_their_statements_in_full(run: Run, clinic: Path) -> None:
    brief, full = run("why", *BEFORE).out, run("why", *BEFORE, "--full").out
    sentence = STATEMENTS["ago-2024-gen-stereotactic-rt"].statement
    assert sentence not in flat(part(brief, HEADINGS["recommendation"]))
    assert f"{sentence} LoE 2b, GR B, AGO +/-" in flat(part(full, HEADINGS["recommendation"]))
    assert "MDT is added to ongoing systemic treatment" in flat(part(brief, "Statements behind the step"))


def test_the_sources_come_with_age_and_review_status(run: Run, clinic: Path) -> None:
    sources = flat(part(run("why", "V12", "mdt_start").out, "Sources"))
    assert "page dated 2025-11-03, pending human review" in sources
    assert "review by a person pending" in sources
    (found,) = run("why", "V12", "symptom_local", "--json").lines
    (old,) = [one for one in found["sources"] if one["title"].startswith("UpToDate")]
    assert old["currency"] == "2017, truncated"


def test_how_old_the_facts_are(run: Run, clinic: Path) -> None:
    out = flat(run("why", *BEFORE).out)
    assert "4 to 210 days old: the newest e11 of 2025-01-30, the oldest e02 of 2024-07-08." in out
    assert "e02, e09; 210 days old" in out
    (found,) = run("why", *BEFORE, "--json").lines
    oldest = {"event": "e02", "day": "2024-07-08", "days": 210}
    assert found["ages"] == {"oldest": oldest, "newest": {"event": "e11", "day": "2025-01-30", "days": 4}}
    staging = next(one for one in found["guards"] if one["guard"] == "g-staging-complete")
    assert staging["ages"] == staging["clauses"][0]["ages"] == {"oldest": oldest, "newest": oldest}
    assert "203 days old: e04 of 2024-07-15." in flat(run("why", "V12", "g-tissue", *BEFORE[2:]).out)


def test_a_verdict_that_rests_on_nothing_has_no_age(run: Run, clinic: Path) -> None:
    run("record", "N1", "metastasis_suspected", "--new", "--fact", "sex=female")
    (found,) = run("why", "N1", "board_initial", "--json").lines
    assert found["ages"] is None
    assert "days old" not in run("why", "N1", "g-tissue").out
    assert ages_words(None) == ""


@pytest.mark.parametrize(("newest", "told"), [(210, "210 days old"), (1, "1 to 210 days old")])
def test_ages_in_words(newest: int, told: str) -> None:
    oldest = Aged("e1", date(2025, 1, 1), 210)
    assert ages_words(Ages(oldest, replace(oldest, days=newest))) == told


def test_all_of_it_as_json(run: Run, clinic: Path) -> None:
    (found,) = run("why", *BEFORE, "--json").lines
    by_kind = {one["kind"] for one in found["evidence"]}
    assert {"recommendation", "limit", "prognosis", "evidence", "data"} <= by_kind
    told = next(one for one in found["evidence"] if one["display"] == "limit-survival")
    assert (told["feature"], told["applies"], told["because"]) == ("met", True, ["e11"])
    statement = told["statements"][2]
    assert statement["grade"] == "Level II, Grade C"
    assert {"id", "source", "statement", "review"} <= statement.keys()
    assert [one["grade"] for one in found["statements"]] == ["grade not in source"] * 3
    assert "not a medical device" in found["intended_use"]


def test_how_much_is_signed_off(run: Run, clinic: Path) -> None:
    (before,) = run("why", *BEFORE, "--json").lines
    count = before["review"]["statements"]
    line = f"{count} of {count} statements behind this are not clinically reviewed at this site."
    assert (before["review"]["not_reviewed"], before["review"]["text"]) == (count, line)
    assert line in run("why", *BEFORE).out
    run("pathway", "signoff", "add", "imet-qol-gap", "--verdict", "differs", "--note", "it was, in part")
    (after,) = run("why", *BEFORE, "--json").lines
    assert after["review"]["text"].startswith(f"{count - 1} of {count} statements behind this are not")
    assert f"1 of {count} statements behind this is known to differ" in flat(run("why", *BEFORE).out)
    reviews = {s["id"]: s["review"] for one in after["evidence"] for s in one["statements"]}
    assert (reviews["imet-qol-gap"], reviews["ombc-benefits"]) == ("differs", "not_reviewed")


def test_what_may_concern_the_patient_and_what_speaks_against() -> None:
    shown = Shown(
        "d",
        "Liver involved",
        "prognosis",
        (),
        None,
        "met",
        True,
        2,
        "organs",
        (),
        ("sex",),
        ("imet-prog-liver",),
    )
    console = Console(width=100)
    with console.capture() as captured:
        console.print(*evidence([shown], {}, full=True))
    told = flat(captured.get())
    assert "met Liver involved (speaks against when met): 2 organs" in told
    assert "not known whether it concerns this patient missing: sex" in told
    assert "grade not in source imet-prog-liver" in told


def test_the_page_of_a_patient_counts_it_and_tells_where_it_stands_in_full(run: Run, clinic: Path) -> None:
    out = run("show", "V36", "--as-of", "2025-02-02").out
    counted = part(out, "What the sources say at these steps")
    for line in (
        " · Limits to be told to the patient: 3 not told, 10 more",
        " · Prognostic features: 11 met, 5 not met, 2 unknown, 3 more",
        " · The facts behind the conditions are 18 to 265 days old",
        "UpToDate 2017 extract",
        "(2017, truncated)",
        "carepath why V36 STEP",
    ):
        assert line in flat(counted) or line in counted
    assert "not clinically reviewed at this site." in out
    assert flat(out).endswith("Check what it says against the record and the sources.")


def test_a_patient_of_whom_little_is_known_has_a_page(run: Run, clinic: Path) -> None:
    run("record", "N1", "follow_up_visit", "--new", "--fact", "sex=female")
    out = run("show", "N1").out
    assert "What the sources say at these steps" in out
    assert "days old" not in part(out, "What the sources say at these steps")


def test_of_a_dead_patient_nothing_is_to_be_told(run: Run, clinic: Path, clock: Clock) -> None:
    """No step can be taken and nobody is to be counselled; the age is that at death."""
    before = run("show", "V36", "--as-of", "2025-02-02").out
    assert "Limits to be told to the patient" in before
    run("record", "V36", "death", "--date", "2025-02-03")
    clock.set("2035-03-01")
    shown = run("show", "V36").out
    assert "State: Deceased" in shown
    for senseless in (
        "What the sources say at these steps",
        "to be told",
        "Prognostic features",
        "Held here",
    ):
        assert senseless not in shown
    years = re.search(r"\d+ years", before)
    assert years
    assert f", {years[0]}," in shown
    assert run("show", "V36", "--json").lines[0]["evidence"] == []
    brief = run("brief", "V36").out
    assert "No step can be taken now." in brief
    assert "To be told to the patient" not in brief


def test_the_answer_for_programs_has_all_of_it(run: Run, clinic: Path) -> None:
    (found,) = run("show", *BEFORE[:1], *BEFORE[2:], "--json").lines
    assert {one["kind"] for one in found["evidence"]} >= {"recommendation", "limit", "prognosis"}
    steps = {one["step"] for one in (*found["allowed_next"], *found["blocked_next"])}
    assert all(not one["steps"] or steps & set(one["steps"]) for one in found["evidence"])
    assert found["ages"]["g-tissue"]["oldest"] == {"event": "e04", "day": "2024-07-15", "days": 203}
    assert found["ages"]["g-lung-histology"] is None
    assert "UpToDate 2017 extract, local therapies in metastatic breast cancer" in {
        one["title"] for one in found["sources"]
    }
    assert found["review"]["statements"] == found["review"]["not_reviewed"] > 100
    assert "not a medical device" in found["intended_use"]
