"""What tests of proposed mappings share: a table looked at, the proposal written, what of it is refused."""

from __future__ import annotations

from pathlib import Path

from interop.mapping_file import BadMapping, read_mapping_text
from interop.suggest.proposal import ProposedTable, propose
from interop.suggest.table_look import look
from interop.suggest.writer import mapping_text


def table(tmp_path: Path, text: str, name: str = "t.csv", encoding: str = "utf-8") -> ProposedTable:
    (tmp_path / name).write_text(text, encoding=encoding)
    [found] = propose(look(tmp_path / name).tables)
    return found


def written(*tables: ProposedTable) -> str:
    return mapping_text("t", tables)


def faults(text: str) -> list[str]:
    try:
        read_mapping_text(text, "m")
    except BadMapping as bad:
        return [f"{one.key}: {one.message}" for one in bad.faults]
    return []
