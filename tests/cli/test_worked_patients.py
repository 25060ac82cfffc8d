"""`carepath pathway test` and `carepath pathway coverage --patients`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.library import all_pathways
from pathways.worked import shipped, worked_files
from tests.cli.conftest import Run

STORY = """
vignettes:
- id: one
  facts: {primary: {surgery_date: '2024-01-31'}}
  checkpoints:
  - as_of: '2024-02-01'
    expected: {companion_states: {surveillance: STATE}, allowed_next: [{step: surveillance_visit}],
      due: [{item: t-surveillance, due: '2024-04-30', status: scheduled}]}
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of worked patients; surveillance has one story of its own."""
    monkeypatch.setattr(worked_files, "__defaults__", (tmp_path,))
    told(tmp_path, STORY.replace("STATE", "phase_1"))
    return tmp_path


def told(library: Path, text: str) -> None:
    folder = library / "surveillance"
    folder.mkdir(exist_ok=True)
    (folder / "visits.yaml").write_text(text, encoding="utf-8")


def test_the_worked_patients_that_ship_are_answered_as_they_expect(run: Run) -> None:
    ran = run("pathway", "test")
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert ran.out.count("as expected") == len(all_pathways())


def test_every_outcome_is_shown_by_a_worked_patient_or_cannot_be(run: Run) -> None:
    ran = run("pathway", "coverage", "--patients", "--unused")
    assert (ran.status, ran.err) == (0, ""), ran.out


def test_one_pathway(run: Run) -> None:
    (row,) = run("pathway", "test", "bone_health", "--json").lines
    assert row["pathway"] == "bone-health"
    assert row["differences"] == []
    assert row["refused"] == 0
    assert 0 < row["patients"] <= row["checkpoints"]
    assert run("pathway", "test", "bone").status == 2


def test_a_difference_is_told_with_its_place(run: Run, library: Path) -> None:
    told(library, STORY.replace("STATE", "phase_2"))
    ran = run("pathway", "test", "surveillance")
    assert ran.status == 1
    assert "1 difference" in ran.out
    assert "visits.yaml: one at 2024-02-01: companion_states.surveillance: expected phase_2" in ran.out


def test_a_case_that_is_refused(run: Run, library: Path) -> None:
    told(library, STORY.replace("2024-01-31", "2024-01-32"))
    ran = run("pathway", "test", "surveillance")
    assert ran.status == 2
    assert "1 refused" in ran.out
    assert "2024-01-32" in ran.err


def test_a_pathway_without_patients_and_a_checkpoint_without_expectations(run: Run, library: Path) -> None:
    told(library, STORY[: STORY.index("    expected")])
    ran = run("pathway", "test")
    assert ran.status == 0
    assert "1 checkpoint without expectations" in ran.out
    assert ran.out.count("no worked patient") == len(all_pathways()) - 1


def test_what_no_patient_shows_is_told(run: Run, library: Path) -> None:
    ran = run("pathway", "coverage", "--patients")
    assert ran.status == 1
    assert "  surveillance: state phase_2\n" in ran.out
    assert "  surveillance: timer t-surveillance: overdue\n" in ran.out
    assert "state phase_1" not in ran.out
    assert "clause g-counselling 2 (For lung or liver" in ran.out
    assert "What cannot be, and why:" in ran.out
    assert ran.out.endswith("outcomes shown by 1 worked patient\n")
    briefly = run("pathway", "coverage", "--patients", "--unused")
    assert "What cannot be" not in briefly.out
    assert ran.out.endswith(briefly.out)


def test_each_outcome_with_who_shows_it(run: Run, library: Path) -> None:
    rows = run("pathway", "coverage", "--patients", "--json").lines
    by_name = {(row["pathway"], row["id"], row["result"]): row for row in rows}
    assert by_name["surveillance", "t-surveillance", "scheduled"]["patients"] == ["one"]
    assert by_name["surveillance", "phase_1", "reached"]["patients"] == ["one"]
    assert by_name["surveillance", "phase_2", "reached"]["patients"] == []
    never = by_name["cns", "t-cns-local", "scheduled"]
    assert never["patients"] == []
    assert never["never"] == "It opens on the day of the finding that starts it."
    missing = run("pathway", "coverage", "--patients", "--unused", "--json").lines
    assert missing == [row for row in rows if not row["patients"] and row["never"] is None]


def test_what_a_checkpoint_does_not_say_does_not_count(run: Run, library: Path) -> None:
    told(library, STORY[: STORY.index("allowed_next")].replace("STATE", "phase_1").rstrip(" ,\n") + "}\n")
    missing = run("pathway", "coverage", "--patients", "--unused").out
    assert "surveillance: timer t-surveillance: scheduled" in missing
    assert "surveillance: step surveillance_visit: allowed" in missing


def test_a_refused_patient_shows_nothing(run: Run, library: Path) -> None:
    told(library, STORY.replace("2024-01-31", "2024-01-32"))
    ran = run("pathway", "coverage", "--patients", "--unused")
    assert "2024-01-32" in ran.err
    assert ran.out.endswith("shown by 0 worked patients\n")


def test_every_folder_belongs_to_a_pathway_and_every_file_is_read() -> None:
    assert {folder.name for folder in shipped.iterdir()} == {pathway.id for pathway in all_pathways()}
    assert {file for p in all_pathways() for file in worked_files(p)} == set(shipped.rglob("*.*"))
