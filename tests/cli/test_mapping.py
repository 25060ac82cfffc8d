"""`carepath mapping`: what ships is listed and shown, a mapping of one's own is checked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main
from interop.shipped_mappings import find_mapping, shipped_names

SMALL = """carepath_mapping = 1
name = "small"
[days]
formats = ["DD.MM.YYYY"]
[[table]]
register = true
patient = "Nr"
facts.sex = "Sex"
event = [{type = "follow_up_visit", date = "Day"}]
"""


def test_a_mapping_of_ones_own_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.toml"
    file.write_text(SMALL)
    assert main(["mapping", "check", str(file)]) == 0
    told = capsys.readouterr().out
    assert "no fault. small: written as DD.MM.YYYY." in told
    assert "table: 3 columns read, the patients, 1 fact, follow_up_visit" in told
    assert main(["mapping", "check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"][0]["columns"] == ["Nr", "Sex", "Day"]
    assert main(["mapping", "show", str(file)]) == 0
    assert capsys.readouterr().out == SMALL


def test_faults_are_told_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.toml"
    file.write_text(SMALL.replace("Sex", "Sex\\u0007").replace("facts.sex", "facts.sexy"))
    assert main(["mapping", "check", str(file)]) == 2
    told = capsys.readouterr().err
    assert f"{file}, line 8: table 1, facts, sexy: there is no field" in told
    assert "1 fault" in told
    assert main(["mapping", "check", str(file), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["line"] == 8
    assert main(["mapping", "show", str(file)]) == 2
    assert "there is no field 'sexy'" in capsys.readouterr().err


def test_what_ships_is_listed_and_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "list"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in shipped_names())
    assert main(["mapping", "list", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(shipped_names())
    for name in shipped_names():
        assert find_mapping(name).tables
        assert main(["mapping", "show", name]) == 0
        assert main(["mapping", "show", name, "--json"]) == 0
        assert main(["mapping", "check", name]) == 0


def test_a_name_that_no_mapping_has_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mapping", "show", "tcga"]) == 2
    assert "there is no mapping of this name" in capsys.readouterr().err
