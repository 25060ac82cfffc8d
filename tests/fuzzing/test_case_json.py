"""Case files in JSON under fire."""

import pytest

from tests.fuzzing.case_files import case_file_door
from tests.fuzzing.door import FEW, MANY, fuzz
from tests.fuzzing.texts import as_json

DOOR = case_file_door("case-json", ".json", as_json)


def test_a_few() -> None:
    fuzz(DOOR, FEW)


@pytest.mark.soak
def test_many() -> None:
    fuzz(DOOR, MANY)
