"""What once broke a law, tried again."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.fuzzing.door import FOUND, Door, broken_law

DOORS: dict[str, Door] = {
    door.name: door
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    if file.stem != "test_found"
    for door in [import_module(f"tests.fuzzing.{file.stem}").DOOR]
}
KEPT = sorted(FOUND.glob("*/*"))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_broke_a_law_keeps_it_now(file: Path) -> None:
    assert broken_law(DOORS[file.parent.name].enter, file.read_bytes()) is None


def test_a_law_that_is_broken_is_told_with_its_place() -> None:
    def endless(_: bytes) -> None:
        raise ZeroDivisionError("patient P1")

    told = broken_law(endless, b"")
    assert told is not None
    assert told.startswith("ZeroDivisionError in test_found.py:")
    assert "P1" not in told


@pytest.mark.skipif(
    sys.platform != "linux", reason="the mark of the most memory can be set back on Linux only"
)
def test_a_large_input_does_not_hide_the_next() -> None:
    def large(_: bytes) -> None:
        bytearray(450_000_000)

    assert [broken_law(large, b"") for _ in range(2)] == ["takes too much memory"] * 2
    assert broken_law(lambda _: None, b"") is None
