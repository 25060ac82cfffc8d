"""Whatever stands in a table, a proposal for it is a mapping without a fault."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from interop.located import BrokenFile
from interop.suggest.proposal import propose
from interop.suggest.table_look import look
from interop.suggest.writer import mapping_text
from tests.interop.suggested import faults

heads = st.lists(
    st.sampled_from(
        [
            "Patient",
            "Datum",
            "Was",
            "Organ",
            "Größe",
            "ER",
            "Nachname",
            'a"b',
            "x\\y",
            "Ereignis",
            "OP-Datum",
            "drug_1",
            "drug_2",
            "Herd 1 Organ",
            "Herd 2 Organ",
            "Staging 1 Datum",
            "Staging 2 Datum",
            "]#[",
        ]
    )
    | st.text("abc 1\"'{}\\#=é", min_size=1, max_size=8).map(lambda one: f"h{one}".strip()),
    min_size=1,
    max_size=6,
    unique=True,
)
cells = st.sampled_from(
    [
        "",
        "31.01.2024",
        "01/02/2024",
        "31.01.24",
        "Knochen",
        "positiv",
        "Verdacht",
        "-",
        "k.A.",
        "1,5",
        '"',
        "#",
        "\\",
        "{",
    ]
)


@settings(max_examples=60, deadline=None)
@given(heads, st.data())
def test_whatever_stands_in_a_table_the_proposal_is_toml(columns: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=8))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        quoted = ([f'"{one.replace(chr(34), 2 * chr(34))}"' for one in row] for row in (columns, *rows))
        path.write_text("".join(f"{','.join(row)}\n" for row in quoted), encoding="utf-8")
        try:
            text = mapping_text("t.csv", propose(look(path).tables))
        except BrokenFile:
            return
    assert tomllib.loads(text)["carepath_mapping"] == 1
    assert faults(text) == []
