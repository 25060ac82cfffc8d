"""One cell of a long table: what it means for each kind of field, and that writing undoes reading."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given

from interop.cells import Cell, not_stated, read_cell, write_cell
from pathways.vocabulary import Field, ValueFault, load_vocabulary
from tests.interop.stories import texts

vocabulary = load_vocabulary()
imaging = vocabulary.events["imaging_done"].fields
board = vocabulary.events["board_held"].fields
text = vocabulary.events["metastasis_suspected"].fields["source"]
er = vocabulary.facts["primary.er"]
diameter = vocabulary.lesion["diameter_mm"]
day = vocabulary.common["date"]
anything = vocabulary.events["correction"].fields["new"]


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (text, None, not_stated),
        (text, "", not_stated),
        (text, "  ", not_stated),
        (text, " outside ", "outside"),
        (text, "null", None),
        (text, "unknown", None),
        (text, '"unknown"', "unknown"),
        (text, '""', ""),
        (text, '"a" and "b"', '"a" and "b"'),
        (text, '"a', '"a'),
        (text, "=1+1", "=1+1"),
        (text, "'=1+1", "=1+1"),
        (text, "'tis", "'tis"),
        (text, "''tis", "'tis"),
        (text, 12, "12"),
        (text, 12.0, "12"),
        (text, 12.5, "12.5"),
        (text, datetime.fromisoformat("2024-07-01"), "2024-07-01T00:00:00"),
        (er, "positive", "positive"),
        (er, "unknown", "unknown"),
        (er, "null", None),
        (imaging["complete"], "true", True),
        (imaging["complete"], "FALSE", False),
        (imaging["complete"], "unknown", None),
        (imaging["complete"], True, True),
        (imaging["complete"], "yes", "yes"),
        (imaging["lesion_count_total"], "5", 5),
        (imaging["lesion_count_total"], 5.0, 5),
        (imaging["lesion_count_total"], 5.5, 5.5),
        (diameter, "12.5", 12.5),
        (diameter, "12", 12.0),
        (diameter, 12, 12),
        (diameter, "-3", -3.0),
        (diameter, "'-3", -3.0),
        (day, "2024-07-01", "2024-07-01"),
        (day, datetime.fromisoformat("2024-07-01"), date(2024, 7, 1)),
        (day, datetime.fromisoformat("2024-07-01T09:00"), datetime.fromisoformat("2024-07-01T09:00")),
        (day, date(2024, 7, 1), date(2024, 7, 1)),
        (board["disciplines"], "radiology; pathology;", ["radiology", "pathology"]),
        (board["disciplines"], "radiology", ["radiology"]),
        (board["disciplines"], '["radiology"]', ["radiology"]),
        (board["disciplines"], "[]", []),
        (board["targets"], 7, "7"),
        (board["uncovered_lesions"], '{"L1": "too close"}', {"L1": "too close"}),
        (imaging["lesions"], '[{"id": "L1", "organ": "lung"}]', [{"id": "L1", "organ": "lung"}]),
        (anything, "6", 6),
        (anything, "null", None),
        (anything, "unknown", "unknown"),
        (anything, "ct", "ct"),
        (anything, '"6"', "6"),
        (anything, "2024-07-01", "2024-07-01"),
    ],
)
def test_reading(field: Field, cell: Cell, value: object) -> None:
    assert read_cell(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "words"),
    [
        (diameter, "12,5", "'diameter_mm' must be a number (more than 0), not '12,5'; decimals take a point"),
        (diameter, "=1+1", "must be a number (more than 0), not '=1+1'"),
        (diameter, "12 mm", "not '12 mm'"),
        (diameter, "1e3", "not '1e3'"),
        (imaging["lesion_count_total"], "five", "must be a whole number (at least 0), not 'five'"),
        (imaging["lesion_count_total"], "5.0", "not '5.0'"),
        (imaging["lesion_count_total"], "05", "not '05'"),
        (imaging["lesions"], "L1", "must be a list [...] in JSON"),
        (imaging["lesions"], '[{"id": "L1", "id": "L2"}]', "a key stands twice"),
        (imaging["lesions"], "[" * 100_000, "must be a list [...] in JSON"),
        (imaging["lesions"], "[NaN]", "NaN is no number"),
        (board["targets"], "[L1]", "in JSON"),
        (board["uncovered_lesions"], "L1: close", "must be an object {...} in JSON"),
        (text, "a\x1bb", "U+001B"),
        (text, "a\x9bb", "U+009B"),
        (text, "a\u202eb", "U+202E"),
    ],
)
def test_refusals(field: Field, cell: Cell, words: str) -> None:
    with pytest.raises(ValueFault) as caught:
        read_cell(field, cell)
    assert words in str(caught.value)


@given(texts)
def test_a_text_comes_back_and_is_no_formula(value: str) -> None:
    for field in (text, anything):
        cell = write_cell(field, value)
        assert read_cell(field, cell) == value
        assert cell[0] not in "=+-@\t\r"


@pytest.mark.parametrize("cell", ["31.01.2025", "1/31/2025", 45688, 45688.0, True])
def test_a_cell_that_is_no_day_is_refused_with_the_hint_to_format_it(cell: Cell) -> None:
    with pytest.raises(ValueFault, match=r"a day as YYYY-MM-DD.*format the cell as a date"):
        read_cell(day, cell)


@pytest.mark.parametrize("cell", ["yes", "No", "YES"])
def test_yes_and_no_are_refused_with_what_to_write(cell: str) -> None:
    with pytest.raises(ValueFault, match=r"not '(yes|No|YES)': write true where it is so"):
        imaging["complete"].parse(read_cell(imaging["complete"], cell))
