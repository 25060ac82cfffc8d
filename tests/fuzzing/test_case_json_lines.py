"""JSON lines under fire: one case a line, spoiled ones among right ones."""

from random import Random

import pytest

from tests.fuzzing.case_files import case_file_door, written
from tests.fuzzing.door import FEW, MANY, Door, fuzz
from tests.fuzzing.texts import as_json


def lines(_: object, chance: Random) -> str:
    cases = [
        written(as_json, chance).decode("utf-8", "surrogateescape") for _ in range(1 + chance.randrange(3))
    ]
    return chance.choice(("\n", "\n", "\r\n", "\n\n", "\r", " ")).join(cases)


plain = case_file_door("case-json-lines", ".jsonl", as_json)
DOOR = Door(
    plain.name,
    lambda chance: lines(None, chance).encode("utf-8", "surrogateescape"),
    plain.enter,
    plain.whole,
)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
