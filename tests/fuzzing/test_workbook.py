"""Workbooks under fire: cells, rows, parts, archive and bytes."""

import pytest

from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.line import imported, placed
from tests.fuzzing.ward import take_in
from tests.fuzzing.workbooks import workbook

DOOR = Door(
    "workbook",
    workbook,
    lambda data: take_in(placed(data, "table.xlsx")),
    lambda data: imported(placed(data, "table.xlsx"), ".csv"),
)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
