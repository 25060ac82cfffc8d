"""An import that does not come to its end: interrupted, or without room on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from engine.succession import replay_periods
from store.errors import CannotWrite
from store.record import record_many
from tests.cli.conftest import Run
from tests.cli.test_import import SUSPECTED, cases, one


def _suspected(number: int) -> Mapping[str, object]:
    """Each on a day of her own: who has the same story as another is not worked out once more."""
    return one(f"K{number:03}", {**SUSPECTED, "date": str(date(2024, 1, 1) + timedelta(number))})


@pytest.mark.parametrize("dry", [False, True])
def test_an_interrupted_import_says_what_it_kept(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry: bool
) -> None:
    file = cases(tmp_path / "c.json", *map(_suspected, range(150)))
    repair = tmp_path / "r.yaml"
    answered, replay = 0, replay_periods

    def interrupted(*arguments: Any, **named: Any) -> Any:
        nonlocal answered
        answered += 1
        if answered == 120:
            raise KeyboardInterrupt
        return replay(*arguments, **named)

    monkeypatch.setattr("store.library.replay_periods", interrupted)
    ran = run("import", file, "--errors", repair, *(["--dry-run"] if dry else []))
    assert (ran.status, ran.out, ran.err.count("\n"), repair.exists()) == (130, "", 1, False)
    kept = "nothing was kept" if dry else "at least 100 patients stayed in the database, each whole; import"
    assert kept in ran.err
    (summary,) = run("import", "--json", file).lines
    assert (summary["new"], summary["unchanged"]) == ((150, 0) if dry else (50, 100))


def test_an_import_that_finds_no_room_says_what_it_kept(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = cases(tmp_path / "c.json", *[one(f"K{number:03}") for number in range(150)])

    def full(*arguments: Any, **named: Any) -> Any:
        yield from islice(record_many(*arguments, **named), 100)
        raise CannotWrite("the database cannot be used, this was not recorded: database or disk is full")

    with monkeypatch.context() as until:
        until.setattr("cli.import_source.record_many", full)
        ran = run("import", file)
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "disk is full; of this file at least 100 patients stayed in the database" in ran.err
    (summary,) = run("import", "--json", file).lines
    assert (summary["new"], summary["unchanged"]) == (50, 100)
