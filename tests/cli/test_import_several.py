"""`carepath import` of several files, and of a folder without a mapping."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.incoming import Incoming, Source, open_source
from tests.cli.conftest import Run
from tests.cli.test_import import SUSPECTED, cases, one


def test_several_files_are_imported_each_by_itself(run: Run, database: Path, tmp_path: Path) -> None:
    good, bad = cases(tmp_path / "a.json", one("K1")), tmp_path / "absent.yaml"
    more = cases(tmp_path / "b.json", one("K2"), one("K3", {**SUSPECTED, "type": "nonsense"}))
    ran = run("import", good, bad, more)
    assert ran.status == 2
    assert [line.partition(":")[0] for line in ran.out.splitlines() if "entr" in line] == [
        "a.json",
        "absent.yaml",
        "b.json",
        "3 files",
    ]
    assert ran.out.splitlines()[-1].startswith("3 files: 2 new patients, 0 with new entries, 0 unchanged, 2")
    assert "absent.yaml: the file cannot be read" in ran.err
    assert [line["patient"] for line in run("list", "--json").lines] == ["K1", "K2"]
    again = run("import", good, good, "--json")
    assert again.status == 0
    assert again.lines[-1]["files"] == 2
    assert (again.lines[-1]["unchanged"], again.lines[0]["file"]) == (2, str(good))


def test_what_several_files_and_a_folder_need(run: Run, database: Path, tmp_path: Path) -> None:
    good = cases(tmp_path / "a.json", one("K1"))
    assert "--mapping reads one file or one folder" in run("import", good, good, "--mapping", "x").err
    assert "--errors goes with one file" in run("import", good, good, "--errors", tmp_path / "e.yaml").err
    ran = run("import", good, tmp_path)
    assert ran.status == 2
    assert f"`carepath import {tmp_path / '*.yaml'}`" in ran.err
    assert f"`carepath import {tmp_path} --mapping NAME|FILE`" in ran.err
    assert run("list", "--json").lines == []


def test_a_break_in_a_later_file_tells_of_the_earlier_ones(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (cases(tmp_path / f"{id}.json", one(id)) for id in ("K1", "K2"))

    def broken(path: Path) -> Source:
        if path == first:
            return open_source(path)
        raise_now = (_interrupted() for _ in range(1))
        return Source(path, raise_now, None)

    monkeypatch.setattr("cli.import_file.open_source", broken)
    ran = run("import", first, second)
    assert ran.status == 130
    assert "of these files at least 1 patient stayed in the database, each whole; import them" in ran.err
    assert "nobody was imported yet, import them again" in run("import", second, second).err


def _interrupted() -> Incoming:
    raise KeyboardInterrupt
