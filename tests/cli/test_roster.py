"""`carepath identify --from`: a roster of many patients is read in at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

HEAD = "reference,name,birth_date,number.insurance\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "roster.csv"
    file.write_text(HEAD + 'V12,"Müller, Änne",,A 4711\nV02,"Muster, Eva",,A 4711\n', "utf-8")
    return file


def test_tried_then_kept_and_read_again(run: Run, clinic: Path, roster: Path) -> None:
    tried = run("identify", "--from", str(roster), "--dry-run")
    assert (tried.status, tried.err) == (0, "")
    assert "2 patients completed (name of 2, numbers of 2), 0 as known before." in tried.out
    assert "this was a trial" in tried.out
    assert run("find", "muller").status == 1
    ran = run("identify", "--from", str(roster))
    assert "1 number of several patients" in ran.out
    assert [one["patient"] for one in run("find", "muller", "--json").lines] == ["V12"]
    (again,) = run("identify", "--from", str(roster), "--json").lines
    assert again == {"changed": 0, "unchanged": 2, "shared_numbers": 1, "kept": True, "what": {}}
    log = run("access", "--all").out
    assert log.count("changed name, numbers") == 2
    assert "ller" not in log
    assert "4711" not in log


def test_what_does_not_fit_is_told_by_row_and_column(run: Run, clinic: Path, roster: Path) -> None:
    roster.write_text(HEAD + "V02,Muster Eva,1.2.1960,\nV12,Muster Änne,1961-01-01,\nV99,Muster,,\n", "utf-8")
    ran = run("identify", "--from", str(roster))
    assert (ran.status, ran.out) == (2, "")
    rows = [line.strip().partition(":")[0] for line in ran.err.splitlines()[1:]]
    assert rows == ["row 2", "row 3", "row 4"]
    assert "Muster" not in ran.err
    assert run("find", "muster").status == 1
    roster.write_text("name\nEva\n", "utf-8")
    assert "no column 'reference'" in run("identify", "--from", str(roster)).err
    for words in (("V12", "--from", str(roster)), (), ("V12", "--dry-run")):
        assert run("identify", *words).status == 2
