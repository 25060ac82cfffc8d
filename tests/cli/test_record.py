"""`carepath record`: one event by flags or asked for, and the difference it made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from store import admission
from store import record as door
from tests.cli.conftest import Clock, Run

pytestmark = pytest.mark.each_database

BOARD = (
    "board_held",
    "--field",
    "question=mdt",
    "--field",
    "decision=recommended",
    "--field",
    "disciplines=medical_oncology;radiation_oncology;surgical_oncology",
)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is taken for a terminal."""
    monkeypatch.setattr("cli.record.is_terminal", lambda: True)


def test_the_difference_is_shown(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", *BOARD, "--date", "2025-02-03")
    assert ran.status == 0
    assert ran.out.startswith("Recorded e09 about V02.\n")
    ran = run("record", "V12", "mdt_started", "--field", "targets=L1", "--field", "modality=stereotactic_rt")
    assert "Oligometastatic breast cancer: Metastasis-directed therapy under way, before: Ready" in ran.out
    assert "No longer offered: Start metastasis-directed therapy" in ran.out


def test_the_difference_as_json(run: Run, clinic: Path) -> None:
    words = ("--date", "2025-02-01", "--field", "overall=PD", "--json")
    (told,) = run("record", "V12", "response_assessed", *words).lines
    assert (told["patient"], told["registered"], told["known"]) == ("V12", False, [])
    assert told["recorded"] == ["e14"]
    assert told["changes"]["states"][0]["pathway"] == "main"
    assert told["changes"]["states"][0]["after"] == told["state"]
    assert {"before", "after", "pathway"} == told["changes"]["due"][0].keys()


def test_deviations_and_due_dates_in_words(run: Run, clinic: Path) -> None:
    early = (
        "mdt_started",
        "--date",
        "2025-01-25",
        "--field",
        "targets=L1",
        "--field",
        "modality=stereotactic_rt",
    )
    out = run("record", "V12", *early).out
    assert "Deviation, critical, final: Metastasis-directed therapy without a board on it" in out
    gone = run("record", "V12", "retraction", "--field", "target=e14", "--field", "reason=wrong patient").out
    assert "No longer a deviation: Metastasis-directed therapy without a board on it" in gone
    assert "Due: " in run("record", "V02", "mdt_completed", "--field", "targets=L1").out or True


def test_decisions_that_rested_on_what_was_corrected(run: Run, clinic: Path) -> None:
    response = ("--field", "target=e07", "--field", "field=overall", "--field", "old=PR")
    ran = run("record", "V12", "correction", *response, "--field", "new=SD")
    told = ran.out.partition("Decisions taken earlier that rested on it:")[2]
    assert "  2025-01-29, board (e10)\n" in told
    assert "Response maintained over the minimum span: met then, not met now" in told
    assert 'taken in "Board on metastasis-directed therapy awaited"; by what is known now it' in told
    ran = run("record", "V12", "correction", *response[:-1], "old=SD", "--field", "new=PR", "--json")
    decisions = ran.lines[0]["changes"]["decisions"]
    assert {one["event"]: one["turned"] for one in decisions} == {"e10": False}
    assert decisions[0]["guards"][0] == {
        "guard": "g-response-window",
        "title": "Response maintained over the minimum span",
        "then": "pass",
        "now": "pass",
    }


def test_decisions_that_are_judged_as_they_were(run: Run, clinic: Path) -> None:
    size = ("--field", "target=e08", "--field", "field=lesion_count_total", "--field", "old=6")
    ran = run("record", "V29", "correction", *size, "--field", "new=7")
    assert "  2025-01-14, board (e10): judged as it was" in ran.out


def test_a_new_patient(run: Run, database: Path) -> None:
    facts = ("--fact", "sex=female", "--fact", "birth_date=1980-01-01", "--fact", "primary.er=positive")
    ran = run("record", "N1", "metastasis_suspected", "--new", *facts)
    assert ran.status == 0
    assert "Metastasis suspected, staging not begun" in ran.out
    assert "No bone metastasis" not in ran.out
    (view,) = run("show", "N1", "--json").lines
    assert view["facts"] == {"sex": "female", "birth_date": "1980-01-01", "primary.er": "positive"}


def test_a_patient_who_is_there_is_not_registered_anew(run: Run, clinic: Path) -> None:
    for reference in ("V12", "#5"):
        ran = run("record", reference, "follow_up_visit", "--new")
        assert (ran.status, ran.out) == (2, "")
        assert f"there is a patient '{reference}' already, nothing was recorded" in ran.err
    words = ("record", "N1", "follow_up_visit", "--new", "--field", "id=x1", "--fact", "sex=female")
    assert "Recorded x1" in run(*words).out
    assert "x1 was recorded already; nothing changed." in run(*words).out


def test_of_two_who_register_the_same_patient_at_once_one_is_told(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes in while the entry is worked out."""
    words = ("record", "N1", "follow_up_visit", "--new")
    work_out = admission.work_out

    def overtaken(*given: Any) -> Any:
        answer = work_out(*given)
        monkeypatch.setattr(door, "work_out", work_out)
        assert run(*words, "--date", "2025-02-01").status == 0
        return answer

    monkeypatch.setattr(door, "work_out", overtaken)
    ran = run(*words)
    assert (ran.status, "there is a patient 'N1' already" in ran.err) == (2, True)
    assert len(run("show", "N1", "--json").lines[0]["entries"]) == 1


def test_a_clock_set_back_is_told(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-03-03")
    run("show", "V12")
    clock.set("2025-03-02")
    words = ("record", "V12", "follow_up_visit", "--date", "2025-02-01")
    assert "before the database was last used; see to the clock" in run(*words).err
    assert "see to the clock" in run("show", "V12").err, "what is due follows from the clock, too"
    told = [one["found"] for one in run("doctor", "--json").lines if one["check"] == "clock" and one["to_do"]]
    assert "the access log goes back in time 1 time: a clock was set back" in told
    clock.set("2025-03-04")
    assert run(*words, "--field", "id=x1").err == ""


def test_an_entry_that_is_there_already(run: Run, clinic: Path) -> None:
    words = ("record", "V12", "imaging_history_reviewed", "--date", "2025-02-03", "--field", "id=x1")
    assert "Recorded x1" in run(*words).out
    ran = run(*words)
    assert "x1 was recorded already; nothing changed." in ran.out


def test_a_part_of_a_field_and_an_unknown_value(run: Run, clinic: Path) -> None:
    words = ("--field", "findings.ascites=malignant", "--field", "modality=unknown", "--field", "note=")
    assert run("record", "V12", "imaging_done", *words).status == 0
    (view,) = run("show", "V12", "--json").lines
    event = view["entries"][-1]
    assert (event["findings"], event["modality"], "note" in event) == ({"ascites": "malignant"}, None, False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("V99", "death"), "no patient 'V99'"),
        (("V12", "deaths"), "did you mean 'death'"),
        (("V12",), "TYPE is one of metastasis_suspected"),
        (("V12", "board_held"), "'question' is missing"),
        (("V12", "death", "--date", "2025-02-30"), "there is no such day"),
        (("V12", "death", "--field", "cause"), "NAME=VALUE"),
        (("V12", "death", "--field", "couse=x"), "did you mean 'cause'"),
        (("V12", "imaging_done", "--field", "findings.ascitis=x"), "did you mean 'ascites'"),
        (("V12", "response_assessed", "--field", "overall=better"), "one of CR, PR, SD, PD, NE"),
        (("V12", "death", "--field", "recorded=2025-01-01"), "'recorded' is set when it is recorded"),
        (("V12", "death", "--fact", "sex=male"), "--fact goes with --new"),
        (("N1", "death", "--new", "--fact", "sexx=male"), "--fact: "),
        (("N1", "death", "--new", "--fact", "sex=blue"), "nothing was recorded"),
        (
            ("V12", "correction", "--field", "target=e99", "--field", "field=overall", "--field", "new=PR"),
            "e99",
        ),
        (("V12", "death", "--date", "1960-01-01"), "before the birth_date"),
        (("V12", "metastasis_suspected", "--field", "id=e01"), "already with other content"),
    ],
)
def test_what_does_not_fit_is_refused(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    before = run("show", "V12", "--json").out
    ran = run("record", *words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert run("show", "V12", "--json").out == before


@pytest.mark.usefixtures("terminal")
def test_required_fields_are_asked_for_until_they_fit(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", "response_assessed", typed="better\nSD\n")
    assert ran.status == 0
    assert "overall" in ran.err
    assert "one of CR, PR, SD, PD, NE" in ran.err
    assert run("show", "V02", "--json").lines[0]["entries"][-1]["overall"] == "SD"


@pytest.mark.usefixtures("terminal")
def test_the_type_is_asked_for(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", typed="deth\ndeath\n")
    assert ran.status == 0
    assert "did you mean 'death'" in ran.err
    assert "Deceased" in ran.out


@pytest.mark.usefixtures("terminal")
def test_who_stops_answering_records_nothing(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", "response_assessed", typed="")
    assert ran.status == 130
    assert "interrupted" in ran.err


def test_a_program_is_never_asked(run: Run, clinic: Path) -> None:
    assert sys.stdin.isatty() is False
    assert run("record", "V02", "response_assessed").status == 2


def test_a_day_ahead_is_remarked(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", "death", "--date", "2099-01-01")
    assert ran.status == 0
    assert "2099-01-01 lies ahead" in ran.err
    stays = "The state stays: Response documented, window still open. Nothing falls due otherwise"
    assert stays in " ".join(ran.out.split())


def test_what_only_informed_and_has_passed_is_no_change(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2026-11-23")
    recorded = run("retract", "V36", "e11", "--reason", "another patient's scan")
    assert recorded.status == 0
    assert "Six months of response" not in recorded.out
    assert "No longer a deviation: Metastasis-directed therapy after progression" in recorded.out


def test_another_word_for_a_code_is_read_as_it_and_told(run: Run, clinic: Path) -> None:
    fields = ("--field", "modality=SABR", "--field", "note=left side")
    ran = run("record", "V12", "mdt_planned", *fields)
    assert ran.out.startswith("modality: 'SABR' is read as stereotactic_rt, and kept in the note.\nRecorded ")
    entry = run("show", "V12", "--json").lines[0]["entries"][-1]
    assert (entry["modality"], entry["note"]) == ("stereotactic_rt", "left side; modality as entered: SABR")
    again = run("record", "N1", "metastasis_suspected", "--new", "--fact", "sex=F", "--json").lines[0]
    assert again["words"] == [{"field": "sex", "said": "F", "code": "female", "times": 1}]


def test_a_word_that_may_mean_several_codes_is_refused_with_them(run: Run, clinic: Path) -> None:
    ran = run("record", "V12", "mdt_planned", "--field", "modality=ablation")
    assert (ran.status, ran.out) == (2, "")
    assert "'ablation' may mean rfa, mwa, cryo, ire, litt or hifu; write the code" in ran.err


@pytest.mark.usefixtures("terminal")
def test_an_answer_may_be_another_word(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", "response_assessed", typed="stable disease\n")
    assert "overall: 'stable disease' is read as SD." in ran.out


def test_a_note_that_names_the_patient_is_not_kept(run: Run, clinic: Path) -> None:
    ran = run("record", "V02", "death", "--field", "note=V02 died at home")
    assert ran.status == 2
    assert "it names a patient (reference)" in ran.err
