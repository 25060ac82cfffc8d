"""`carepath compare`: definitions side by side, another profile or setting, one patient and everybody."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.errors import UnknownPathway
from store.patient_view import look_up
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run
from tests.server import ONLY_SQLITE

VIGNETTES = ROOT / "tests" / "vignettes"
DAY = ("--as-of", "2025-01-10")
OTHER = ("--set", "definition_profile=nrg-br002", "--set", "response_min_months=6")


def page(run: Run, *words: object) -> str:
    """A page without its line breaks."""
    return " ".join(run("compare", *words).out.split())


def test_each_definition_with_what_is_met_failed_and_unknown(run: Run, clinic: Path) -> None:
    out = page(run, "V12", *DAY)
    assert "Rests on CT, e02 of 2024-07-08 (corrected by e09). Active lesions counted: 1" in out
    assert "met abc7 ABC-7 consensus as quoted by AGO 2024.1D used by the guards met: At most 5" in out
    assert (
        "undetermined nrg-br002 NRG-BR002 inclusion criteria as quoted by AGO 2024.1D not known: "
        "Locoregional disease is controlled (missing: locoregional controlled) C06 met: At most 4 active"
    ) in out
    assert "not met: Lung or liver is involved C03; No other organ is involved C03" in out
    assert "Selection for a treatment not met mdtbc-selection" in out
    assert "With " not in out


def test_the_competing_statements_stand_beside_it(run: Run, clinic: Path) -> None:
    out = page(run, "V12", *DAY)
    assert (
        "Where the sources differ, and the default taken C03 Number of organs No limit: ago-2024-def" in out
    )
    assert "C06 Controlled primary Required: ago-2024-def-nrg-br002" in out
    assert "Default: record, do not require. Why: the only consensus that speaks calls it optional." in out
    assert "C26" not in out


def test_the_liver_has_profiles_of_its_own(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-liver-resection.yaml")
    (first,) = run("list", "--json", "--limit", "1").lines
    out = page(run, first["patient"], "--as-of", "2024-09-01")
    assert "ago-liver-resection-her2pos Liver resection, HER2 positive, AGO 2024.1D" in out
    assert "C26 Liver resection: who" in out


def test_nothing_to_rest_on(run: Run, database: Path) -> None:
    run("record", "N1", "metastasis_suspected", "--new", "--fact", "sex=female", "--date", "2025-01-01")
    out = page(run, "N1", *DAY)
    assert "Rests on no imaging: there is none, or none that is complete" in out
    assert "undetermined esmo" in out


def test_what_another_profile_and_setting_would_change(run: Run, clinic: Path) -> None:
    out = page(run, "V12", *DAY, *OTHER)
    assert "With definition_profile=nrg-br002, response_min_months=6 Classification by nrg-br002" in out
    assert "undetermined, instead of met Due: Six months of response" in out
    assert "opens 2025-04-21, instead of 2025-01-21" in out
    assert "2025-04-21 scheduled, instead of 2025-01-21 open" in out
    assert "C01 Number of lesions" in out
    assert "Setting: response_min_months=3" in out
    assert "Nothing was recorded by this." in out


def test_nothing_would_differ(run: Run, clinic: Path) -> None:
    assert "With definition_profile=abc7 Nothing would differ." in page(
        run, "V12", *DAY, "--set", "definition_profile=abc7"
    )


def test_a_state_and_the_selection_under_another_setting(run: Run, clinic: Path) -> None:
    out = page(run, "V12", "--as-of", "2025-02-03", "--set", "response_min_months=6")
    told = "Oligometastatic breast cancer: Response documented, window still open, instead of Ready for"
    assert f"mdtbc-selection: not met, instead of met {told}" in out
    assert "Not yet: Start metastasis-directed therapy (Response maintained over the minimum span" in out


def test_everything_on_the_page_is_in_the_json(run: Run, clinic: Path) -> None:
    (found,) = run("compare", "V12", *DAY, *OTHER, "--json").lines
    assert found["imaging"] == [
        {"event": "e02", "date": "2024-07-08", "modality": "ct", "corrected_by": ["e09"]}
    ]
    assert (found["lesion_count"], found["state"]) == (1, "response_window")
    by_id = {one["profile"]: one for one in found["profiles"]}
    assert [one for one in by_id if by_id[one]["chosen"]] == ["abc7"]
    controlled = next(c for c in by_id["nrg-br002"]["criteria"] if c["conflict"] == "C06")
    assert (controlled["result"], controlled["missing"]) == ("unknown", ["locoregional_controlled"])
    (primary,) = [one for one in found["conflicts"] if one["conflict"] == "C06"]
    assert "ago-2024-def-nrg-br002" in [s["id"] for p in primary["positions"] for s in p["statements"]]
    assert found["under"]["settings"] == {"definition_profile": "nrg-br002", "response_min_months": 6}
    assert found["under"]["classification"] == {
        "profile": "nrg-br002",
        "before": "met",
        "after": "undetermined",
    }
    assert len(found["under"]["due"]) == 2
    assert run("compare", "V12", *DAY, "--json").lines[0]["under"] is None


def test_who_changes_side_is_listed_by_name_counts_first(run: Run, clinic: Path) -> None:
    summary, *differing = run("compare", *DAY, "--set", "definition_profile=nrg-br002", "--json").lines
    assert (summary["patients"], summary["differing"]) == (8, len(differing))
    assert summary["under"] == {"definition_profile": "nrg-br002"}
    for one in differing:
        (alone,) = run(
            "compare", one["patient"], *DAY, "--set", "definition_profile=nrg-br002", "--json"
        ).lines
        assert {k: v for k, v in one.items() if k != "patient"} == alone["under"]
    names = [one["patient"] for one in differing]
    assert names == sorted(names)
    changed_side = [one for one in differing if one["classification"]]
    told = {kind: number for kind, number in summary["counts"].items() if kind.startswith("classification")}
    assert sum(told.values()) == len(changed_side) > 0


def test_the_page_of_everybody(run: Run, clinic: Path) -> None:
    out = page(run, "--all", *DAY, *OTHER)
    (summary, *_) = run("compare", "--all", *DAY, *OTHER, "--json").lines
    assert 0 < summary["differing"] < 8
    assert f"On 2025-01-10, {summary['differing']} of 8 patients would stand otherwise." in out
    assert "classification from met to undetermined" in out
    assert "V12 Classification by nrg-br002: undetermined, instead of met" in out
    assert "Where the sources differ, and the default taken C01" in out


def test_no_conflict_where_every_criterion_is_met(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-site-lung-histology.yaml")
    assert "Where the sources differ" not in page(run, "M281", *DAY)
    out = page(run, "--as-of", "2024-12-10", "--set", "lead_days=0")
    assert "due items" in out
    assert "Where the sources differ" not in out


def test_a_step_that_may_be_taken_under_one_setting_only(run: Run, clinic: Path) -> None:
    day = ("--as-of", "2025-02-03")
    (first, *_) = run("compare", *day, "--set", "response_min_months=6", "--json").lines
    assert first["counts"]["a step is no longer allowed"] >= 1
    assert first["counts"]["state"] >= 1
    assert first["counts"]["result of a profile"] >= 1


def test_nobody_would_stand_otherwise(run: Run, clinic: Path) -> None:
    out = page(run, *DAY, "--set", "lead_days=14")
    assert "On 2025-01-10, 0 of 8 patients would stand otherwise. Nothing was recorded by this." in out
    assert "Patient" not in out


@ONLY_SQLITE
def test_nothing_is_written(run: Run, clinic: Path) -> None:
    run("list")
    before = kept(clinic)
    run("compare", *DAY, *OTHER)
    run("compare", "V12", *DAY, *OTHER)
    assert kept(clinic) == before


def kept(file: Path) -> list[str]:
    """Everything in the database but who looked at whom."""
    with contextlib.closing(sqlite3.connect(file)) as raw:
        logged = ('INSERT INTO "access"', 'INSERT INTO "carepath"')
        return [line for line in raw.iterdump() if not line.startswith(logged)]


def test_who_was_not_known_then_is_not_counted(run: Run, clinic: Path) -> None:
    (summary,) = run("compare", *DAY, *OTHER, "--known-at", "1990-01-01", "--json").lines
    assert (summary["patients"], summary["differing"]) == (0, 0)


def test_one_that_cannot_be_derived_does_not_stop_the_others(
    run: Run, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(database: Any, reference: str, **named: Any) -> Any:
        if reference == "V12":
            raise UnknownPathway("gone")
        return look_up(database, reference, **named)

    monkeypatch.setattr("cli.compare_all.look_up", broken)
    ran = run("compare", *DAY, *OTHER, "--json")
    assert (ran.lines[0]["patients"], ran.lines[0]["left_out"]) == (7, ["V12"])
    assert "1 could not be derived: V12" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name what to compare with: --set NAME=VALUE"),
        (("V12", "--all"), "name a patient or --all, not both"),
        (("V12", "--set", "definition_profil=esmo"), "did you mean 'definition_profile'?"),
        (("V12", "--set", "definition_profile=none"), "--set: setting 'definition_profile' must be one of"),
    ],
)
def test_what_is_refused(run: Run, clinic: Path, words: tuple[str, ...], told: str) -> None:
    ran = run("compare", *words)
    assert (ran.status, told in ran.err) == (2, True), ran.err
