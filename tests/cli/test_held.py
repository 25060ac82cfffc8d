"""`carepath show` says when nothing but an unknown value keeps a patient where he is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.event import Event
from interop.event_words import datum_words
from tests.architecture.repository import ROOT
from tests.cli.conftest import Clock, Run

VIGNETTES = ROOT / "tests" / "vignettes"


def page(run: Run, *words: object) -> str:
    return " ".join(run("show", *words).out.split())


def test_an_unknown_value_that_holds_a_patient_before_therapy(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-data-questions.yaml")
    told = (
        'Held here because: "Start metastasis-directed therapy" cannot be decided (Excluded features). '
        "Unknown: pleural effusion, in e02 (imaging, 2024-06-10) carepath why M242 mdt_start"
    )
    assert told in page(run, "M242", "--as-of", "2025-01-10")
    (shown,) = run("show", "M242", "--as-of", "2025-01-10", "--json").lines
    assert shown["state"] == "board_mdt_review"
    assert shown["held_because"] == [
        {
            "title": "Start metastasis-directed therapy",
            "step": "mdt_start",
            "guards": ["g-excluded-features"],
            "missing": ["e02.findings.pleural_effusion"],
        }
    ]


def test_once_it_is_known_nothing_holds(run: Run, database: Path, clock: Clock) -> None:
    clock.set("2025-01-10")
    run("import", VIGNETTES / "main-data-questions.yaml")
    fields = ("target=e02", "field=findings.pleural_effusion", "old=null", "new=none")
    run("record", "M242", "correction", *[part for word in fields for part in ("--field", word)])
    assert "Held here" not in page(run, "M242", "--as-of", "2025-01-10")


def test_an_unknown_value_that_holds_a_patient_in_a_state(run: Run, database: Path) -> None:
    """Without the correction that came a day later, nobody knows whether the staging was complete."""
    run("import", VIGNETTES / "timed-unknown-values.yaml")
    shown = run("show", "T202", "--json").lines[0]["entries"]
    (correction,) = [row["id"] for row in shown if row["type"] == "correction"]
    words = (f"target={correction}", "reason=not so")
    run("record", "T202", "retraction", *[part for word in words for part in ("--field", word)])
    told = (
        'Held here because: "Biopsy awaited" cannot be decided (Staging is complete). '
        "Unknown: complete, in e02 (imaging, 2024-06-10)"
    )
    assert told in page(run, "T202", "--as-of", "2024-06-12")


def test_who_waits_for_what_is_to_be_done_is_not_held(run: Run, clinic: Path) -> None:
    for patient in ("V12", "V29", "V43"):
        assert "Held here" not in page(run, patient)
        assert run("show", patient, "--json").lines[0]["held_because"] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("e02.findings.ascites", "ascites, in e02 (imaging, 2025-01-20)"),
        ("e02.lesions.L2.local_treatable", "local treatable of lesion L2, in e02 (imaging, 2025-01-20)"),
        ("e02.lesions.L2", "lesion L2, in e02 (imaging, 2025-01-20)"),
        ("e02.lesions", "lesions, in e02 (imaging, 2025-01-20)"),
        ("e02.dynamics.course", "dynamics, course, in e02 (imaging, 2025-01-20)"),
        ("primary.large_wound_closure", "large wound closure of the primary"),
        ("imaging", "imaging"),
    ],
)
def test_a_missing_value_in_plain_words(name: str, words: str) -> None:
    day = date(2025, 1, 20)
    event = Event("e02", "imaging_done", day, day, day, {})
    assert datum_words(name, {"e02": event}) == words
