"""Lines of tables: those that Python would find, without holding the text once more."""

from __future__ import annotations

import io
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from interop.sheets import lines_of, long_layout, table_records


@given(st.text(alphabet="ab\r\n\x0b\x85\u2028"))
def test_lines_end_where_a_table_has_its_ends(text: str) -> None:
    assert list(lines_of(text)) == list(io.StringIO(text, newline=""))


def test_reading_row_by_row_holds_the_text_once() -> None:
    text = "patient,type,note\n" + f"P1,follow_up_visit,{'x' * 20_000}\n" * 200
    tracemalloc.start()
    for _ in table_records(text, long_layout):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(text) / 4
