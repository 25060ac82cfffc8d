"""The tables and the mapping that the documentation explains, and commands that answer with JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.cli.mapped.tables import Run

DOCUMENT = Path("docs/mapping.md")


@pytest.fixture
def template(tables_made: str) -> str:
    return tables_made


@pytest.fixture
def clinic(any_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the example of the document, `clinic.toml` beside it, and a database of its own."""
    monkeypatch.setenv("CAREPATH_DATABASE_URL", any_url)
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


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with --json; its status, its lines and its messages."""

    def command(*words: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main([*map(str, words), "--json"])
        told = capsys.readouterr()
        return status, [json.loads(line) for line in told.out.splitlines()], told.err

    return command
