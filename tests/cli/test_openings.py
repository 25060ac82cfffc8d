"""What would open a step: on the page of `why`, as JSON, and in a line of `show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.opening_view import openings
from cli.workplace import workplace
from engine.remedy import Remedy
from engine.unblock import Opening, Unblocking
from interop.openings import brief, what
from store.patient_view import PatientView
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

VIGNETTES = ROOT / "tests" / "vignettes"
DAY = ("--as-of", "2025-01-10")


def page(run: Run, *words: object) -> str:
    """A page without its line breaks."""
    return " ".join(run(*words).out.split())


def view(reference: str) -> PatientView:
    with workplace() as here:
        return here.patient(reference, date(2025, 1, 10))


def printed(found: Unblocking, reference: str, capsys: pytest.CaptureFixture[str]) -> str:
    from cli.console import console

    console().print(openings(found, view(reference)))
    return " ".join(capsys.readouterr().out.split())


def test_why_tells_what_helps_when_and_who_can_provide_it(run: Run, clinic: Path) -> None:
    out = page(run, "why", "V02", "mdt_start", *DAY)
    assert "What would open it Held today, whatever is done, by: Response maintained" in out
    assert "Not before 2025-02-28, with now Counselling that the survival benefit is unknown" in out
    assert "from 2025-02-28 Response assessment that shows a response radiology, treating oncologist" in out
    assert "Or not before 2025-02-28, with" in out
    assert "carepath's own list, not from the sources" in out


def test_show_tells_it_in_a_line(run: Run, clinic: Path) -> None:
    out = page(run, "show", "V02", *DAY)
    board = (
        "Not before 2025-02-28: Response assessment that shows a response (radiology, treating oncologist)"
    )
    assert f"Board on metastasis-directed therapy board_mdt {board}" in out
    assert "(treating clinician); Response assessment" in out
    assert "; and 1 more" in out


def fields(assumed: dict[str, Any]) -> list[str]:
    told = {name: value for name, value in assumed.items() if name != "type"}
    return [
        word
        for name, value in told.items()
        for word in ("--field", f"{name}={';'.join(value) if isinstance(value, list) else value}")
    ]


def test_what_is_told_opens_the_step_once_it_is_recorded(run: Run, clinic: Path) -> None:
    (found,) = run("why", "V02", "mdt_start", *DAY, "--json").lines
    opens = found["opens"]
    assert (opens["held"], opens["by_state"], opens["complete"]) == (
        ["g-response-window", "g-board-mdt"],
        False,
        True,
    )
    first = opens["openings"][0]
    assert (first["from"], first["departs"]) == ("2025-02-28", False)
    for need in first["needs"]:
        assumed = need["assumed"]
        assert run("record", "V02", assumed["type"], "--date", need["from"], *fields(assumed)).status == 0
    (after,) = run("why", "V02", "mdt_start", "--as-of", "2025-02-28", "--json").lines
    assert (after["verdict"], after["opens"]) == ("allowed", None)


def test_a_value_to_find_out(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-data-questions.yaml")
    told = "pleural effusion, in e02 (imaging, 2024-06-10): if none"
    out = page(run, "why", "M242", "mdt_start", *DAY)
    assert f"What would open it Today, with now find out: {told} radiology Or today, with" in out
    assert f"Opens with: {told} (radiology)" in page(run, "show", "M242", *DAY)


def test_a_departure_is_told_as_one(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-hard-guards.yaml")
    out = page(run, "why", "M136", "mdt_start", *DAY)
    assert "No way without a departure from the guideline was found; held by: Excluded features" in out
    assert "Today, with a departure that stays visible:" in out
    told = 'A board that overrules "Excluded features" and gives its reason'
    assert f"now {told} tumour board" in out
    shown = page(run, "show", "M136", *DAY)
    assert f"Opens with: as a departure that stays visible: {told} (tumour board)" in shown


def test_what_nothing_opens(run: Run, clinic: Path) -> None:
    out = page(run, "why", "V29", "mdt_start", "--as-of", "2025-01-23")
    assert "Nothing to find out or do opens it; held by Number of active lesions" in out


def test_a_state_that_allows_the_step_to_nobody(run: Run, database: Path) -> None:
    run("import", VIGNETTES / "main-classification.yaml")
    out = page(run, "why", "M033", "mdt_start", "--as-of", "2024-07-10")
    assert 'In the state "Not oligometastatic under the chosen profile" it is open to nobody' in out


@pytest.mark.parametrize("step", ["board_other", "g-board-mdt", "cns_local"])
def test_nothing_to_open_for_what_nothing_holds_back(run: Run, clinic: Path, step: str) -> None:
    assert "What would open it" not in run("why", "V02", step, *DAY).out


def test_who_has_left_is_offered_no_way(run: Run, clinic: Path) -> None:
    run("record", "V02", "death", "--date", "2025-01-05")
    assert "What would open it" not in run("why", "V02", "mdt_start", *DAY).out


def test_by_itself_and_not_searched_to_the_end(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = Unblocking("mdt_start", (Opening(date(2025, 3, 1), ()),), (), False, False)
    assert brief(later, view("V02")) == "opens by itself on 2025-03-01"
    assert "By itself on 2025-03-01 There may be other ways." in printed(later, "V02", capsys)
    nothing = Unblocking("mdt_start", (), (), False, False)
    assert "Too much is still open for a short list" in printed(nothing, "V02", capsys)
    held = Unblocking("mdt_start", (), (), False, True)
    assert brief(held, view("V02")) == "nothing to find out or do opens it"


def test_an_unknown_list_of_lesions(clinic: Path) -> None:
    entry = view("V02").dossier.entries[0]
    listed = ({"id": "L1", "organ": "bone"},)
    remedy = Remedy("find_out", f"{entry.id}.lesions", "", "radiology", entry, listed)
    assert what(remedy, view("V02")).endswith(": if they are listed and can be treated")
