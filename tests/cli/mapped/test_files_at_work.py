"""Files that somebody writes to, and how many patients are counted while they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.mapped_join import Joined
from interop.mapped_tables import BadTables, open_tables
from interop.mapping_file import read_mapping
from interop.sheets import Layout, Sheet, read_table
from tests.cli.mapped.tables import Run


def test_a_file_that_is_written_to_while_it_is_read_is_refused(
    clinic: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_meanwhile(path: Path, layout: Layout) -> Sheet:
        found = read_table(path, layout)
        if path.name == "course.csv":
            with (clinic / "patients.csv").open("a", encoding="utf-8") as file:
                file.write("P3;;;;\n")
        return found

    monkeypatch.setattr("interop.mapped_tables.read_table", read_meanwhile)
    status, lines, told = run("import", clinic, "--mapping", clinic.parent / "clinic.toml")
    assert (status, lines) == (2, [])
    assert "patients.csv was changed while it was read: import again once nobody writes to it" in told


def test_a_file_that_goes_away_is_told(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = read_mapping(clinic.parent / "clinic.toml")
    monkeypatch.setattr("interop.mapped_tables._file_of", lambda *_: clinic / "gone.csv")
    with pytest.raises(BadTables, match="cannot be read: No such file"):
        open_tables(clinic, mapping)


def test_patients_are_counted_not_rows(clinic: Path, tmp_path: Path) -> None:
    text = (clinic.parent / "clinic.toml").read_text(encoding="utf-8")
    (tmp_path / "long.toml").write_text(
        text.replace("register = true", "register = true\nseveral_rows = true")
    )
    with (clinic / "patients.csv").open("a", encoding="utf-8") as file:
        file.write("P1;;;;\nP1;;;;\n")
    joined = Joined(open_tables(clinic, read_mapping(tmp_path / "long.toml")))
    assert len(joined) == len(list(joined.patients())) == 2
