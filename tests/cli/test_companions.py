"""Companions in `show` and `why`: which the patient is in, since when, by which entry, and why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_show_names_the_companions_with_the_entry_that_enrolled(run: Run, clinic: Path) -> None:
    shown = run("show", "V23")
    assert (
        " · Bone health: Zoledronate every 12 weeks since 2024-12-10  (2024-09-16, e02 imaging)" in shown.out
    )
    assert "Malignant pleural effusion" not in shown.out


def test_the_same_for_a_program(run: Run, clinic: Path) -> None:
    shown = run("show", "V12", "--json").lines[0]
    assert [one["key"] for one in shown["companions"]] == [
        "primary",
        "surveillance",
        "receptors",
        "symptom_local",
    ]
    assert shown["companions"][2] == {
        "id": "receptors",
        "key": "receptors",
        "title": "Receptor re-testing",
        "state": "concordant",
        "entered_on": "2024-07-15",
        "enrolled_on": "2024-07-15",
        "enrolled_by": "e04",
        "enrolled_because": "A tissue result recorded",
    }
    assert shown["companion_states"]["pleura"] == "none"


def test_before_the_entry_the_patient_is_not_in_it(run: Run, clinic: Path) -> None:
    shown = run("show", "V12", "--as-of", "2024-07-14", "--json").lines[0]
    assert "receptors" not in [one["key"] for one in shown["companions"]]


def test_a_new_entry_enrols(run: Run, clinic: Path) -> None:
    run("record", "V12", "finding_recorded", "--field", "pleural_effusion=malignant")
    asked = run("why", "V12", "pleura", "--json").lines[0]
    assert (asked["enrolled"], asked["enrolled_on"], asked["state"]) == (True, "2025-02-03", "malignant")
    (way, other) = asked["ways_in"]
    assert way == {
        "text": "A pleural effusion, malignant or of unknown cause",
        "open": True,
        "because": [asked["enrolled_by"]],
        "missing": [],
    }
    assert other["open"] is False


def test_why_a_patient_is_not_in_a_companion(run: Run, clinic: Path) -> None:
    asked = run("why", "V12", "bone_health")
    assert "Not enrolled: nothing is due here, and nothing departs from here" in asked.out
    assert "no  A bone lesion on an imaging" in asked.out
    assert run("why", "V12", "bone-health", "--json").lines[0]["enrolled"] is False


def test_what_is_not_known_is_told_with_the_command_that_supplies_it(run: Run, clinic: Path) -> None:
    fields = ("--field", "modality=ct", "--field", "complete=false")
    run("record", "N1", "imaging_done", "--new", *fields)
    asked = run("why", "N1", "bone_health")
    assert "unknown  A bone lesion on an imaging" in asked.out
    assert "carepath record N1 correction --field target=e01 --field field=lesions" in asked.out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("receptors", "Enrolled: 2024-07-15, e04 tissue result"),
        ("primary", "Enrolled: from the beginning\n"),
        ("symptom-local", "Enrolled: from the beginning, as every patient is"),
        ("oligometastatic-breast", "Enrolled: from the beginning, as every patient is"),
        ("symptom_local", "Verdict: allowed"),
    ],
)
def test_why_a_patient_is_in_a_pathway(run: Run, clinic: Path, name: str, told: str) -> None:
    """A step that has the name of a companion is meant before it; the companion has its id too."""
    assert told in run("why", "V12", name, "--as-of", "2025-02-03").out


def test_a_companion_nobody_knows(run: Run, clinic: Path) -> None:
    ran = run("why", "V12", "bone_helth")
    assert ran.status == 2
    assert "no step, guard or companion 'bone_helth'; did you mean 'bone_health'?" in ran.err
