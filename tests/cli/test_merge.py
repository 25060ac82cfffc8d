"""`carepath merge` and `carepath unmerge`: two records become one, and two again, and both are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Clock, Run

WHY = ("--reason", "registered twice")


@pytest.fixture
def twice(run: Run, clinic: Path) -> None:
    """The patient V12 once more, with one entry."""
    run("record", "N1", "imaging_history_reviewed", "--new", "--date", "2025-01-27")


@pytest.mark.usefixtures("twice")
def test_two_records_become_one_and_two_again(run: Run, clock: Clock) -> None:
    clock.set("2025-02-04")
    ran = run("merge", "V12", "--with", "N1", *WHY)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("N1 is part of V12 now: 13 entries and 1 entry.\n")
    assert "N1" not in run("list", "--limit", "0").out
    for refused in (("show", "N1"), ("record", "N1", "death"), ("move", "V12", "e01", "--to", "N1", *WHY)):
        assert "N1 was merged into V12: look and record there" in run(*refused).err
    clock.set("2025-02-05")
    run("record", "V12", "imaging_history_reviewed", "--date", "2025-02-05")
    run("retract", "V12", "p9-e01", *WHY)
    ran = run("unmerge", "V12", "--reason", "two patients after all")
    assert ran.status == 0
    assert ran.out.startswith("V12 and N1 are two records again.\n")
    assert "Recorded since the merge, stays with V12: e15, e16.\n" in ran.out
    assert "e16: about what the two told together, without effect now; record it where it holds." in ran.out
    assert run("show", "N1").status == 0
    assert "N1" in run("list", "--limit", "0").out


@pytest.mark.usefixtures("twice", "office")
def test_whose_patient_it_is_from_now_on_is_told(run: Run) -> None:
    run("assign", "N1", "--to", "ben")
    told = run("merge", "V12", "--with", "N1", *WHY).out
    before = "(V12 was nobody's, N1 ben's); `carepath assign V12 --to OWNER`"
    assert f"It is ben's patient now {before}.\n" in told
    run("unmerge", "V12", *WHY)
    run("assign", "V12", "--to", "anna")
    assert (
        "It is anna's patient now (V12 was anna's, N1 ben's)" in run("merge", "V12", "--with", "N1", *WHY).out
    )


@pytest.mark.usefixtures("twice")
def test_both_as_json(run: Run, clock: Clock) -> None:
    clock.set("2025-02-04")
    (told,) = run("merge", "V12", "--with", "N1", *WHY, "--json").lines
    assert (told["patient"], told["merged"]) == ("V12", "N1")
    (undone,) = run("unmerge", "V12", *WHY, "--json").lines
    assert (undone["other"]["patient"], undone["stays"], undone["idle"]) == ("N1", [], [])


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "V12", "--with", "V99", *WHY), "no patient 'V99'"),
        (("merge", "V12", "--with", "V12", *WHY), "with itself"),
        (("merge", "V12", "--with", "N1", "--reason", "same as N1"), "it names a patient"),
        (("merge", "N1", "--with", "V12", *WHY), "merge this one into that"),
        (("unmerge", "V12", *WHY), "no other record is merged into this one"),
        (("unmerge", "V12", "--reason", " "), "say why"),
    ],
)
def test_what_cannot_be_merged(run: Run, words: tuple[str, ...], told: str) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.usefixtures("clinic")
def test_facts_that_differ_are_told_with_what_to_do(run: Run) -> None:
    given = {
        "N1": ("birth_date=1970-01-01", "her2_status=negative", "primary.diagnosis_date=2020-01-02"),
        "N2": ("birth_date=1970-01-01", "her2_status=positive", "primary.diagnosis_date=2020-01-05"),
    }
    for name, facts in given.items():
        said = [word for fact in facts for word in ("--fact", fact)]
        assert run("record", name, "imaging_history_reviewed", "--new", *said).status == 0
    ran = run("merge", "N1", "--with", "N2", *WHY)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "carepath: nothing was recorded:",
        "  HER2 status (her2_status): negative in N1, positive in N2",
        "  day of diagnosis of the primary (primary.diagnosis_date): 2020-01-02 in N1, 2020-01-05 in N2",
        "  Correct the record that is wrong: `carepath amend PATIENT facts FACT=VALUE --reason TEXT`.",
        "  What has changed in the meantime is a finding: `carepath record PATIENT finding_recorded`.",
    ]
    assert run("amend", "N2", "facts", *given["N1"][1:], *WHY).status == 0
    run("amend", "N2", "facts", "birth_date=1971-01-01", *WHY)
    assert "may be two patients" in run("merge", "N1", "--with", "N2", *WHY).err
    run("amend", "N2", "facts", "birth_date=1970-01-01", *WHY)
    assert run("merge", "N1", "--with", "N2", *WHY).status == 0


@pytest.mark.usefixtures("twice")
def test_two_who_go_by_different_names(run: Run) -> None:
    run("identify", "V12", "--name", "Anna Maier", "--number", "ward=1")
    run("identify", "N1", "--name", "Berta Huber", "--number", "ward=2")
    ran = run("merge", "V12", "--with", "N1", *WHY)
    assert ran.status == 2
    assert "the names differ; the numbers of ward differ\n" in ran.err
    assert "\n  V12: Anna Maier, born " in ran.err
    assert "\n  N1: Berta Huber, ward 2\n" in ran.err
    looked = run("access", "--all", "--json").lines
    seen = [row["patient"] for row in looked if (row["kind"], row["what"]) == ("view", "merge")]
    assert sorted(seen) == ["N1", "V12"]
    assert run("merge", "V12", "--with", "N1", *WHY, "--same-person").status == 0


SIX = "\n".join(f"      - {{id: M{n}, organ: bone, status: active}}" for n in range(6))
SCANNED = f"""
vignettes:
- id: N1
  title: The same patient in another hospital
  facts: {{birth_date: 1970-04-12}}
  events:
  - id: s1
    date: 2024-12-20
    type: imaging_done
    purpose: staging
    modality: pet_ct
    complete: true
    lesions:
{SIX}
"""


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(("stays", "goes"), [("V01", "N1"), ("N1", "V01")])
def test_the_decisions_of_either_that_rested_on_it(
    run: Run, clock: Clock, tmp_path: Path, stays: str, goes: str
) -> None:
    """What one hospital knew was not known where the treatment was begun, before the two were merged."""
    clock.set("2025-12-01")
    file = tmp_path / "other.yaml"
    file.write_text(SCANNED, encoding="utf-8")
    assert run("import", file).status == 0
    turned = "\n    Number of active lesions: met then, not met now\n"
    merging = run("merge", stays, "--with", goes, *WHY).out
    assert ", start of metastasis-directed therapy (e11)\n" in merging
    assert turned in merging
    told = run(
        "record", stays, "finding_recorded", "--date", "2024-12-21", "--field", "pleural_effusion=none"
    ).out
    assert "Number of active lesions" not in told
    undone = run("unmerge", stays, *WHY).out
    assert turned not in undone
    assert "Number of active lesions: not met then" not in undone


@pytest.mark.usefixtures("clinic")
def test_a_decision_since_the_merge_rested_on_what_both_told(run: Run, clock: Clock, tmp_path: Path) -> None:
    clock.set("2025-11-05")
    file = tmp_path / "other.yaml"
    late = SCANNED.replace("2024-12-20", "2025-10-30")
    file.write_text(late, encoding="utf-8")
    assert run("import", file).status == 0
    run("merge", "V01", "--with", "N1", *WHY)
    clock.set("2025-11-10")
    begun = ("targets=L3", "modality=stereotactic_rt", "intent=ablative_mdt")
    ran = run("record", "V01", "mdt_started", *(word for one in begun for word in ("--field", one)))
    assert ran.status == 0
    undone = run("unmerge", "V01", *WHY).out
    assert "2025-11-10, start of metastasis-directed therapy" in undone
    assert "Number of active lesions: not met then, met now" in undone


@pytest.mark.usefixtures("twice")
def test_when_an_entry_was_recorded_and_since_when_it_is_part_of_the_record(
    run: Run, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2025-02-04", "14:00")
    run("merge", "V12", "--with", "N1", *WHY)
    told = " ".join(run("show", "V12").out.split())
    assert "recorded 2025-02-03 12:00 by " in told
    assert ", command line; part of this record since 2025-02-04 14:00" in told
    lent = run("show", "V12", "--json").lines[0]["entries"][-1]
    assert (lent["first_recorded"], lent["part_of"]) == ("2025-02-03T12:00:00+01:00", 9)
    said = [row for row in run("access", "V12", "--json").lines if row["kind"] == "recorded"]
    assert not any("p9-e01" in row["details"]["entries"] for row in said)
    assert run("export", "V12", "--out", tmp_path / "out").status == 0
    page = (tmp_path / "out" / "record.html").read_text(encoding="utf-8")
    assert "p9-e01, recorded 2025-02-03 12:00 by " in page
    assert "; part of this record since 2025-02-04 14:00" in page


@pytest.mark.usefixtures("twice")
def test_a_record_that_is_part_of_another_is_found_and_shown_as_such(run: Run) -> None:
    run("identify", "V12", "--number", "ward=1")
    run("identify", "N1", "--number", "ward=1")
    run("merge", "V12", "--with", "N1", *WHY)
    assert "N1 (part of V12)" in run("find", "ward 1").out + run("find", "1").out
    assert {row["patient"]: row["part_of"] for row in run("find", "N1", "--json").lines} == {"N1": "V12"}
    ran = run("identify", "V12", "--number", "ward=1")
    assert ran.err == "", "the same number in the same person's records is none of somebody else"
    assert "Part of it:" in ran.out
    (part,) = run("identify", "V12", "--json").lines[0]["parts"]
    assert (part["patient"], part["numbers"]) == ("N1", {"ward": "1"})
    ran = run("identify", "N1", "--number", "ward=1")
    assert ran.err == "", "nor is that of the record it is part of"
    assert ran.out.endswith("It was merged into V12, and is part of that record.\n")
    assert [run("identify", one, "--json").lines[0]["part_of"] for one in ("N1", "V12")] == ["V12", None]
    run("unmerge", "V12", *WHY)
    assert [row["part_of"] for row in run("find", "N1", "--json").lines] == [None]
    assert "merged" not in run("identify", "N1").out
    run("merge", "V12", "--with", "N1", *WHY)
    run("erase", "N1", "--reason", "requested")
    assert "#9 (part of V12) erased" in " ".join(run("find", "#9").out.split())
