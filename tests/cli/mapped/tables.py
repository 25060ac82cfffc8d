"""What tests of imports by a mapping share: how a command is run, and figures that add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


def add_up(summary: dict[str, Any]) -> None:
    """Rows and values in are what became of them, by table and in all."""
    for table in [*summary["tables"].values(), summary["total"]]:
        rows, values = table["rows"], table["values"]
        assert rows["in"] == rows["recorded"] + rows["nothing_to_record"] + rows["refused"]
        assert values["in"] == values["recorded"] + values["unknown"] + values["refused"]
        assert values["unknown"] == sum(table["unknown_because"].values())


def change(clinic: Path, name: str, *pairs: tuple[str, str]) -> None:
    """Replace words in one of the files."""
    file = clinic.parent / name if name.endswith(".toml") else clinic / name
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
