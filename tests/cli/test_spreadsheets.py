"""The page on spreadsheets: worked through as a reader would, it gives the answers it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.documents.tutorial import answered
from tests.architecture.repository import ROOT
from tests.cli.conftest import Run

PAGE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")


def test_every_answer_is_as_shown(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m cli.documents` puts the present answers into the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def answer(words: Sequence[str]) -> str:
        ran = run(*words)
        assert ran.status in (0, 2), ran.err
        return ran.out

    assert answered(PAGE, tmp_path, answer) == PAGE


def test_a_row_that_was_imported_is_not_altered(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the page promises: the changed row is refused and told, and a correction puts it right."""
    monkeypatch.chdir(tmp_path)
    table = Path("t.csv")
    table.write_text("patient,id,type,date,cause\nP,e1,death,2025-01-02,\n", encoding="utf-8")
    assert run("import", table).status == 0
    table.write_text("patient,id,type,date,cause\nP,e1,death,2025-01-03,\n", encoding="utf-8")
    ran = run("import", table)
    assert (ran.status, "1 turned away" in ran.out) == (2, True)
    assert "e1" in ran.err
    table.write_text(
        "patient,id,type,date,target,field,old,new\nP,e1,death,2025-01-02,,,,\n"
        "P,c1,correction,2025-01-04,e1,date,2025-01-02,2025-01-03\n",
        encoding="utf-8",
    )
    assert "1 entry recorded, 1 known already" in run("import", table).out
