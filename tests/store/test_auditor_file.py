"""The auditors' own program changes nothing, and is not misled by who works with the file meanwhile."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from store import standalone_parts, standalone_verifier
from store.database import open_database
from store.table_base import Base
from tests.keys import KEYS
from tests.store.cast import say, story


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "carepath.db"
    with closing(open_database(f"sqlite:///{made}", KEYS)) as database:
        say(database, story("V01"))
    return made


def test_every_table_is_known_to_it() -> None:
    assert sorted(standalone_parts.TABLES) == sorted(["alembic_version", *Base.metadata.tables])


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    assert standalone_verifier.main([str(file)]) == 0
    assert list(file.parent.iterdir()) == [file]


def test_somebody_begins_to_work_meanwhile(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def begun(*_: object) -> list[str]:
        file.with_name("carepath.db-wal").touch()
        return []

    monkeypatch.setattr(standalone_verifier, "check", begun)
    assert standalone_verifier.main([str(file)]) == 2
    assert "somebody has begun to work with it; check a backup" in capsys.readouterr().err
