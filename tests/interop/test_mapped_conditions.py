"""What a condition of a mapping says of a cell: what is not known is neither a word nor another one."""

from __future__ import annotations

import pytest

from interop.mapped_cells import CellReader
from interop.mapping import Condition, TableMapping
from interop.mapping_file import read_mapping_text
from interop.sheets import Row

TEXT = """carepath_mapping = 1
[days]
formats = ["DD.MM.YYYY"]
[words]
unknown = ["?"]
not_stated = ["-"]
[[table]]
register = true
patient = "Nr"
when = {X = CONDITION}
"""


def condition(written: str) -> tuple[TableMapping, Condition]:
    mapping = read_mapping_text(TEXT.replace("CONDITION", written), "x.toml")
    [found] = mapping.register.when
    return mapping, found


HOLDS = [
    ('"a"', ("A ",), ("b", "", "?", "-")),
    ('["a", ""]', ("a", "", " "), ("b", "?", "-")),
    ('{not = "a"}', ("b",), ("a", "", " ", "?", "-", None)),
    ('{not = ["a", "b"]}', ("c",), ("a", "B", "", "?")),
    ('{not = "a", or_unknown = true}', ("b", "", "?", "-", None), ("a",)),
    ('{not = ["?", "a"]}', ("b",), ("?", "a", "")),
    ("{filled = true}", ("a",), ("", "?", "-")),
    ("{filled = false}", ("", "?", "-"), ("a",)),
]


@pytest.mark.parametrize(("written", "right", "wrong"), HOLDS)
def test_a_condition_holds_for_what_is_stated(
    written: str, right: tuple[str | None, ...], wrong: tuple[str | None, ...]
) -> None:
    mapping, found = condition(written)
    reader = CellReader(mapping, mapping.register.name)
    for cells, expected in ((right, True), (wrong, False)):
        for cell in cells:
            assert reader.holds([found], Row(None, 2, {"X": cell})) is expected, (written, cell)
