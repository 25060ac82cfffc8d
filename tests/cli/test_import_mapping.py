"""`carepath import --mapping`: tables of a site, whole patients, figures that add up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.main import main

DOCUMENT = Path("docs/mapping.md")


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example of the document, `clinic.toml` beside it, and a database of its own."""
    monkeypatch.setenv("CAREPATH_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    monkeypatch.setenv("CAREPATH_RECORDER", "anna")
    folder = tmp_path / "clinic"
    folder.mkdir()
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in ("patients.csv", "course.csv", "clinic.toml"):
        found = re.search(rf"`{re.escape(name)}`\n\n```\w+\n(.*?)```", text, re.S)
        assert found, f"{DOCUMENT} shows {name}"
        place = tmp_path if name.endswith(".toml") else folder
        (place / name).write_text(found[1], encoding="utf-8")
    return folder


Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; its status, its lines and its messages."""

    def command(*words: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main([*map(str, words), "--json"])
        told = capsys.readouterr()
        return status, [json.loads(line) for line in told.out.splitlines()], told.err

    return command


def add_up(summary: dict[str, Any]) -> None:
    """Rows and values in are what became of them, by table and in all."""
    for table in [*summary["tables"].values(), summary["total"]]:
        rows, values = table["rows"], table["values"]
        assert rows["in"] == rows["recorded"] + rows["nothing_to_record"] + rows["refused"]
        assert values["in"] == values["recorded"] + values["unknown"] + values["refused"]
        assert values["unknown"] == sum(table["unknown_because"].values())


def test_the_example_of_the_document_is_imported(clinic: Path, run: Run) -> None:
    status, [summary], _ = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert status == 0
    assert (summary["new"], summary["refused"], summary["entries"]) == (2, 0, 4)
    assert summary["events"] == {"imaging_done": 1, "metastasis_suspected": 2, "response_assessed": 1}
    add_up(summary)
    _, [shown], _ = run("show", "P1")
    imaging = next(entry for entry in shown["entries"] if entry["type"] == "imaging_done")
    assert imaging["lesions"] == [{"id": "L1", "organ": "bone", "diameter_mm": 12.0}]
    assert shown["facts"]["birth_date"] == "1970-04-12"


def test_importing_again_changes_nothing(clinic: Path, run: Run) -> None:
    mapping = clinic.parent / "clinic.toml"
    run("import", clinic, "--mapping", mapping)
    status, [summary], _ = run("import", clinic, "--mapping", mapping)
    assert (status, summary["unchanged"], summary["entries"], summary["known_entries"]) == (0, 2, 0, 4)
