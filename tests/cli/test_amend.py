"""`carepath amend` and `carepath retract`: what was recorded is put right, and what that changed is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

pytestmark = pytest.mark.each_database

BECAUSE = ("--reason", "second reading")


def test_a_field_is_corrected_with_its_old_value(run: Run, clinic: Path) -> None:
    ran = run("amend", "V12", "e07", "overall=SD", *BECAUSE)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Recorded e14 about V12.\n")
    assert "2025-01-29, board (e10)" in ran.out
    (view,) = run("show", "V12", "--json").lines
    entry = view["entries"][-1]
    assert {name: entry[name] for name in ("type", "target", "field", "old", "new", "reason", "date")} == {
        "type": "correction",
        "target": "e07",
        "field": "overall",
        "old": "PR",
        "new": "SD",
        "reason": "second reading",
        "date": "2025-02-03",
    }


def test_several_fields_a_lesion_a_day_and_a_correction_itself(run: Run, clinic: Path) -> None:
    words = ("lesions.L1.status=treated_inactive", "modality=PET/CT", "date=2024-06-11", "purpose=null")
    ran = run("amend", "V12", "e02", *words, *BECAUSE, "--json")
    (told,) = ran.lines
    assert told["recorded"] == ["e14", "e15", "e16", "e17"]
    assert told["words"][0]["said"] == "PET/CT"
    (view,) = run("show", "V12", "--json").lines
    changes = [(one["field"], one["old"], one["new"]) for one in view["entries"][-4:]]
    assert changes == [
        ("lesions.L1.status", "active", "treated_inactive"),
        ("modality", "ct", "pet_ct"),
        ("date", "2024-07-08", "2024-06-11"),
        ("purpose", "staging", None),
    ]
    assert run("amend", "V12", "e16", "new=2024-06-12", *BECAUSE).status == 0


def test_an_entry_is_taken_back_and_the_taking_back_too(run: Run, clinic: Path) -> None:
    before = run("show", "V12", "--json").lines[0]
    ran = run("retract", "V12", "e12", "--reason", "never given")
    assert (
        "Oligometastatic breast cancer: Ready for metastasis-directed therapy" in ran.out or ran.status == 0
    )
    assert run("retract", "V12", "e14", "--reason", "it was given").status == 0
    after = run("show", "V12", "--json").lines[0]
    assert (after["state"], after["trail"]) == (before["state"], before["trail"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("amend", "V12", "e07", "overal=SD", *BECAUSE), "did you mean 'overall'"),
        (("amend", "V12", "e07", "overall=better", *BECAUSE), "one of CR, PR, SD, PD, NE"),
        (("amend", "V12", "e07", "overall=PR", *BECAUSE), "overall of e07 is PR already"),
        (("amend", "V12", "e07", "overall=", *BECAUSE), "null where it is not known"),
        (("amend", "V12", "e07", "overall", *BECAUSE), "FIELD=VALUE takes NAME=VALUE"),
        (("amend", "V12", "e07", "documented=2025-01-01", *BECAUSE), "cannot be corrected"),
        (("amend", "V12", "e02", "lesions.L9.status=active", *BECAUSE), "L9"),
        (("amend", "V12", "e77", "overall=PR", *BECAUSE), "there is no entry 'e77' about V12"),
        (("amend", "V12", "e07", "overall=SD", "--reason", " "), "say why"),
        (("amend", "V12", "e07", "overall=SD"), 'say why, such as --reason "second reading"'),
        (
            ("amend", "V12", "e02", "lesion.L1.diameter_mm=19", *BECAUSE),
            "e02 (imaging, 2024-07-08): there is",
        ),
        (("amend", "V12", "e02", "lesion.L1.status=x", *BECAUSE), "did you mean 'lesions.L1.status'?"),
        (("amend", "V12", "facts", "primary.err=negative", *BECAUSE), "facts: there is no field"),
        (("retract", "V12", "e77", *BECAUSE), "there is no entry 'e77' about V12"),
        (("retract", "V99", "e01", *BECAUSE), "no patient 'V99'"),
        (("retract", "V12", "e01"), "say why"),
        (("move", "V12", "e01", "--to", "V36"), "say why"),
        (("merge", "V12", "--with", "V36"), "say why"),
        (("unmerge", "V12"), "say why"),
    ],
)
def test_what_does_not_fit_is_refused(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    before = run("show", "V12", "--json").out
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert run("show", "V12", "--json").out == before


def test_an_entry_is_taken_back_once(run: Run, clinic: Path) -> None:
    assert run("retract", "V12", "e07", *BECAUSE).status == 0
    assert "e07 of V12 was retracted already" in run("retract", "V12", "e07", *BECAUSE).err
    assert "e07 of V12 was retracted already" in run("amend", "V12", "e07", "overall=PD", *BECAUSE).err


def test_a_late_entry_says_when_it_was_in_writing(run: Run, clinic: Path, clock: Clock) -> None:
    clock.set("2025-03-01")
    late = ("--date", "2025-01-20", "--documented", "2025-01-25", "--field", "overall=PD")
    ran = run("record", "V12", "response_assessed", *late)
    assert "2025-01-29, board (e10)" in ran.out
    assert run("show", "V12", "--json").lines[0]["entries"][-1]["documented"] == "2025-01-25"
    assert "--documented" in run("record", "V12", "death", "--documented", "soon").err


def test_what_was_known_from_the_beginning_is_corrected(run: Run, clinic: Path, clock: Clock) -> None:
    first = ("asof", "V12", "--as-of", "2025-02-03", "--known-at", "2025-02-03")
    before = run(*first).out
    assert "born 1970-04-12" in before
    clock.set("2025-02-05")
    ran = run("amend", "V12", "facts", "her2_status=Positive", "birth_date=1971-04-12", *BECAUSE)
    assert (ran.status, ran.err) == (0, "")
    assert "Recorded e14, e15 about V12." in ran.out
    assert "Decisions taken earlier that rested on it:" in ran.out
    assert "born 1971-04-12" in run("show", "V12").out
    assert "HER2 status: positive" in " ".join(run("brief", "V12").out.split())
    assert run(*first).out == before
    assert "Born           1971-04-12" in run("identify", "V12").out
    told = run("difference", "V12", "--between", "2025-02-03", "2025-02-05").out
    assert "old 1970-04-12; new" in " ".join(told.split())
    for words in ("her2_status=positive", "birth_date=1971-04-12"):
        again = run("amend", "V12", "facts", words, *BECAUSE)
        assert (again.status, again.out) == (2, "")
        assert "of facts is" in again.err
    assert run("retract", "V12", "e15", *BECAUSE).status == 0
    assert "born 1970-04-12" in run("show", "V12").out
    assert "`carepath amend` corrects it" in run("retract", "V12", "facts", *BECAUSE).err


def test_a_fact_that_nobody_had_said_is_completed(run: Run, clinic: Path) -> None:
    assert run("amend", "V12", "facts", "pdl1=negative", "brca_status=wild_type", *BECAUSE).status == 0
    (view,) = run("show", "V12", "--json").lines
    assert [(one["field"], one["old"], one["new"]) for one in view["entries"][-2:]] == [
        ("pdl1", None, "negative"),
        ("brca_status", None, "wild_type"),
    ]
    assert "did you mean 'pdl1'" in run("amend", "V12", "facts", "pdl=negative", *BECAUSE).err


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("wrong in the letter on v12", "reference"),
        ("Mrs. MÜLLER called", "name"),
        ("see 12 34-56", "number"),
    ],
)
@pytest.mark.parametrize(
    "command", ["retract V12 e07", "amend V12 e07 date=2025-01-01", "move V12 e07 --to V02"]
)
def test_a_reason_that_names_the_patient_however_written(
    run: Run, clinic: Path, command: str, reason: str, what: str
) -> None:
    assert run("identify", "V12", "--name", "Änne Müller", "--number", "case=123456").status == 0
    ran = run(*command.split(), "--reason", reason)
    assert (ran.status, ran.out) == (2, "")
    assert f"it names a patient ({what}), and stays in the ledger: leave that out" in ran.err


def test_a_reason_with_words_that_are_no_name(run: Run, clinic: Path) -> None:
    run("identify", "V12", "--name", "Änne von Au", "--number", "case=1")
    assert run("retract", "V12", "e07", "--reason", "seen by Dr. von Berg on day 1, V123").status == 0
