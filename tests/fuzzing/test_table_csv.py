"""Long tables as CSV under fire."""

from random import Random

import pytest

from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.line import imported, placed
from tests.fuzzing.spoiled import noise, recoded, spoiled_bytes
from tests.fuzzing.tables import as_csv, table
from tests.fuzzing.ward import take_in


def make(chance: Random) -> bytes:
    if chance.random() < 0.02:
        return noise(chance)
    data = as_csv(table(chance), chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = spoiled_bytes(data, chance)
    return recoded(data, chance) if chance.random() < 0.02 else data


DOOR = Door(
    "table-csv",
    make,
    lambda data: take_in(placed(data, "table.csv")),
    lambda data: imported(placed(data, "table.csv"), ".csv"),
)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
