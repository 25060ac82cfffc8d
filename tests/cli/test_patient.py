"""`carepath show` and `carepath why`: one patient."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

pytestmark = pytest.mark.each_database


def test_the_page_of_a_patient(run: Run, clinic: Path) -> None:
    ran = run("show", "V12")
    assert ran.status == 0
    for told in (
        "V12  born 1970-04-12, 54 years, female, post",
        "State: Ready for metastasis-directed therapy since 2025-01-30 (4 days)",
        "May happen next",
        "Definitions of oligometastatic disease",
        "How the patient came here",
        "What was recorded",
        "L1 lymph node 13 mm active",
        "documented 2025-01-27",
        "Followed by oligometastatic-breast 1.0.0 and 14 companions",
        "by anna, file pet-unknown-then-corrected.yaml",
    ):
        assert " ".join(told.split()) in " ".join(ran.out.split())


def test_an_earlier_day(run: Run, clinic: Path) -> None:
    (then,) = run("show", "V12", "--as-of", "2024-08-01", "--json").lines
    assert (then["as_of"], then["state"]) == ("2024-08-01", "systemic_foundation")
    assert then["known_at"].startswith("2025-02-03T12:00")


def test_what_was_known_then(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-02-10")
    run("record", "V12", "response_assessed", "--date", "2025-02-04", "--field", "overall=PD")
    (now,) = run("show", "V12", "--json").lines
    (then,) = run("show", "V12", "--known-at", "2025-02-05", "--json").lines
    codes = [{one["code"] for one in view["deviations"]} for view in (now, then)]
    assert "d-mdt-after-progression" in codes[0] - codes[1]
    assert len(now["entries"]) == len(then["entries"]) + 1
    assert (now["entries"][-1]["recorder"], now["entries"][-1]["source"]) == ("anna", "command line")


def test_deviations_tell_when_they_were_raised(run: Run, clinic: Path) -> None:
    (view,) = run("show", "V14", "--json").lines
    assert [one["code"] for one in view["deviations"]] == ["d-board-missing-mdt"]
    assert {"why", "raised_on"} <= view["deviations"][0].keys()


def test_somebody_nobody_knows(run: Run, clinic: Path) -> None:
    ran = run("show", "V99")
    assert (ran.status, ran.out) == (2, "")
    assert "no patient 'V99'" in ran.err


@pytest.mark.parametrize(
    ("typed", "meant"), [("v12", "V12"), (" V12", "V12"), ("V-12", "V12"), ("nobody", None)]
)
@pytest.mark.parametrize("words", [("show",), ("why", "mdt_start"), ("record", "death")])
def test_a_reference_nobody_has_leads_to_the_closest(
    run: Run, clinic: Path, typed: str, meant: str | None, words: tuple[str, ...]
) -> None:
    ran = run(words[0], typed, *words[1:])
    assert (ran.status, ran.out) == (2, "")
    assert (f"did you mean {meant!r}?" if meant else "`carepath list --search TEXT`") in ran.err
    assert ("did you mean" in ran.err) is (meant is not None)


def test_before_anything_was_recorded(run: Run, clinic: Path) -> None:
    ran = run("show", "V12", "--known-at", "2024-01-01")
    assert ran.status == 2
    assert "nothing was recorded about V12 by 2024-01-01" in ran.err


def test_why_a_step_is_blocked(run: Run, clinic: Path) -> None:
    ran = run("why", "V29", "mdt_start", "--as-of", "2025-01-30")
    assert ran.status == 0
    for told in ("Verdict: blocked by", "g-board-mdt, blocks", "e10", "mdtbc-board-mandatory", "--full"):
        assert told in ran.out
    assert len(run("why", "V29", "mdt_start", "--full").out) > len(ran.out)


def test_why_as_json_names_clauses_events_and_statements(run: Run, clinic: Path) -> None:
    (found,) = run("why", "V29", "mdt_start", "--as-of", "2025-01-30", "--json").lines
    assert found["verdict"] == "blocked"
    guards = {guard["guard"]: guard for guard in found["guards"]}
    (clause,) = [one for one in guards["g-board-mdt"]["clauses"] if one["result"] == "fail"]
    assert "e10" in clause["because"]
    assert {"id", "grade", "source", "statement"} <= clause["statements"][0].keys()


def test_why_a_step_is_not_offered(run: Run, clinic: Path) -> None:
    (found,) = run("why", "V43", "mdt_start", "--json").lines
    assert found["verdict"] == "not offered"
    assert "mdt_ready" in found["offered_in"]
    assert "not offered in this state" in run("why", "V43", "mdt_start").out


def test_why_a_step_is_allowed(run: Run, clinic: Path) -> None:
    (found,) = run("why", "V12", "mdt_start", "--json").lines
    assert found["verdict"] == "allowed"
    assert "No condition" in run("why", "V12", "systemic_continue").out


def test_why_of_one_guard(run: Run, clinic: Path) -> None:
    (found,) = run("why", "V12", "g-counselling", "--json").lines
    assert (found["verdict"], [guard["guard"] for guard in found["guards"]]) == (None, ["g-counselling"])


def test_missing_data_is_named(run: Run, clinic: Path) -> None:
    words = ("V12", "g-pet-preferred", "--as-of", "2025-01-20", "--known-at", "2025-02-03")
    assert run("why", *words).status == 0
    run("record", "V01", "imaging_done", "--date", "2025-02-01", "--field", "purpose=staging")
    (found,) = run("why", "V01", "g-staging-complete", "--json").lines
    missing = [name for guard in found["guards"] for clause in guard["clauses"] for name in clause["missing"]]
    assert missing
    assert "missing" in run("why", "V01", "g-staging-complete").out


@pytest.mark.parametrize("name", ["mdt_stat", "g-counseling"])
def test_a_step_that_is_none(run: Run, clinic: Path, name: str) -> None:
    ran = run("why", "V12", name)
    assert ran.status == 2
    assert "did you mean" in ran.err
    assert "steps offered now: " in ran.err


def test_what_became_of_an_entry_stands_at_the_entry(run: Run, clinic: Path) -> None:
    shown = {one["type"]: one["id"] for one in run("show", "V12", "--json").lines[0]["entries"]}
    imaging, suspicion = shown["imaging_done"], shown["metastasis_suspected"]
    assert run("retract", "V12", suspicion, "--reason", "entered twice").status == 0
    assert run("amend", "V12", imaging, "lesions.L1.diameter_mm=14", "--reason", "read again").status == 0
    assert run("amend", "V12", "facts", "primary.er=negative", "--reason", "as referred").status == 0
    retraction, correction, of_facts = (
        one["id"] for one in run("show", "V12", "--json").lines[0]["entries"][-3:]
    )
    words = " ".join(run("show", "V12").out.partition("What was recorded")[2].split())
    assert f"{suspicion} suspicion of metastasis (taken back, {retraction})" in words
    assert "lymph node 14 mm" in words
    assert f"diameter in mm of lesion L1 13 -> 14 (corrected, {correction})" in words
    assert f"oestrogen receptor of the primary unknown -> negative (corrected, {of_facts})" in words


def test_an_entry_that_went_to_another_patient_says_so(run: Run, clinic: Path) -> None:
    assert run("move", "V12", "e07", "--to", "V36", "--reason", "wrong form").status == 0
    assert "(moved to another patient, e14)" in " ".join(run("show", "V12").out.split())


def test_a_correction_that_was_corrected_or_taken_back(run: Run, clinic: Path) -> None:
    assert run("amend", "V12", "e07", "overall=SD", "--reason", "read again").status == 0
    assert run("amend", "V12", "e14", "new=CR", "--reason", "typing error").status == 0
    words = " ".join(run("show", "V12").out.split())
    assert "overall response PR -> SD (corrected, e14, itself corrected)" in words
    assert run("retract", "V12", "e14", "--reason", "was right").status == 0
    words = " ".join(run("show", "V12").out.split())
    assert "(corrected, e14" not in words
    assert "(taken back, e16)" in words


def test_no_id_is_broken_among_the_deviations(run: Run, clinic: Path) -> None:
    words = ("mdt_started", "--date", "2025-01-25", "--field", "targets=L1", "--field", "modality=rfa")
    run("record", "V12", *words)
    for out in (run("show", "V12").out, run("deviations", "--search", "V12").out):
        assert "          ombc-board-before-decisions (Level V, Grade B), mdtbc-pitfall-board, mdtbc-" in out
        assert max(map(len, out.splitlines())) <= 100
    assert "          d-board-missing-mdt  (e" in run("show", "V12").out
