"""`carepath template`: a workbook that is filled in and imported as it is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from interop.workbook.examples import EXAMPLES
from tests.architecture.repository import ROOT
from tests.cli.conftest import Clock, Run

PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\$ carepath (template.*)$", PAGE, re.MULTILINE)


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("words", SHOWN)
def test_the_examples_of_the_page_run(run: Run, words: str) -> None:
    ran = run(*shlex.split(words))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1].startswith("Then: carepath import --dry-run ")


def test_a_workbook_is_written_once(run: Run) -> None:
    assert run("template").out.splitlines()[0] == "carepath-patients.xlsx: 14 sheets to be filled in."
    before = Path("carepath-patients.xlsx").read_bytes()
    ran = run("template")
    assert (ran.status, ran.out) == (2, "")
    assert "is there already, and is not overwritten" in ran.err
    assert Path("carepath-patients.xlsx").read_bytes() == before


def test_what_is_refused(run: Run) -> None:
    assert "did you mean 'board_held'?" in run("template", "--events", "bord_held").err
    ran = run("template", "--out", "mine.xls")
    assert (ran.status, "name it mine.xlsx" in ran.err) == (2, True)
    ran = run("template", "--out", "nowhere/mine.xlsx")
    assert (ran.status, "cannot be written" in ran.err) == (3, True)
    assert list(Path().glob("*.xls*")) == []


def test_the_sheets_for_a_program(run: Run) -> None:
    (told,) = run("template", "--json", "--events", "follow_up_visit", "--events", "death").lines
    assert told["file"] == "carepath-patients.xlsx"
    assert list(told["sheets"]) == ["patients", "response and visits", "pauses and endings", "corrections"]
    assert told["sheets"]["response and visits"] == ["patient", "id", "type", "date", "documented", "note"]


def test_the_examples_come_out_as_they_should(run: Run, database: Path, clock: Clock) -> None:
    """Imported and shown, the filled workbook gives the answers of its case file."""
    told = run("template", "--examples", "--out", "tried.xlsx").out
    assert "It holds made-up patients" in told
    clock.set("2026-02-02")
    assert (
        "3 new patients, 0 with new entries, 0 unchanged, 0 turned away; 30"
        in run("import", "--dry-run", "tried.xlsx").out
    )
    assert run("import", "tried.xlsx").status == 0
    assert "0 new patients, 0 with new entries, 3 unchanged" in run("import", "tried.xlsx").out
    for case in yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))["vignettes"]:
        (point,) = case["checkpoints"]
        (shown,) = run("show", case["id"], "--as-of", point["as_of"], "--json").lines
        wanted = point["expected"]
        assert shown["state"] == wanted["state"]
        raised = {(one["code"], one["severity"], one["status"]) for one in shown["deviations"]}
        assert raised == {(one["code"], one["severity"], one["status"]) for one in wanted["deviations"]}
        for key, state in wanted.get("companion_states", {}).items():
            assert shown["companion_states"][key] == state


def test_the_examples_are_answered_as_they_expect(run: Run) -> None:
    ran = run("replay", "--check", EXAMPLES)
    assert (ran.status, ran.err) == (0, ""), ran.out
